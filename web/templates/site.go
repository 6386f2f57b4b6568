package templates

import (
	"html/template"
	"time"
)

// Card is an article in a list.
type Card struct {
	ID        string // object id; only for element ids
	URL       string // permalink
	Title     string // empty for a note: the excerpt stands in its place
	Summary   string // the author's summary or an excerpt, plain text
	Language  string // BCP 47; empty means the site's
	Topic     *Tag   // the first tag
	Authors   []Person
	Published time.Time
	Minutes   int // reading time; 0 hides it
	Cover     *Image
	Replies   int
	Boosts    int
	Likes     int
	Featured  bool // pinned: shown large and marked
}

// Warm is a recent reply in the list of live conversations.
type Warm struct {
	Person  Person
	Article string // title
	URL     string // address of the comment on the article's page
}

// HomePage is the front page; Cards[0] of the first page is shown large.
type HomePage struct {
	Frame
	Cards   []Card
	Paging  Paging
	Tags    []Tag
	Authors []Person
	Warm    []Warm
}

// ArticlePage is one titled article with its conversation.
type ArticlePage struct {
	Frame
	Article Article
	Thread  Thread
	Respond Respond
	// Newer and Older are the neighbouring articles.
	Newer, Older *Link
}

// NotePage is one untitled piece with its conversation.
type NotePage ArticlePage

// Article is an article as its own page shows it.
type Article struct {
	Card
	ObjectURL string // ActivityPub id, what other servers look up
	Permalink string // absolute address: copied, and u-url
	BodyHTML  template.HTML
	Contents  []Heading // second-level headings; fewer than 3 show no list
	Tags      []Tag
	Updated   time.Time // zero when never edited after publication
	// HistoryURL is what was changed; empty where that is not for readers.
	HistoryURL string
	Series     *Series // nil for none
	Related    []Line
	// Reactions are what people did to it; ReactionsURL is the page of all.
	Reactions    []Reaction
	ReactionsURL string
	EditURL      string     // editor, for a signed-in author; else empty
	Languages    []Language // in which it can be read; none without translations
}

// Reaction is what people did to an article or a comment in one way.
type Reaction struct {
	Kind   string        // like, boost, quote or emoji
	Name   string        // of the emoji: a character or :shortcode:
	Emoji  template.HTML // its picture or character
	Count  int           // all who did
	People []Person      // at most 12 of them, newest first
}

// Heading is a heading inside an article.
type Heading struct {
	ID, Text string
}

// Thread is the conversation below an article, or one page of it.
type Thread struct {
	Total    int // all public comments of the article
	Servers  int // distinct hosts they came from
	Comments []Comment
	Orders   []Link // the orders to choose from; fewer than 2 show none
	Next     string // address of the next page of comments; empty on the last
	NextSize int    // how many comments are left to show; 0 hides the number
	Prev     string
	In       *Link  // the comment whose answers these are, by its author's name
	Alone    bool   // one comment and what stands around it: no page of the conversation
	Closed   bool   // no more replies are taken
	Live     string // address of the stream of what changes
	Open     string // where new answers to the article belong: end, newest (at the top), or "" = on another page
}

// Comment is one response with the responses to it.
type Comment struct {
	ID           string // our id: the anchor is "c-" + ID
	Author       Person
	ByAuthor     bool   // written by an author of this blog
	FromWeb      bool   // left by a visitor on this site
	Local        bool   // it lives here: ByAuthor or FromWeb
	Permalink    string // its place on this site
	URL          string // address on its own server; for Local the absolute address here
	RespondURL   string // page of the form to answer it; empty when visitors of the web may not
	ReplyURI     string // ActivityPub id, what "reply from your server" looks up
	Software     string // of its server, e.g. "Mastodon"; may be empty
	Language     string
	Published    time.Time
	Edited       time.Time     // zero when never
	Warning      string        // content warning; folds the text
	WarningHTML  template.HTML // the same with custom emoji; empty means Warning
	ContentHTML  template.HTML // sanitised
	Long         bool          // folded until opened
	Quote        bool          // it quotes what it stands below, the absolute address of which is QuoteURL
	QuoteURL     string
	Poll         bool // a poll, which is answered on its own server
	Attachments  []Attachment
	Likes        int
	Boosts       int
	Reactions    []Reaction // what people did to it; ReactionsURL is the page of all
	ReactionsURL string
	AnswersTo    string // name of whom it answers, named below the deepest indented level
	AnswersURL   string // place of what it answers, when that does not stand around it
	State        CommentState
	Reason       string // why it is hidden, plain text; may be empty
	Replies      []Comment
	// More is the address of the replies that this page leaves out, and
	// MoreCount their number. Leave out what lies deeper than about 100:
	// parsers of HTML stop at 512 open elements, and each level takes 3.
	More      string
	MoreCount int
	Apart     bool // More leads to what this page shows in part: it is no next page
}

