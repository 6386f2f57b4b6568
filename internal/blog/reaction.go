package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Reaction is a like, a boost or an emoji reaction; where they are listed, a
// quote too.
type Reaction struct {
	ID      uuid.UUID
	Kind    string // like, boost, emoji or quote
	Actor   Actor
	Content string // the emoji, a character or :shortcode:; "" for the other kinds
	URL     string // of the picture of a custom emoji, at its origin; of a quote: its page
	Created time.Time
}

// Cursor is the place of the reaction in a list.
func (r Reaction) Cursor() Cursor { return Cursor{At: r.Created, ID: r.ID} }

// Response is what people did to one article or comment in one way.
type Response struct {
	Kind    string  // like, boost, emoji or quote
	Content string  // the emoji, a character or :shortcode:; "" for the other kinds
	URL     string  // of the picture of a custom emoji, at its origin
	Count   int     // all who did
	Faces   []Actor // the newest of them, at most as many as were asked for
}

// ReactionReader is what pages read of reactions.
type ReactionReader interface {
	// Responses returns what people did to articles and comments, by their
	// ids, in one round trip: likes, boosts, quotes, then emoji, the most
	// frequent first. faces is how many people come with each, newest first.
	Responses(ctx context.Context, subjects []uuid.UUID, faces int) (map[uuid.UUID][]Response, error)
	// ReactionList returns a part of all who did one thing, newest first.
	ReactionList(ctx context.Context, q ReactionQuery) ([]Reaction, error)
	// OurReactions tells which of like and boost the blog itself gave to
	// comments.
	OurReactions(ctx context.Context, comments []uuid.UUID) (map[uuid.UUID]map[string]bool, error)
}

// ReactionQuery picks reactions to an article or comment, newest first.
type ReactionQuery struct {
	Subject uuid.UUID
	Kind    string // like, boost, emoji or quote
	Content string // the emoji; "" = any
	Before  Cursor
	Limit   int
}
