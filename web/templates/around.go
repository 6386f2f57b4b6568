package templates

import (
	"net/url"
	"strconv"
	"time"
)

// SeriesPath is the page of a series, by its folded name.
func SeriesPath(key string) string { return "/-/series/" + url.PathEscape(key) }

// HistoryPath is what was changed of the article with this id.
func HistoryPath(id string) string { return "/-/history/" + url.PathEscape(id) }

// ChangePath is what one revision of the article changed.
func ChangePath(id string, number int) string { return HistoryPath(id) + "/" + strconv.Itoa(number) }

// Line is an article as a line of a list.
type Line struct {
	Title     string // of a note, how it begins
	URL       string
	Language  string
	Published time.Time
	Minutes   int  // reading time; 0 hides it
	Current   bool // the page that it stands on is this article's
}

// Series is the series that an article is a part of.
type Series struct {
	Name       string
	URL        string
	Language   string // of Name
	Number     int    // the place of the article, from 1
	Parts      []Line // published ones, in order
	Prev, Next *Line  // nil where there is none
}

// SeriesPage lists a series in its order.
type SeriesPage struct {
	Frame
	Name     string
	Language string // of Name
	Parts    []Line
}

// HistoryPage lists the public revisions of an article, newest first.
type HistoryPage struct {
	Frame
	Article  Link
	Language string // of titles
	Rows     []HistoryRow
}

// HistoryRow is one revision.
type HistoryRow struct {
	URL   string
	Title string
	At    time.Time
	Grown int  // characters more than before; negative = fewer
	First bool // as it was published
}

// ChangePage is what one revision changed.
type ChangePage struct {
	Frame
	Article  Link
	Language string // of the text
	History  string // address of all of them
	At       time.Time
	First    bool // nothing was public before
	Title    []Piece
	Text     [][]Piece // by paragraph; nil = those between, in which nothing changed
}

// Piece is a piece of text that was kept, added or taken out.
type Piece struct {
	Added, Taken bool
	Text         string
}

func (*SeriesPage) file() string  { return "site/series" }
func (*HistoryPage) file() string { return "site/history" }
func (*ChangePage) file() string  { return "site/change" }

// Shrunk is how many characters fewer there are.
func (r HistoryRow) Shrunk() int { return -r.Grown }
