package templates

import (
	"html/template"
	"time"

	"kabar/internal/i18n"
)

// A Page is the data of one page: a pointer to one of the structs of this
// package that embed Frame.
type Page interface {
	// file names the template below this directory, without ".html".
	file() string
	// UILang is the language of its texts, one of i18n.Languages.
	UILang() string
}

// Frame is what every page carries: its language, its clock, the site around
// it and what stands in its head element. Embed it by value.
type Frame struct {
	Lang  string    // language of the interface: "id" or "en"; empty means "id"
	Now   time.Time // what "yesterday" counts from; its location is the site's time zone
	Site  Site
	Head  Head
	Flash *Notice // one message above the content, e.g. after a form was saved
}

// Site is the blog as every page shows it.
type Site struct {
	Title       string
	Description string // plain text
	Handle      string // full, "@blog@example.social"
	URL         string // origin without a slash at its end
	ActorURL    string // id of the blog's actor
	Language    string // of the description and of most articles
	Icon        string // address of the actor's picture on this site, or empty
	Followers   int
	Servers     int    // distinct hosts of the followers
	Nav         []Link // after articles, topics and authors: pages, archive, search
	Footer      string // one plain line, e.g. the licence; may be empty
	Look        Look   // what its owner chose
	Newsletter  bool   // articles may be had by mail
	SignedIn    bool   // a Studio session exists: show the way back to the Studio
}

// Head is the head element beyond what Site gives.
type Head struct {
	Title        string   // without the site's name; empty on the front page
	Description  string   // plain text: summary or excerpt
	Canonical    string   // absolute address
	ObjectURL    string   // alternate application/activity+json
	FeedURL      string   // address of the page's own feed as Atom; empty means the site's alone
	FeedTitle    string   // title of FeedURL; empty means the site's
	Type         string   // og:type: "website" (default), "article" or "profile"
	Image        *Image   // og:image; URL may be relative to the origin
	Creators     []string // full handles, fediverse:creator
	Published    time.Time
	Modified     time.Time
	Tags         []string // article:tag
	Prev, Next   string   // rel="prev" and rel="next" of paged lists
	NoIndex      bool
	OneLanguage  bool              // the text is the same in each language of the interface
	LanguageURLs map[string]string // the same page in the other interface languages, by language
	Translations []Language        // of an article; its own language first
	Me           []string          // addresses of the same person elsewhere, rel="me"

	// Of an article.
	Language string
	Authors  []Person
	Words    int
	Comments int
}

// Notice is one message to the person in front of the page.
type Notice struct {
	Kind NoticeKind
	Text i18n.Message
	Undo *Undo // nil when there is nothing to take back
}

// Undo takes a decision of a moderator back: POST to StudioUndoPath.
type Undo struct{ Batch, Back string }

// NoticeKind says how a Notice looks; its icon and words say it as well.
type NoticeKind string

// The kinds of notices.
const (
	NoticeGood NoticeKind = "good"
	NoticeWarn NoticeKind = "warn"
	NoticeBad  NoticeKind = "bad"
)

// Problems are what is wrong with a submitted form, by the field's name; the
// name "" stands for the form as a whole. The texts of blog.Invalid are the
// keys "problem." + Problem, with Detail as their argument.
type Problems map[string]i18n.Message

// Person is somebody who is shown by name: an author, a replier, a follower.
type Person struct {
	Name     string        // plain text; empty falls back to Handle
	NameHTML template.HTML // the name with custom emoji, sanitised; empty means Name
	Handle   string        // full, with "@" in front
	URL      string        // profile page for people
	Avatar   string        // address on this site; empty means the drawn stand-in
	Bio      string        // plain text, for author boxes; may be empty
	Articles int           // published articles, for author lists
}

// Image is a picture on this site with its description.
type Image struct {
	URL           string
	Alt           string // description; empty only for decoration
	Caption       string // plain text below it; may be empty
	Type          string // media type; empty when not known
	Forms         []PictureForm
	Fallback      string // address of a JPEG; may be empty
	Tiny          string // address of what stands there until it is loaded; may be empty
	Focus         string // part that stays when it is cropped, of FocusOf
	Width, Height int    // pixels; 0 when not known
}

// Tag is a topic.
type Tag struct {
	Name     string // as written, without "#"
	URL      string // page of the tag
	Articles int    // 0 hides the number
}

// Link is a link with a text of ours or of an author.
type Link struct {
	Text, URL string
	Current   bool   // this is the page or view the reader is on
	Lang      string // of the text; "" = that of the interface
}

// Paging is where the neighbours of a page of a list are; empty ones are not
// there. Newer and Older are addresses.
type Paging struct {
	Page, Pages  int // 0 hides the numbers, as for keyset paging
	Newer, Older string
}
