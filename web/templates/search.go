package templates

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kabar/internal/i18n"
)

func (*SearchPage) file() string  { return "site/search" }
func (*ArchivePage) file() string { return "site/archive" }

// SearchPage is the field to search with, and what was found. The names of its
// fields are q, kind, tag, author, year, language; page is the number of the
// page, from 1.
type SearchPage struct {
	Frame
	Query    string
	Filters  []SearchFilter
	Narrowed bool // a filter is set
	State    SearchState
	Total    int  // of all pages
	Many     bool // there are more than Total
	Cut      bool // not all that was typed is looked for
	Meant    *Link
	Places   []Link // topics and authors of that name
	Results  []SearchResult
	Page     int // from 1
	Pages    int
	Previous string
	Next     string
	All      string // the same words without filters
	Tags     []Tag  // to look around in when nothing was found
}

// SearchState says what became of a search.
type SearchState string

// The states of a search; the zero value is a page where nothing was asked.
const (
	SearchDone    SearchState = "done"
	SearchEmpty   SearchState = "empty"   // only words that are everywhere
	SearchGeneral SearchState = "general" // it would have taken too long
)

// SearchFilter is one choice that narrows a search. Key is that of its label;
// with ".any" that of the choice of everything.
type SearchFilter struct {
	Name, Key string
	Options   []Choice
}

// SearchResult is one thing that was found.
type SearchResult struct {
	Kind      string // article, note, page or comment
	URL       string
	Title     []Span // of a comment: of its article
	Excerpt   []Span
	Language  string
	Published time.Time
	Minutes   int // reading time; 0 hides it
	Tags      []Tag
	Names     []string // who wrote it
}

// Span is a piece of plain text; Found is what was looked for.
type Span struct {
	Text  string
	Found bool
}

// ArchivePage are the years and months that have articles.
type ArchivePage struct {
	Frame
	Years []ArchiveYear
}

// ArchiveYear is a year with its months, newest first.
type ArchiveYear struct {
	Year     int
	URL      string
	Articles int
	Months   []ArchiveMonth
}

// ArchiveMonth is a month, or one that has no articles, without a URL.
type ArchiveMonth struct {
	Name     string
	URL      string
	Articles int
	Current  bool
}

// ListPage are the articles of a year or a month.
type ListPage struct {
	Frame
	Title    string // the year or the month
	Articles int
	Year     Link // the year that Months are of
	Months   []ArchiveMonth
	Cards    []Card
	Paging   Paging
	// Newer and Older are the neighbouring years or months that have articles.
	Newer, Older *Link
}

// ArchiveYearPath lists the articles of a year.
func ArchiveYearPath(year int) string { return ArchivePath + "/" + strconv.Itoa(year) }

// ArchiveMonthPath lists the articles of a month.
func ArchiveMonthPath(year int, month time.Month) string {
	return fmt.Sprintf("%s/%02d", ArchiveYearPath(year), month)
}

// SearchWords is the search for some words.
func SearchWords(words string) string { return SearchPath + "?" + url.Values{"q": {words}}.Encode() }

// MonthName is the name of a month.
func (f Frame) MonthName(month time.Month) string { return i18n.Month(f.UILang(), month) }

// MonthYear is a month of a year.
func (f Frame) MonthYear(year int, month time.Month) string {
	return i18n.MonthYear(f.UILang(), year, month)
}

type searchField struct {
	Frame
	ID, Query, Label string
}

// newSearchField is a form with a field of the id; label is the key of its name.
func newSearchField(f Frame, id, query, label string) searchField {
	return searchField{f, id, query, label}
}

// names are several people in one line.
func names(all []string) string { return strings.Join(all, ", ") }
