package aptest

import (
	"crypto"
	"net/url"
	"strings"
	"sync"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Profile is what people can change about themselves.
type Profile struct {
	Name      string // display name
	Summary   string // HTML
	Icon      string // address of the picture; "" leaves it out
	Suspended bool
}

// account is an actor of a server.
type account struct {
	server *Server
	name   string
	kind   string // the type of the actor
	id     string

	mu          sync.Mutex // over what follows
	key         func() (crypto.Signer, error)
	profile     Profile
	gone        bool
	movedTo     string
	alsoKnownAs []string
	contacts    []string // inboxes ever written to
}

func (s *Server) newAccount(name, kind string) *account {
	a := &account{server: s, name: name, kind: kind, key: sync.OnceValues(s.world.newKey)}
	a.id = s.origin + "/users/" + name
	if kind == "Application" {
		a.id = s.origin + "/actor"
		a.name = strings.TrimPrefix(strings.TrimPrefix(s.origin, "https://"), "http://")
		return a
	}
	a.profile = Profile{
		Name: strings.ToUpper(name[:1]) + name[1:],
		Icon: s.Serve("/avatars/"+name+".png", "image/png", avatar(s.origin+name)),
	}
	return a
}

// account finds an account by its name.
func (s *Server) account(name string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts[name]
}

func (a *account) handle() string {
	u, _ := url.Parse(a.server.origin) // made by listen
	return a.name + "@" + u.Host
}

func (a *account) inbox() string {
	if a == a.server.instance {
		return a.server.origin + "/inbox"
	}
	return a.id + "/inbox"
}

func (a *account) keyID() string {
	if a.server.options.KeyDocument == WholeActor {
		return a.id + "#main-key"
	}
	return a.id + "/main-key"
}

func (a *account) signer() (httpsig.Signer, error) {
	a.mu.Lock()
	key := a.key
	a.mu.Unlock()
	private, err := key()
	return httpsig.Signer{KeyID: a.keyID(), Private: private}, err
}

func (a *account) publicKey() Doc {
	signer, err := a.signer()
	if err != nil {
		panic(err) // no randomness
	}
	text, err := httpsig.MarshalPublicKey(signer.Private.Public())
	if err != nil {
		panic(err) // an RSA key can be written
	}
	return Doc{"id": a.keyID(), "owner": a.id, "publicKeyPem": text}
}

// accountDocument serves actors, their keys and collections.
func (s *Server) accountDocument(path string) (document, bool) {
	a, part := s.instance, ""
	if path != "/actor" && path != "/actor/main-key" {
		name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/users/"), "/")
		if a = s.account(name); a == nil || !strings.HasPrefix(path, "/users/") {
			return document{}, false
		}
		part = rest
	} else if path == "/actor/main-key" {
		part = "main-key"
	}
	a.mu.Lock()
	gone := a.gone
	a.mu.Unlock()
	if gone {
		return document{status: 410, contentType: activitypub.ContentType, body: encode(Doc{"id": a.id, "type": "Tombstone"}), open: true}, true
	}
	o, open := a.part(part)
	if o == nil {
		return document{}, false
	}
	return document{200, activitypub.ContentType, encode(o), open || a == s.instance}, true
}

// part is one document of the account, and whether it can be read unsigned.
func (a *account) part(name string) (o Doc, open bool) {
	switch name {
	case "":
		return a.actor(), false
	case "main-key":
		return a.keyDocument(), true
	case "outbox", "followers", "following":
		return Doc{"@context": activitypub.Namespace, "id": a.id + "/" + name, "type": "OrderedCollection", "totalItems": 0, "orderedItems": []string{}}, false
	}
	return nil, false
}

func (a *account) keyDocument() Doc {
	o := a.publicKey()
	switch a.server.options.KeyDocument {
	case StubActor:
		o = Doc{"id": a.id, "type": a.kind, "preferredUsername": a.name, "publicKey": o}
	case WholeActor:
		return nil
	}
	o["@context"] = []string{activitypub.Namespace, "https://w3id.org/security/v1"}
	return o
}

// actor is the document in Mastodon's shape.
func (a *account) actor() Doc {
	o := Doc{
		"@context": []any{activitypub.Namespace, "https://w3id.org/security/v1"},
		"id":       a.id, "type": a.kind, "preferredUsername": a.name,
		"inbox": a.inbox(), "outbox": a.id + "/outbox",
		"followers": a.id + "/followers", "following": a.id + "/following",
		"url": a.url(), "publicKey": a.publicKey(),
		"manuallyApprovesFollowers": false, "discoverable": true, "indexable": true,
		"published": "2024-01-05T00:00:00Z", "tag": []any{}, "attachment": []any{},
	}
	if shared := a.server.SharedInbox(); shared != "" {
		o["endpoints"] = Doc{"sharedInbox": shared}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	o["name"], o["summary"] = a.profile.Name, a.profile.Summary
	if a.profile.Icon != "" {
		o["icon"] = Doc{"type": "Image", "mediaType": "image/png", "url": a.profile.Icon}
	}
	if a.profile.Suspended {
		o["suspended"] = true
	}
	if a.movedTo != "" {
		o["movedTo"] = a.movedTo
	}
	if len(a.alsoKnownAs) > 0 {
		o["alsoKnownAs"] = append([]string(nil), a.alsoKnownAs...)
	}
	return o
}

func (a *account) url() string {
	if a == a.server.instance {
		return a.server.origin + "/"
	}
	return a.server.origin + "/@" + a.name
}
