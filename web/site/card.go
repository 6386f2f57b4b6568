package site

import (
	"context"
	"net/http"
	"net/url"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// wordsAMinute is how fast people read.
const wordsAMinute = 200

// card is an article in a list.
func (p *Part) card(ctx context.Context, who *people, a blog.Article) (templates.Card, error) {
	page.Shows(who.r, blog.PageArticle(a.ID))
	authors, err := who.authors(ctx, a)
	if err != nil {
		return templates.Card{}, err
	}
	c := templates.Card{
		ID: a.ID.String(), URL: articlePath(a), Title: a.Title, Summary: a.Summary, Language: a.Language,
		Authors: authors, Published: a.Published,
		Replies: a.Comments, Boosts: a.Boosts, Likes: a.Likes,
	}
	if c.Summary == "" {
		c.Summary = a.Excerpt
	}
	if a.Title != "" {
		c.Minutes = minutes(a.Words)
	}
	if len(a.Tags) > 0 {
		c.Topic = &templates.Tag{Name: a.Tags[0], URL: tagPath(a.Tags[0])}
	}
	return c, nil
}

func minutes(words int) int { return (words + wordsAMinute - 1) / wordsAMinute }

// cards are the articles of a list.
func (p *Part) cards(r *http.Request, f templates.Frame, articles []blog.Article) ([]templates.Card, error) {
	who := p.people(r, f)
	articles, err := p.localized(r.Context(), f.Lang, articles)
	if err != nil {
		return nil, err
	}
	if err := who.bylines(r.Context(), articles...); err != nil {
		return nil, err
	}
	covers, err := p.covers(r.Context(), articles)
	if err != nil {
		return nil, err
	}
	cards := make([]templates.Card, 0, len(articles))
	for _, a := range articles {
		c, err := p.card(r.Context(), who, a)
		if err != nil {
			return nil, err
		}
		c.Cover = coverOf(a, covers)
		cards = append(cards, c)
	}
	return cards, nil
}

// cover is the picture of an article; one that is not stored any more is left
// out.
func (p *Part) cover(ctx context.Context, a blog.Article) (*templates.Image, error) {
	if a.Cover == "" {
		return nil, nil
	}
	found, err := p.covers(ctx, []blog.Article{a})
	if err != nil {
		return nil, err
	}
	return coverOf(a, found), nil
}

// coverOf is the cover of an article among stored pictures; nil if it is not
// there.
func coverOf(a blog.Article, stored map[string]blog.Media) *templates.Image {
	m, ok := stored[a.Cover]
	if !ok {
		return nil
	}
	forms := m.Forms()
	i := &templates.Image{
		URL: mediaPath(a.Cover), Type: m.Type, Alt: a.CoverAlt, Caption: a.CoverCaption, Width: m.Width, Height: m.Height,
		Fallback: mediaPath(forms.Fallback), Tiny: mediaPath(forms.Tiny), Focus: templates.FocusOf(m.Focus.X, m.Focus.Y),
	}
	for _, v := range forms.Smaller {
		i.Forms = append(i.Forms, templates.PictureForm{URL: mediaPath(v.Name), Width: v.Width})
	}
	i.Forms = append(i.Forms, templates.PictureForm{URL: i.URL, Width: m.Width})
	return i
}

// covers are the stored pictures of articles, in one query.
func (p *Part) covers(ctx context.Context, articles []blog.Article) (map[string]blog.Media, error) {
	var names []string
	for _, a := range articles {
		if a.Cover != "" {
			names = append(names, a.Cover)
		}
	}
	return p.Page.Blog.MediaByNames(ctx, names)
}

// articlePath is the address of an article on this site.
func articlePath(a blog.Article) string { return "/" + url.PathEscape(a.Slug) }

func tagPath(tag string) string { return templates.TagPath(blog.TagKey(tag)) }
