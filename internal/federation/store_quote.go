package federation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// QuoteStore keeps who may quote what of ours (FEP-044f).
type QuoteStore interface {
	// AddQuote returns the quote as it stands: one that is there keeps its
	// state. blog.ErrNotFound when somebody else claims to have written the post.
	AddQuote(ctx context.Context, q NewQuote) (blog.Quote, error)
	// AnswerQuote plans the answer (nil = none yet) and ends the request.
	AnswerQuote(ctx context.Context, answer *Outgoing, done Done) error
	Quote(ctx context.Context, id uuid.UUID) (blog.Quote, error)
	// Follows reports whether an actor follows one of ours.
	Follows(ctx context.Context, actor uuid.UUID) (bool, error)
}

// NewQuote is a post that quotes something of ours.
type NewQuote struct {
	ID         uuid.UUID
	ObjectURI  string
	Actor      uuid.UUID
	TargetURI  string
	Owner      uuid.UUID       // who of ours wrote that
	State      blog.QuoteState // by the policy
	RequestURI string          // "" = nobody asked
	Created    time.Time
}
