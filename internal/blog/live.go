package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// LiveReader is what open pages are told from.
type LiveReader interface {
	// ChangedComments names comments of a public article that changed for
	// readers after a time, the earliest first, at most limit: what they never
	// saw is not among them. ErrNotFound for an article that is not public.
	ChangedComments(ctx context.Context, article uuid.UUID, after time.Time, limit int) ([]ChangedComment, error)
	// CommentsByID returns comments in whatever state they are; those that are not
	// there are missing.
	CommentsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Comment, error)
	// LastChange is when comments of an article changed last for readers; zero if
	// they never did.
	LastChange(ctx context.Context, article uuid.UUID) (time.Time, error)
}

// ChangedComment is a comment and when it changed, by the database's clock.
type ChangedComment struct {
	ID uuid.UUID
	At time.Time
}
