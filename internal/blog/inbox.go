package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Record is what somebody, or everybody of a server, did here so far.
type Record struct {
	First     time.Time     // when the first comment came; zero = none did
	States    map[State]int // comments by their state
	People    int           // who wrote them
	Followers int           // of our actors
	Reports   int           // about them, sent by others and by us
}

// PreviewReply makes an answer as Reply would write it, and keeps nothing of
// it. An answer to what waits is made as if that were shown. Errors: those of
// Reply.
func (s *Service) PreviewReply(ctx context.Context, r Reply) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, fmt.Errorf("preview reply: %w", err)
	}
	parent, err := s.Comment(ctx, r.Comment)
	if err != nil {
		return Comment{}, fmt.Errorf("preview reply: %w", err)
	}
	c, err := placeBelow(parent, true)
	if err != nil {
		return Comment{}, fmt.Errorf("preview reply: %w", err)
	}
	if c.Language == "" {
		c.Language = site.Language
	}
	return c, s.writeReply(ctx, site, &c, r)
}

// PreviewEdit makes what EditReply would make of an answer of ours.
func (s *Service) PreviewEdit(ctx context.Context, id uuid.UUID, r Reply) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, fmt.Errorf("preview reply: %w", err)
	}
	c, err := s.ownReply(ctx, id)
	if err != nil {
		return Comment{}, fmt.Errorf("preview reply: %w", err)
	}
	return c, s.writeReply(ctx, site, &c, r)
}

// ReplyPlace is where and to whom an answer to a comment would go, if it is
// shown first; of interest is its Visibility. Errors: *Invalid, ErrGone.
func ReplyPlace(parent Comment) (Comment, error) { return placeBelow(parent, true) }

// RulesAbout finds among blocks those about a person and about the server that
// their id is on; nil for none.
func RulesAbout(blocks []Block, a Actor) (person, server *Block) {
	host := hostOf(a.URI)
	for i, b := range blocks {
		switch {
		case b.Value == Everybody || !b.covers(a.URI, host):
		case b.Kind == BlockActor && person == nil:
			person = &blocks[i]
		case b.Kind == BlockDomain && (server == nil || len(b.Value) > len(server.Value)):
			server = &blocks[i]
		}
	}
	return person, server
}
