package templates

import (
	"html/template"
	"time"
)

// ReactionsPage lists who reacted to an article or a comment in one way.
type ReactionsPage struct {
	Frame
	Subject Link          // the article by its title, or the comment by its author
	Ways    []ReactionWay // in which people reacted
	People  []Reacter
	Paging  Paging
}

// ReactionWay is one way in which people reacted, with its part of the page.
type ReactionWay struct {
	Reaction
	URL     string
	Current bool
}

// Reacter is somebody who reacted.
type Reacter struct {
	Person
	Kind     string // like, boost, emoji or quote
	Emoji    template.HTML
	QuoteURL string // the post that quotes
	At       time.Time
}

func (*ReactionsPage) file() string { return "site/reactions" }

// Said returns the ways in words.
func (p *ReactionsPage) Said() []reactionWay {
	ways := make([]reactionWay, len(p.Ways))
	for i, way := range p.Ways {
		ways[i] = reactionWay{reacted{&p.Frame, way.Reaction}, way.URL, way.Current}
	}
	return ways
}

type reactionWay struct {
	reacted
	URL     string
	Current bool
}

// Said names the kind, for those who see no symbols too.
func (w reactionWay) Said() string {
	if w.Faced() {
		return w.T("count."+w.Kind+"s", w.Count)
	}
	return w.Name
}
