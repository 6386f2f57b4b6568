package blog

import (
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// The jobs that follow a change. The store enqueues them in the change's own
// transaction; package jobs knows who does them.

// ArticleChanged says that an article was published, edited or deleted and
// that other servers have to hear of it.
type ArticleChanged struct {
	Article   uuid.UUID `json:"article"`
	ObjectURI string    `json:"object_uri"` // the object as it was at the change
	Revision  int       `json:"revision"`
	Change    string    `json:"change"` // create, update or delete
	// Activity is the id of the activity to make, so that a repeated job
	// makes no second one.
	Activity uuid.UUID `json:"activity"`
	// Pin is the id of the activity that says that it was pinned or is not any
	// more; uuid.Nil when that did not change.
	Pin uuid.UUID `json:"pin,omitzero"`
}

// Kind names the job.
func (ArticleChanged) Kind() string { return "article_changed" }

// FeedsChanged says that feeds of the blog changed: those of these tags and
// authors, and the blog's own.
type FeedsChanged struct {
	Tags    []string    `json:"tags"` // keys, those that the article had before too
	Authors []uuid.UUID `json:"authors"`
}

// Kind names the job.
func (FeedsChanged) Kind() string { return "feeds_changed" }

// Delay is how long the job waits: who is told of a change asks for the feed at
// once, and every node must have dropped its old one by then.
func (FeedsChanged) Delay() time.Duration { return time.Second }

// CommentChanged says the same of an answer by one of our authors.
type CommentChanged struct {
	Comment  uuid.UUID `json:"comment"`
	Change   string    `json:"change"` // create, update or delete
	Activity uuid.UUID `json:"activity"`
}

// Kind names the job.
func (CommentChanged) Kind() string { return "comment_changed" }

// ActorChanged says that the profile of our actors changed.
type ActorChanged struct {
	Activity uuid.UUID `json:"activity"`
}

// Kind names the job.
func (ActorChanged) Kind() string { return "actor_changed" }

// FollowerRemoved says that a follower was removed by us and has to be told.
type FollowerRemoved struct {
	Target    uuid.UUID `json:"target"`
	ActorURI  string    `json:"actor_uri"`
	Inbox     string    `json:"inbox"`
	FollowURI string    `json:"follow_uri"`
	Activity  uuid.UUID `json:"activity"`
}

// Kind names the job.
func (FollowerRemoved) Kind() string { return "follower_removed" }

// Mail is a letter to be sent by e-mail, complete. Enqueue it in the
// transaction of its cause; package mail makes it (Letter.Mail) and sends it.
type Mail struct {
	ID          uuid.UUID `json:"id"` // of the Message-ID: a letter sent again is the same one
	To          string    `json:"to"` // one bare address
	Subject     string    `json:"subject"`
	Text        string    `json:"text"`
	HTML        string    `json:"html"`
	Language    string    `json:"language"`
	Unsubscribe string    `json:"unsubscribe,omitempty"` // address that takes a POST of RFC 8058; "" = none
	List        string    `json:"list,omitempty"`        // name of the list that it is sent to (RFC 2919); "" = none
	From        string    `json:"from,omitempty"`        // name that it is from; "" = the blog's
	ReplyTo     string    `json:"reply_to,omitempty"`    // one bare address; "" = none
}

// Kind names the job.
func (Mail) Kind() string { return "mail" }

// LogValue tells a log which letter it is, and not what is in it.
func (m Mail) LogValue() slog.Value { return slog.StringValue(m.ID.String()) }
