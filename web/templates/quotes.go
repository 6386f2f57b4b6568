package templates

import (
	"html/template"
	"time"
)

// QuotesPage lists posts that quote something of ours. Its forms post id, back
// and do (approve, reject or revoke) to StudioQuotesPath.
type QuotesPage struct {
	Frame
	Studio
	Filters []Filter
	Rows    []QuoteRow
	Paging  Paging
	Here    string // address of the page, to come back to
}

// QuoteRow is one post that quotes.
type QuoteRow struct {
	ID          string
	Author      Person
	State       string
	Asked       bool // its author asked; else it was just sent
	At          time.Time
	Target      Link // the article, or a response under it
	ToArticle   bool // it quotes the article itself
	Warning     string
	ContentHTML template.HTML
	Language    string
	URL         string // the post on its own server
}

func (*QuotesPage) file() string { return "studio/quotes" }
