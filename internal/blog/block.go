package blog

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/net/http/httpguts"
)

// The kinds of blocks.
const (
	BlockDomain = "domain" // a server with its subdomains
	BlockActor  = "actor"  // a person, by id
	BlockWord   = "word"   // a whole word or phrase, whatever its case and accents
	BlockRegex  = "regex"  // a regular expression (RE2)
)

// Severity is what a block does.
type Severity string

// The severities.
const (
	// SeverityBlock refuses everything from a server or person; a comment with
	// the word or pattern is hidden.
	SeverityBlock Severity = "block"
	// SeveritySilence takes comments of a server or person and hides them; a
	// comment with the word or pattern waits.
	SeveritySilence Severity = "silence"
	// SeverityAllow trusts a server or person: the defence against spam leaves
	// them alone, and in allow-list mode only allowed servers are taken from. An
	// allowed person is on the list of CommentsApproved.
	SeverityAllow Severity = "allow"
)

// Block is a rule about a server, a person, a word or a pattern.
type Block struct {
	Kind     string
	Value    string // example.org, an actor id, a word or phrase, or a pattern
	Severity Severity
	Reason   string // for ourselves
	Comment  string // public comment of a block list
	Account  uuid.UUID
	Created  time.Time
}

// Everybody is the value of the domain block that stands in Reader.Blocks in
// allow-list mode: it covers every server that no entry allows.
const Everybody = "*"

const (
	maxBlockText = 500 // characters of a reason, a comment, a word or a pattern
	maxPatterns  = 500 // words and patterns in all
)

// BlockReader reads blocks.
type BlockReader interface {
	// Blocks returns what activities are judged by, newest first; in allow-list
	// mode with an entry for Everybody.
	Blocks(ctx context.Context) ([]Block, error)
	// ActorByURI returns an actor by its id.
	ActorByURI(ctx context.Context, uri string) (Actor, error)
	// BlockList returns the blocks as they were made, newest first, and how many
	// there are in all.
	BlockList(ctx context.Context, q BlockQuery) ([]Block, int, error)
	// Affected counts whom a block of these domains would concern.
	Affected(ctx context.Context, domains []string) (map[string]Affected, error)
}

// BlockQuery picks blocks, a page at a time.
type BlockQuery struct {
	Kinds    []string // none = any
	Severity Severity // "" = any
	Search   string   // part of value, reason or comment
	Offset   int
	Limit    int // 0 = all
}

// Affected is whom a block concerns.
type Affected struct {
	Followers int `json:"followers"`
	Comments  int `json:"comments"` // that readers see now
}

// BlockWriter changes blocks.
type BlockWriter interface {
	// AddBlocks writes blocks, the later of two about the same in the place of
	// the earlier. Blocked servers and people lose their follows, and each that
	// followed is told with an activity of its own, whose id newID makes; what
	// waits to be sent to a blocked server is skipped.
	AddBlocks(ctx context.Context, blocks []Block, newID func() uuid.UUID, audit AuditEntry) error
	RemoveBlock(ctx context.Context, kind, value string, audit AuditEntry) error
}

// NewBlock is a block as somebody enters it.
type NewBlock struct {
	Kind     string // "" = domain or actor, as the value looks
	Value    string
	Severity Severity // "" = SeverityBlock
	Reason   string
	Comment  string
	HidePast bool // also hide what they wrote before, to be taken back as one batch
}

// AddBlock makes a rule about a server, a person, a word or a pattern. A rule
// about the same is replaced. Moderated tells of past comments, where they
// were to be hidden. Errors: *Invalid.
func (s *Service) AddBlock(ctx context.Context, by uuid.UUID, in NewBlock) (Block, Moderated, error) {
	b, err := in.Check()
	if err != nil {
		return Block{}, Moderated{}, err
	}
	if err := s.roomForPattern(ctx, b); err != nil {
		return Block{}, Moderated{}, err
	}
	b.Account, b.Created = by, s.Now()
	audit := s.audit(by, "block.add", b.Value)
	audit.Detail = map[string]string{"kind": b.Kind, "severity": string(b.Severity), "reason": b.Reason}
	if err := s.Store.AddBlocks(ctx, []Block{b}, s.NewID, audit); err != nil {
		return Block{}, Moderated{}, fmt.Errorf("block: %w", err)
	}
	if !in.HidePast || b.Severity == SeverityAllow {
		return b, Moderated{}, nil
	}
	past, err := s.hidePast(ctx, by, b)
	return b, past, err
}

// roomForPattern bounds what every comment is compared with.
func (s *Service) roomForPattern(ctx context.Context, b Block) error {
	if b.Kind != BlockWord && b.Kind != BlockRegex {
		return nil
	}
	_, n, err := s.BlockList(ctx, BlockQuery{Kinds: []string{BlockWord, BlockRegex}, Limit: 1})
	if err != nil {
		return fmt.Errorf("block: %w", err)
	}
	if n >= maxPatterns {
		return &Invalid{Field: "value", Problem: "too-many", Detail: fmt.Sprint(maxPatterns)}
	}
	return nil
}

// hidePast hides what a server or person wrote before. Words and patterns
// judge only what comes.
func (s *Service) hidePast(ctx context.Context, by uuid.UUID, b Block) (Moderated, error) {
	var what Selection
	switch b.Kind {
	case BlockDomain:
		what.Domain = b.Value
	case BlockActor:
		a, err := s.ActorByURI(ctx, b.Value)
		if err != nil {
			return Moderated{}, nil // nobody we know wrote anything
		}
		what.Actor = a.ID
	default:
		return Moderated{}, nil
	}
	m := s.moderation(by, what, Hidden, Reason{Rule: RuleModerator}, Reason{Rule: "blocked", Detail: b.Value})
	done, err := s.Store.Moderate(ctx, m, s.moderationAudit(m, "comment.hidden"))
	if err != nil {
		return Moderated{}, fmt.Errorf("hide past comments: %w", err)
	}
	return done, nil
}