// CommentState says whether a comment's content may be shown.
type CommentState string

// The states of a comment; the zero value is shown.
const (
	CommentShown   CommentState = ""
	CommentDeleted CommentState = "deleted" // by its author: a placeholder keeps its replies
	CommentHidden  CommentState = "hidden"  // by a moderator
	CommentPrivate CommentState = "private" // by its author, who addressed it to fewer people
)

// Attachment is a media file of a comment.
type Attachment struct {
	Kind        string // "image", "video" or "audio"; "picture", "film", "sound" or "file" is only linked
	URL         string // in our own cache; of what is only linked, at its server
	Placeholder string // tiny picture to show while the image loads; may be empty
	Poster      string // picture of a video before it plays; may be empty
	Description string // alt text; may be empty
	Width       int
	Height      int
	Sensitive   bool // folded until opened
}

// AuthorPage is the page of one author.
type AuthorPage struct {
	Frame
	Author  Person
	BioHTML template.HTML
	Fields  []ProfileField
	Cards   []Card
	Paging  Paging
}

// ProfileField is one row of a profile.
type ProfileField struct {
	Name      string
	ValueHTML template.HTML
	Verified  bool
}

// TagPage lists the articles of a tag.
type TagPage struct {
	Frame
	Tag    Tag
	Cards  []Card
	Paging Paging
}

// FollowPage asks for the reader's own fediverse address, to follow the blog
// or an author, or to open one post (URI not empty) on the reader's server.
type FollowPage struct {
	Frame
	Who      Person   // whom to follow; zero means the blog itself
	URI      string   // object to open; posts to InteractPath
	Do       string   // what is to be done: follow, reply, like or boost
	Title    string   // title of that object; may be empty
	Account  string   // what was typed
	Problems Problems // field "account"
}

// ErrorPage is what a reader gets instead of a page. It explains the status
// and offers a way on: 400, 403, 404, 405, 410, 429, 500, 503; others as 400 or
// 500.
type ErrorPage struct {
	Frame
	Status     int
	RequestID  string        // quoted when asking the owner for help; may be empty
	RetryAfter time.Duration // 429 and 503; 0 hides it
	Recent     []TitleLink   // articles to read instead; may be empty
	Similar    []TitleLink   // articles that may have been meant; may be empty
	Query      string        // words of the address, to be searched for; may be empty
	Deleted    time.Time     // 410: when; zero when not known
}

// TitleLink leads to an article by its title.
type TitleLink struct{ Text, URL, Language string }

// SetupPage makes the owner's account on the first start.
type SetupPage struct {
	Frame
	Form     SetupForm
	Domain   string   // shown after the handle
	Zones    []string // IANA names to choose from
	Problems Problems // by field name
}

// SetupForm is what SetupPage posts to SetupPath. The names of the fields are
// token, name, email, password, title, handle, language, zone.
type SetupForm struct {
	Token    string
	Name     string
	Email    string
	Title    string
	Handle   string // user part only
	Language string
	Zone     string
}

// Language is an article in one language.
type Language struct {
	Tag     string // BCP 47
	Name    string // in itself
	URL     string
	Current bool
}

// StaticPage is a page that stands by itself, such as "about".
type StaticPage struct {
	Frame
	Article Article
}
