package feed

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"kabar/internal/blog"
	"kabar/web/page"
)

// document is a feed before it is written in one of the formats.
type document struct {
	ID, Self, Home string // addresses: of the feed for ever, of this page of it, of the page that it is of
	Next           string // the page with older entries; "" = none
	Title          string
	Subtitle       string
	Language       string // BCP 47
	Icon           string
	Hub            string
	Owner          person
	Updated        time.Time
	Entries        []entry
}

// entry is an article, or a comment.
type entry struct {
	ID, URL, Object    string // id and object are the ActivityPub object; Object "" = there is none to show
	Title              string
	Language           string
	Summary            string // plain
	HTML               string // "" where the feed holds summaries
	Published, Updated time.Time
	Authors            []person
	Tags               []string
	Cover              *file
	Comments           string // address of the comments; "" = none
	CommentsFeed       string // without its ending
	CommentCount       int
}

type person struct{ Name, URL string }

// file is a picture that belongs to an entry.
type file struct {
	URL, Type     string
	Bytes         int64
	Width, Height int
	Alt           string
}

// format is a way to write a document.
type format struct {
	ending, kind string
	write        func(document) ([]byte, error)
}

var formats = []format{
	{"atom", "application/atom+xml; charset=utf-8", document.atom},
	{"rss", "application/rss+xml; charset=utf-8", document.rss},
	{"json", "application/feed+json; charset=utf-8", document.json},
}

// in is the address of the same feed in another ending.
func in(address, ending string) string {
	at, query, found := strings.Cut(address, "?")
	at = at[:strings.LastIndexByte(at, '.')+1] + ending
	if found {
		at += "?" + query
	}
	return at
}

// title is what an entry is called: each format wants one.
func (e entry) title() string {
	return cmp.Or(e.Title, blog.Clip(e.Summary, 80))
}

// turn sets the addresses of the page that begins behind a cursor and of the
// one with older entries; the zero cursors are the first page, and none.
func (d *document) turn(before, older blog.Cursor) {
	at := func(c blog.Cursor) string { return d.ID + "?" + url.Values{"before": {page.Cursor(c)}}.Encode() }
	if !older.IsZero() {
		d.Next = at(older)
	}
	if !before.IsZero() {
		d.Self = at(before)
	}
}

// clean drops the characters that XML cannot hold (XML 1.0, section 2.2).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
