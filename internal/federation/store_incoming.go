package federation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// IncomingStore keeps what comes in. A method that takes a Done is one
// transaction that also ends the activity with that outcome, or with the one
// that says why it had no effect; the lists of them stand at each method.
type IncomingStore interface {
	JudgeStore

	// AddInbound puts an activity on disk; one with the same ActivityURI is
	// there already and stays, except a Follow by somebody who does not follow
	// and the Undo of a follow that is there. blog.ErrForbidden when its actor,
	// its signer or one of domains is blocked.
	AddInbound(ctx context.Context, in Inbound, domains []string) error
	// AddRefused records an activity that was refused, under that outcome.
	AddRefused(ctx context.Context, in Inbound, outcome string) error
	// ClaimInbound takes waiting activities, oldest first. What is neither
	// ended nor postponed before the lease is over is taken again.
	ClaimInbound(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Inbound, error)
	// ReleaseInbound gives back what was claimed and not begun.
	ReleaseInbound(ctx context.Context, now time.Time, ids []int64) error
	FinishInbound(ctx context.Context, done ...Done) error
	PostponeInbound(ctx context.Context, id int64, next time.Time, why string) error

	// KnownActors returns those of the actors that are stored, by id.
	KnownActors(ctx context.Context, uris []string) (map[string]KnownActor, error)
	// Places returns what stands at those of the targets that are ours.
	Places(ctx context.Context, targets []Target) (map[Target]Place, error)

	// AddComments: ignored:known, ignored:deleted, refused:actor-deleted.
	// Comments that waited for one of these are attached with them.
	AddComments(ctx context.Context, comments ...NewComment) error
	// EditComment reports false when there is no such comment and never was.
	// ignored:deleted, ignored:older, refused:not-owner.
	EditComment(ctx context.Context, c NewComment) (found bool, err error)
	// DeleteObject: ignored:unknown, refused:not-owner. An id that is not
	// known is remembered as deleted when Remember is set.
	DeleteObject(ctx context.Context, d Deletion, done Done) error
	// DeleteActor takes an actor with all it left here: ignored:unknown.
	DeleteActor(ctx context.Context, uri string, done Done) error

	// AddReactions: ignored:known, ignored:undone, refused:actor-deleted.
	AddReactions(ctx context.Context, reactions ...NewReaction) error
	// Undo: ignored:unknown. Only what the actor itself did is taken back.
	Undo(ctx context.Context, u Undoing, done Done) error

	// AddFollower writes the follower and plans the Accept.
	// ignored:undone, refused:actor-deleted.
	AddFollower(ctx context.Context, f NewFollower, accept Outgoing, done Done) error
	// EndFollow: ignored:unknown.
	EndFollow(ctx context.Context, target uuid.UUID, actorURI string, done Done) error
	// MoveFollower lets one actor follow in the place of another:
	// ignored:no-follower.
	MoveFollower(ctx context.Context, from, to KnownActor, done Done) error
	AddReport(ctx context.Context, r Report, done Done) error

	// ClaimUnattached takes comments whose parent is to be looked for again.
	ClaimUnattached(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Unattached, error)
	AttachComment(ctx context.Context, id uuid.UUID, place Place) error
	// PostponeParent sets the next look; a zero time is never.
	PostponeParent(ctx context.Context, id uuid.UUID, next time.Time) error
	// DropUnattached removes a comment that turned out to answer nothing of
	// ours, and gives its activity the outcome.
	DropUnattached(ctx context.Context, id uuid.UUID, outcome string) error
	// KeepMention makes of such a comment a post elsewhere that names one of
	// ours (blog.Comment.Mention).
	KeepMention(ctx context.Context, id uuid.UUID, outcome string) error

	// OutdatedComments returns comments of other servers that were made by an
	// older policy of the sanitiser; RemakeComments writes them anew.
	OutdatedComments(ctx context.Context, policy, limit int) ([]Outdated, error)
	RemakeComments(ctx context.Context, comments []blog.Comment) error
}

// Inbound is an activity that came in, as it waits in the queue.
type Inbound struct {
	ID          int64
	ActivityURI string // its id, or sha256: and a hash for one that has none of its own
	Actor       string
	Signer      string // differs from Actor when Forwarded
	Signed      time.Time
	Host        string
	Type        string
	ObjectURI   string
	Forwarded   bool
	Raw         []byte
	ContentType string // as it came; "" = application/activity+json
	Received    time.Time
	Attempts    int // how often it was claimed, this time included
}

// Done is the end of an inbound activity.
type Done struct {
	ID      int64  // of the Inbound; 0 = there is none
	Outcome string // a short word, see process.go
	Detail  string
	At      time.Time
}

// KnownActor is what processing needs of a stored actor.
type KnownActor struct {
	ID        uuid.UUID
	URI       string
	Kind      blog.Kind
	Handle    string
	Inbox     string
	Followers string    // id of its followers collection
	Fetched   time.Time // zero: its handle was never confirmed
	Deleted   bool
}

// Target is an address that may be one of ours. Exactly one field is set.
type Target struct {
	URI     string    // an object id
	Slug    string    // of the page of an article
	Comment uuid.UUID // named by the fragment of a page address
}

// Place is what stands at a Target: an article, or a comment.
type Place struct {
	ObjectURI string
	ArticleID uuid.UUID // uuid.Nil: the comment is not attached itself
	Detached  bool      // it never will be: a Mention, or what of ours answers something that is in no thread
	CommentID uuid.UUID // uuid.Nil: it is the article
	ParentID  uuid.UUID // of the comment
	RootID    uuid.UUID
	Depth     int
	Gone      bool // the article is not public any more
}

// NewComment is a comment as it came in. Its Actor has the ID and URI only;
// Edited is the version that the author gave, zero for none.
type NewComment struct {
	blog.Comment
	RetryAt time.Time // next look for the parent; zero = never
	Forward bool      // the activity is to be passed on if readers see the comment
	Done    Done
}

// Deletion is the end of an object.
type Deletion struct {
	URI      string
	Actor    string // whose word it is; "" = its origin says so itself
	Remember bool
	Forward  bool // the activity is to be passed on if readers saw the comment
}

// NewReaction is a like, a boost or an emoji reaction.
type NewReaction struct {
	ID          uuid.UUID
	Kind        string
	Actor       uuid.UUID
	Place       Place
	ActivityURI string
	Content     string // the emoji, itself or as :shortcode:
	EmojiURL    string // of the picture of a custom emoji
	Done        Done
}

// Undoing names an activity that its actor takes back: by id, and by what it
// was where the Undo tells.
type Undoing struct {
	Actor       string
	ActivityURI string // "" = not told
	Kind        string // like, boost, emoji or follow; "" = not told
	ObjectURI   string // what was liked, boosted or followed
	Content     string // the emoji
	Remember    bool   // an unknown id must not count when it arrives later
}

// NewFollower is an actor that follows one of ours.
type NewFollower struct {
	Target    uuid.UUID
	Actor     uuid.UUID
	FollowURI string
}

// Report is a Flag of another server.
type Report struct {
	ID      uuid.UUID
	Actor   string
	Objects []string
	Content string // plain text
}

// Unattached is a comment that waits for its parent.
type Unattached struct {
	ID        uuid.UUID
	InReplyTo string
	Retries   int  // looks before this one
	Private   bool // readers will never see it
	Names     bool // it names one of our actors
}
