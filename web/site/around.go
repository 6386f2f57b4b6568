package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// relatedShown is how many related articles stand below one.
const relatedShown = 3

// around fills what stands around an article: its series, and related ones.
func (p *Part) around(ctx context.Context, a blog.Article, made *templates.Article) error {
	var err error
	if made.Series, err = p.inSeries(ctx, a); err != nil {
		return err
	}
	if a.Static {
		return nil
	}
	related, err := p.Page.Blog.Related(ctx, a, relatedShown)
	for _, b := range related {
		made.Related = append(made.Related, line(b))
	}
	return err
}

// inSeries is the series of an article; nil for none, and where the article is
// the only one.
func (p *Part) inSeries(ctx context.Context, a blog.Article) (*templates.Series, error) {
	if a.Series == "" || a.Static {
		return nil, nil
	}
	all, err := p.Page.Blog.Series(ctx, a.Series, blog.MaxInSeries)
	if err != nil {
		return nil, err
	}
	parts := blog.InSeries(all, a)
	at := slices.IndexFunc(parts, func(b blog.Brief) bool { return b.ID == a.ID })
	if at < 0 || len(parts) < 2 {
		return nil, nil
	}
	s := &templates.Series{
		Name: a.Series, URL: templates.SeriesPath(blog.TagKey(a.Series)), Language: a.Language, Number: at + 1,
	}
	for i, b := range parts {
		l := line(b)
		l.Current = i == at
		s.Parts = append(s.Parts, l)
	}
	if at > 0 {
		s.Prev = &s.Parts[at-1]
	}
	if at < len(parts)-1 {
		s.Next = &s.Parts[at+1]
	}
	return s, nil
}

func line(b blog.Brief) templates.Line {
	l := templates.Line{
		Title: b.Title, URL: "/" + url.PathEscape(b.Slug), Language: b.Language, Published: b.Published,
		Minutes: minutes(b.Words),
	}
	if l.Title == "" {
		l.Title, l.Minutes = blog.Clip(b.Excerpt, 60), 0
	}
	return l
}

// series lists the articles of a series in their order. Its address is the
// folded name.
func (p *Part) series(w http.ResponseWriter, r *http.Request) error {
	name, err := page.Variable(r, "series")
	if err != nil {
		return err
	}
	key := blog.TagKey(name)
	switch {
	case key == "":
		return blog.ErrNotFound
	case key != name:
		return page.Moved(w, r, templates.SeriesPath(key))
	}
	page.Shows(r, blog.PageSite, blog.PageList)
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	all, err := p.Page.Blog.Series(r.Context(), key, blog.MaxInSeries)
	if err != nil {
		return err
	}
	parts := blog.OriginalsIn(all)
	if len(parts) == 0 {
		return blog.ErrNotFound
	}
	if parts, err = p.localizedParts(r.Context(), f.Lang, parts); err != nil {
		return err
	}
	made := &templates.SeriesPage{Frame: f, Name: parts[0].Series, Language: parts[0].Language}
	for _, b := range parts {
		made.Parts = append(made.Parts, line(b))
	}
	made.Head = head(f, r, made.Name, templates.Paging{})
	return p.Page.Render(w, r, http.StatusOK, made)
}
