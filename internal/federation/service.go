package federation

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/client"
	"kabar/internal/blog"
)

// Service holds what both directions need.
type Service struct {
	Store  Store
	Blog   *blog.Service
	Client *client.Client
	Now    func() time.Time
	NewID  func() uuid.UUID // UUIDv7
	Log    *slog.Logger
	// Nudge wakes the delivery loop after something was planned; nil = none.
	Nudge func()
	// NudgeLow does the same after something was planned to be passed on.
	NudgeLow func()
	// Limits bound what others may send; the zero value has none.
	Limits Limits

	bounds   bounds
	slots    slots // of crawls
	instance instanceKey
}

// Store is what federation keeps. Package postgres implements it.
type Store interface {
	OutgoingStore
	IncomingStore
	ActorStore
	CrawlStore
	ForwardStore
	QuoteStore

	Site(ctx context.Context) (blog.Site, error)
	Blocks(ctx context.Context) ([]blog.Block, error)
	Article(ctx context.Context, id uuid.UUID) (blog.Article, error)
	ArticleBySlug(ctx context.Context, slug string) (blog.Article, error)
	ArticleByObject(ctx context.Context, uri string) (blog.Article, error)
	Comment(ctx context.Context, id uuid.UUID) (blog.Comment, error)
	CommentByObject(ctx context.Context, uri string) (blog.Comment, error)
	LocalActor(ctx context.Context, kind blog.Kind, handle string) (blog.Actor, error)
	Actor(ctx context.Context, id uuid.UUID) (blog.Actor, error)
}

// Activity is an activity of ours as stored, sent and served: the JSON is
// made once.
type Activity struct {
	ID        uuid.UUID
	URI       string
	ActorID   uuid.UUID
	Type      string
	ObjectURI string
	JSON      []byte
	Compact   []byte // the form with the object as an id, nil when JSON is small
	Listed    bool   // stands in the outbox
	Created   time.Time
}

// Outgoing is an activity of ours and whom it has to reach. The store writes
// the activity and one ledger row per distinct inbox, in one transaction.
type Outgoing struct {
	Activity    Activity
	Edited      time.Time   // last edit of the object as the activity tells it; zero = none
	Inboxes     []string    // of people who are named or answered; shared ones where known
	FollowersOf []uuid.UUID // actors of ours whose followers get it
	// Again also names every inbox that an earlier activity about the same
	// object was meant for: an Update or Delete must reach them all.
	Again bool
}
