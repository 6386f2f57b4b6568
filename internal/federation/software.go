package federation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Server is another server and what it runs.
type Server struct {
	Host     string // host[:port] of the ids of its actors
	Actor    string // id of an actor there
	Software string // as it is shown, may be ""
	Small    bool   // refuses activities of more than 64 KiB
}

const (
	askTime      = 10 * time.Second // for a whole answer
	softwareName = 40               // longest, in characters
)

// spelling is how a name that NodeInfo tells in lower case is written.
var spelling = map[string]string{
	"akkoma": "Akkoma", "bookwyrm": "BookWyrm", "bonfire": "Bonfire", "bridgy-fed": "Bridgy Fed", "calckey": "Calckey",
	"castopod": "Castopod", "catodon": "Catodon", "cherrypick": "CherryPick", "diaspora": "diaspora", "fedify": "Fedify",
	"firefish": "Firefish", "flipboard": "Flipboard", "forgejo": "Forgejo", "foundkey": "FoundKey",
	"friendica": "Friendica", "funkwhale": "Funkwhale", "gancio": "Gancio", "ghost": "Ghost", "gotosocial": "GoToSocial",
	"hackerspub": "Hackers’ Pub", "hometown": "Hometown", "hollo": "Hollo", "hubzilla": "Hubzilla", "iceshrimp": "Iceshrimp",
	"iceshrimp.net": "Iceshrimp.NET", "kabar": "Kabar", "lemmy": "Lemmy", "loops": "Loops", "magnetar": "Magnetar",
	"mastodon": "Mastodon", "mbin": "Mbin", "misskey": "Misskey", "mitra": "Mitra", "mobilizon": "Mobilizon",
	"nodebb": "NodeBB", "owncast": "Owncast", "peertube": "PeerTube", "piefed": "PieFed", "pixelfed": "Pixelfed",
	"pleroma": "Pleroma", "plume": "Plume", "sharkey": "Sharkey", "snac": "snac", "takahe": "Takahē", "threads": "Threads",
	"wafrn": "Wafrn", "wordpress": "WordPress", "writefreely": "WriteFreely",
}

// misskeys are Misskey and what was made from it. Their inboxes refuse more
// than 64 KiB, some without saying so by 413.
var misskeys = []string{
	"misskey", "calckey", "catodon", "cherrypick", "firefish", "foundkey", "iceshrimp", "magnetar", "sharkey",
}

// AskSoftware asks a server by NodeInfo what it runs. A name proves nothing;
// what follows from it here is harmless if it is a lie.
func (s *Service) AskSoftware(ctx context.Context, server Server) (Server, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	doc, err := s.Client.NodeInfo(ctx, server.Actor)
	if err != nil {
		return server, fmt.Errorf("ask for software: %w", err)
	}
	server.Software, server.Small = software(doc.Software.Name)
	return server, nil
}

// software is the name as it is shown, and whether it is of Misskey's family.
func software(told string) (name string, small bool) {
	key := strings.ToLower(strings.TrimSpace(told))
	if name, known := spelling[key]; known {
		return name, slices.Contains(misskeys, key)
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return r
		}
		return -1
	}, told)
	runes := []rune(strings.Join(strings.Fields(name), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), softwareName)])), false
}
