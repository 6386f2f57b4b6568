package blog

import (
	"time"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// Status says how far an article is.
type Status string

// The states of an article.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Deleted   Status = "deleted"
)

// Article is one piece of writing with its present text.
type Article struct {
	ID         uuid.UUID
	ObjectURI  string // id of its ActivityPub object; "" until first published; a new one after a deletion
	Slug       string
	Status     Status
	Title      string // "" makes it a note
	Summary    string // only what the author wrote; plain
	Excerpt    string // made from the text; plain
	Markdown   string
	HTML       markup.Safe
	Text       string
	Words      int
	Language   string   // BCP 47
	Tags       []string // as written, without #, those of the text included
	Files      map[string]string
	Mentions   []Mention
	Headings   []Heading
	Cover      string // media name, "" = none
	CoverAlt   string
	ShareImage string // media name of the picture made for shared links, "" = none yet
	Details
	ActorID   uuid.UUID // who publishes it: the blog's actor, or the author's in team mode
	AccountID uuid.UUID // who wrote it; uuid.Nil = from the command line
	Revision  int
	Created   time.Time
	Changed   time.Time
	Published time.Time // zero until published
	Updated   time.Time // last edit after publication; zero = none
	Deleted   time.Time
	Likes     int
	Boosts    int
	Comments  int
	Quoted    int // how often it was quoted

	// What the author set about the conversation; "" and nil are as the blog
	// has it.
	CommentPolicy CommentPolicy
	CloseDays     *int   // closed to comments so many days after publication; 0 = never
	WebComments   string // on or off
	QuotePolicy   QuotePolicy
}

// Heading is one entry of the table of contents.
type Heading struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Level int    `json:"level"`
}

// Mention is a person named in a text as @user@host.
type Mention struct {
	Handle   string `json:"handle"`              // user@host as written
	ActorURI string `json:"actor_uri,omitempty"` // "" = could not be resolved, stays text
	URL      string `json:"url,omitempty"`       // profile page
}

// Revision is one saved state of an article.
type Revision struct {
	ArticleID uuid.UUID
	Number    int
	Title     string
	Summary   string
	Markdown  string
	HTML      markup.Safe
	Language  string
	Tags      []string
	AccountID uuid.UUID
	Created   time.Time
}

// DraftInput is what an author hands in: from the editor's form, or a file.
type DraftInput struct {
	Title     string
	Summary   string
	Markdown  string
	Language  string // "" = the blog's
	Tags      []string
	Slug      string            // "" = kept at an edit, made from the title otherwise
	Files     map[string]string // path in the Markdown -> media name
	Cover     string            // media name
	CoverAlt  string
	Published time.Time      // zero = now, at publication
	Policy    *ArticlePolicy // nil = as it was
	Details   *Details       // nil = as it was
}

// ArticleQuery picks articles, newest first. What goes by publication is posts
// only, unless Static or All say otherwise; what goes by change is everything.
type ArticleQuery struct {
	Statuses []Status  // none = published
	Tag      string    // "" = any
	Actor    uuid.UUID // uuid.Nil = any
	Account  uuid.UUID // who wrote it; uuid.Nil = anybody
	Author   uuid.UUID // an account in the byline; uuid.Nil = anybody
	Writer   uuid.UUID // who wrote it or stands in the byline; uuid.Nil = anybody
	Series   string    // name; "" = any
	From     time.Time // published then or later; zero = any
	Until    time.Time // published before; zero = any
	Static   bool      // pages that stand by themselves instead of posts
	All      bool      // posts, static pages and translations
	Search   string    // part of title or text; "" = any
	Before   Cursor    // zero = from the newest; with After unset
	After    Cursor    // read towards the newest; the result is still newest first
	Limit    int
}

// Cursor is a place in a list ordered by time and id.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// IsZero reports whether the cursor names no place.
func (c Cursor) IsZero() bool { return c.ID == uuid.Nil }
