package blog

import (
	"time"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// Visibility says to whom a comment was addressed.
type Visibility string

// The audiences of a comment, as the fediverse has them.
const (
	Public    Visibility = "public"
	Unlisted  Visibility = "unlisted"
	Followers Visibility = "followers"
	Direct    Visibility = "direct"
)

// State is the moderators' verdict on a comment.
type State string

// The states of a comment.
const (
	Visible        State = "visible"
	Waiting        State = "waiting"
	Hidden         State = "hidden"
	Spam           State = "spam"
	CommentDeleted State = "deleted"
)

// Comment is one contribution to the conversation under an article.
type Comment struct {
	ID          uuid.UUID
	ObjectURI   string
	ArticleID   uuid.UUID // uuid.Nil = not attached
	ParentID    uuid.UUID // uuid.Nil = answers the article itself
	RootID      uuid.UUID
	Depth       int // 0 = answers the article
	InReplyTo   string
	Quotes      string // id of what it quotes, if that is ours: it then stands below that as a quote
	Type        string // of its object: Article, Page or Question; "" = Note
	Mention     bool   // a public post elsewhere that names one of ours, or our answer to one; it is in no thread
	Actor       Actor
	AccountID   uuid.UUID
	Local       bool   // it lives here: an answer by one of our authors, or a web visitor's (FromWeb)
	Markdown    string // ours only
	HTML        markup.Safe
	Text        string
	Policy      int // version of the sanitiser's policy that made HTML
	Warning     string
	Sensitive   bool
	Language    string
	URL         string // its page on its own server
	Attachments []Attachment
	Mentions    []Mention
	Emojis      []Emoji // custom ones in text and warning
	Visibility  Visibility
	State       State
	Reasons     []Reason // why it has that state; none for one that nothing spoke against
	Published   time.Time
	Edited      time.Time // zero = never
	Created     time.Time // when it reached us
	Deleted     time.Time
	InboundID   int64
	Likes       int
	Boosts      int
	Quoted      int    // how often it was quoted
	Context     string // id of its conversation, as its server told it
	Replies     string // id of its collection of replies, as its server told it
}

// Shown reports whether readers may see the comment. This is the one place
// that decides it for comments in memory; postgres has the same rule in SQL.
func (c Comment) Shown() bool {
	return c.State == Visible && (c.Visibility == Public || c.Visibility == Unlisted)
}

// Private reports whether it was addressed to some people only.
func (c Comment) Private() bool { return c.Visibility == Followers || c.Visibility == Direct }

// FromWeb reports whether a visitor left it on our own page.
func (c Comment) FromWeb() bool { return c.Actor.Kind == VisitorActor }

// ByAuthor reports whether one of our authors wrote it.
func (c Comment) ByAuthor() bool { return c.Local && !c.FromWeb() }

// Emoji is a custom emoji: a picture that stands for :shortcode:.
type Emoji struct {
	Shortcode string `json:"shortcode"` // without colons
	URL       string `json:"url"`       // at its origin
}

// Reason is one ground of a verdict on a comment.
type Reason struct {
	Rule   string `json:"rule"`             // names the rule; its text is "reason." + Rule
	Detail string `json:"detail,omitempty"` // what it was measured at, for the text
}

// Attachment is a picture or file of a comment, at its origin.
type Attachment struct {
	URL         string `json:"url"`
	Type        string `json:"type"` // media type, may be ""
	Description string `json:"description,omitempty"`
	Blurhash    string `json:"blurhash,omitempty"`
	Preview     string `json:"preview,omitempty"` // picture of a film or sound, at its origin
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
}

// CommentQuery picks comments for the Studio, newest first.
type CommentQuery struct {
	States     []State // none = all but deleted
	Search     string  // part of text, name or handle; "" = any
	Private    bool    // only those readers never see, for their audience
	Public     bool    // only those that are meant for readers
	Unattached bool    // only those whose place is not known
	Mentions   bool    // only those elsewhere that name one of ours, and the answers to them
	Quotes     bool    // only those that quote something of ours
	Web        bool    // only those of visitors of our own pages
	Removed    bool    // only those that a moderator deleted, while that can be taken back
	Article    uuid.UUID
	Actor      uuid.UUID // who wrote it
	Server     string    // host it is from, or below which
	Before     Cursor
	Last       Cursor // none that came before this one
	Limit      int
}