// Block refuses everything from a domain (with its subdomains) or an actor id
// from now on, ends their follows, and sends a blocked domain nothing new.
func (s *Service) Block(ctx context.Context, by uuid.UUID, value, reason string) (Block, error) {
	b, _, err := s.AddBlock(ctx, by, NewBlock{Value: value, Reason: reason})
	return b, err
}

// RemoveBlock takes a block back; what was refused meanwhile does not come
// back. Errors: *Invalid, ErrNotFound.
func (s *Service) RemoveBlock(ctx context.Context, by uuid.UUID, kind, value string) error {
	if kind == "" || kind == BlockDomain || kind == BlockActor {
		var err error
		if kind, value, err = blockValue(value); err != nil {
			return err
		}
	}
	audit := s.audit(by, "block.remove", value)
	audit.Detail = map[string]string{"kind": kind}
	if err := s.Store.RemoveBlock(ctx, kind, value, audit); err != nil {
		return fmt.Errorf("unblock: %w", err)
	}
	return nil
}

// Unblock takes the block of a domain or actor id back.
func (s *Service) Unblock(ctx context.Context, by uuid.UUID, value string) error {
	return s.RemoveBlock(ctx, by, "", value)
}

// Check brings a block to its one form. Errors: *Invalid.
func (in NewBlock) Check() (Block, error) {
	b := Block{
		Kind: in.Kind, Value: strings.TrimSpace(in.Value), Severity: in.Severity,
		Reason: strings.TrimSpace(in.Reason), Comment: strings.TrimSpace(in.Comment),
	}
	if b.Severity == "" {
		b.Severity = SeverityBlock
	}
	switch {
	case b.Severity != SeverityBlock && b.Severity != SeveritySilence && b.Severity != SeverityAllow:
		return b, &Invalid{Field: "severity", Problem: "severity", Detail: string(in.Severity)}
	case utf8.RuneCountInString(b.Reason) > maxBlockText:
		return b, &Invalid{Field: "reason", Problem: "too-long", Detail: fmt.Sprint(maxBlockText)}
	case utf8.RuneCountInString(b.Comment) > maxBlockText:
		return b, &Invalid{Field: "comment", Problem: "too-long", Detail: fmt.Sprint(maxBlockText)}
	case unstorable(b.Value + b.Reason + b.Comment):
		return b, &Invalid{Field: "block", Problem: "characters"}
	}
	var err error
	switch b.Kind {
	case "", BlockDomain, BlockActor:
		kind := ""
		if kind, b.Value, err = blockValue(b.Value); err == nil && b.Kind != "" && b.Kind != kind {
			err = &Invalid{Field: "block", Problem: "block", Detail: in.Value}
		}
		b.Kind = kind
	case BlockWord:
		b.Value, err = checkWord(b.Value)
	case BlockRegex:
		err = checkPattern(b.Value)
	default:
		err = &Invalid{Field: "kind", Problem: "block-kind", Detail: in.Kind}
	}
	if err == nil && b.Severity == SeverityAllow && (b.Kind == BlockWord || b.Kind == BlockRegex) {
		err = &Invalid{Field: "severity", Problem: "severity", Detail: string(in.Severity)}
	}
	return b, err
}

// unstorable reports what PostgreSQL does not keep as text.
func unstorable(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }

// blockValue tells a domain from an actor id and brings it to one form.
func blockValue(value string) (kind, normal string, err error) {
	value = strings.TrimSpace(value)
	if strings.Contains(value, "://") {
		u, err := url.Parse(value)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return "", "", &Invalid{Field: "block", Problem: "block", Detail: value}
		}
		if strings.Trim(u.Path, "/") != "" {
			return BlockActor, value, nil
		}
		value = u.Host
	}
	value = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(value, "@"), "."))
	if value == "" || strings.ContainsAny(value, "/@*, \t") {
		return "", "", &Invalid{Field: "block", Problem: "block", Detail: value}
	}
	// Ids name hosts in ASCII.
	if ascii, err := httpguts.PunycodeHostPort(value); err == nil {
		value = ascii
	}
	return BlockDomain, value, nil
}

// Blocked reports whether a list of blocks refuses an actor of a host.
func Blocked(blocks []Block, actorURI, host string) bool {
	return Refusal(blocks, actorURI, host) != ""
}

// Refusal says why a list of blocks refuses an actor of a host: blocked,
// not-allowed for who is not on the list in allow-list mode, or "".
func Refusal(blocks []Block, actorURI, host string) string {
	closed, allowed := false, false
	for _, b := range blocks {
		switch {
		case b.Severity == SeverityAllow:
			allowed = allowed || b.Kind == BlockDomain && b.covers(actorURI, host)
		case b.Severity == SeveritySilence:
		case b.Kind == BlockDomain && b.Value == Everybody:
			closed = true
		case b.covers(actorURI, host):
			return "blocked"
		}
	}
	if closed && !allowed {
		return "not-allowed"
	}
	return ""
}

// covers reports whether the block is about an actor, or the host it is on.
func (b Block) covers(actorURI, host string) bool {
	switch b.Kind {
	case BlockActor:
		return b.Value == actorURI
	case BlockDomain:
		return within(strings.ToLower(host), b.Value)
	}
	return false
}

// within reports whether a host is a domain or below it, whatever its port.
func within(host, domain string) bool {
	name := host
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		name = host[:i]
	}
	if host == domain || name == domain {
		return true
	}
	return len(name) > len(domain) && strings.HasSuffix(name, domain) && name[len(name)-len(domain)-1] == '.'
}
