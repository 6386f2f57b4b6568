package federation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// OutgoingStore keeps what we send and serve.
type OutgoingStore interface {
	// Plan writes an activity and its ledger rows in one transaction. A second
	// Plan with the same activity id changes nothing. A Create or Update of what
	// was edited or deleted since it was read, and a Like or Announce that was
	// taken back, is blog.ErrConflict.
	Plan(ctx context.Context, o Outgoing) error
	// SetArticleMentions stores who was meant by the handles in an article,
	// and its HTML with their links, unless a later revision is there.
	SetArticleMentions(ctx context.Context, article uuid.UUID, revision int, mentions []blog.Mention, html markup.Safe) error
	// SetCommentMentions does the same for an answer of ours, unless it was
	// edited since.
	SetCommentMentions(ctx context.Context, c blog.Comment) error

	// Activity returns an activity of ours as it was sent; ErrGone when its
	// object was deleted and it is not the Delete itself.
	Activity(ctx context.Context, id uuid.UUID) (Activity, error)
	// Outbox returns listed activities, newest first, before the given id.
	Outbox(ctx context.Context, actor, before uuid.UUID, limit int) ([]Activity, error)
	OutboxCount(ctx context.Context, actor uuid.UUID) (int, error)
	// FollowerURIs returns ids of followers, newest first.
	FollowerURIs(ctx context.Context, actor uuid.UUID, before blog.Cursor, limit int) ([]blog.Follower, error)
	FollowersOf(ctx context.Context, actor uuid.UUID) (int, error)
	// DeletedObject says when an object of ours was deleted and what it was;
	// blog.ErrNotFound when it never was.
	DeletedObject(ctx context.Context, uri string) (Deleted, error)
	// ThreadURIs returns ids of the visible comments of an article, oldest
	// first, after the cursor: those that answer parent, or all for Everything.
	ThreadURIs(ctx context.Context, article uuid.UUID, parent ThreadPart, after blog.Cursor, limit int) ([]ThreadURI, error)
	ThreadCount(ctx context.Context, article uuid.UUID, parent ThreadPart) (int, error)
	// Ancestors returns the actors of the visible comments above a comment of
	// ours, nearest first, at most limit, without our own.
	Ancestors(ctx context.Context, comment uuid.UUID, limit int) ([]RemoteActor, error)
}

// Deleted is an object of ours that is no more.
type Deleted struct {
	URI       string
	Type      string // what it was: Article or Note; "" if nobody was ever told
	Published time.Time
	At        time.Time
	To, CC    []string // everybody who was ever addressed, Public too
}

// ThreadPart says which comments of an article are meant.
type ThreadPart struct {
	Everything bool
	Parent     uuid.UUID // the comment answered; uuid.Nil = the article itself
}

// ThreadURI is the id of a comment with its place in the list.
type ThreadURI struct {
	URI   string
	Place blog.Cursor
}
