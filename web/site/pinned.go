package site

import (
	"net/http"
	"slices"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// frontPinned is how many pinned articles stand first on the front page.
const frontPinned = 3

// pin puts the pinned articles before the newest ones, on the first page only.
// They do not stand there twice.
func (p *Part) pin(r *http.Request, l *listed) error {
	if l.paging.Newer != "" {
		return nil
	}
	pinned, err := p.Page.Blog.Pinned(r.Context(), frontPinned)
	if err != nil || len(pinned) == 0 {
		return err
	}
	cards, err := p.cards(r, l.Frame, pinned)
	if err != nil {
		return err
	}
	l.cards = slices.DeleteFunc(l.cards, func(c templates.Card) bool { return stands(pinned, c) })
	for i := range cards {
		cards[i].Featured = true
	}
	l.cards = append(cards, l.cards...)
	return nil
}

func stands(articles []blog.Article, c templates.Card) bool {
	return slices.ContainsFunc(articles, func(a blog.Article) bool { return a.ID.String() == c.ID })
}
