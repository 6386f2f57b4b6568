package feed

import (
	"cmp"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// comments makes the feed of what readers see below an article, newest first.
func (p *Part) comments(r *http.Request, site blog.Site) (d document, last time.Time, err error) {
	ctx := r.Context()
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return d, last, blog.ErrNotFound
	}
	page.Shows(r, blog.PageSite, blog.PageArticle(id))
	a, err := p.Page.Blog.Article(ctx, id)
	switch {
	case err != nil:
		return d, last, err
	case a.Status == blog.Deleted && a.ObjectURI != "":
		return d, last, blog.ErrGone
	case a.Status != blog.Published || !a.Post():
		return d, last, blog.ErrNotFound
	}
	if last, err = p.Page.Blog.LastChange(ctx, id); err != nil {
		return d, last, err
	}
	q := blog.CommentQuery{Article: id, States: []blog.State{blog.Visible}, Public: true, Limit: site.Feeds.Entries + 1}
	if q.Before, err = page.ParseCursor(r.URL.Query().Get("before")); err != nil {
		return d, last, err
	}
	found, err := p.Page.Blog.Comments(ctx, q)
	if err != nil {
		return d, last, err
	}
	d = p.document(site, source{path: templates.CommentPath + id.String(), title: i18n.T(site.Language, "feed.comments", cmp.Or(a.Title, blog.Clip(a.Excerpt, 80)))})
	d.Home, d.Subtitle = site.Address().Page(a.Slug)+"#responses", ""
	var older blog.Cursor
	if len(found) == q.Limit {
		found = found[:site.Feeds.Entries]
		older = found[len(found)-1].Cursor()
	}
	d.turn(q.Before, older)
	for _, c := range found {
		if c.Shown() {
			page.Shows(r, blog.PageActor(c.Actor.ID))
			d.Entries = append(d.Entries, said(site, a, c))
		}
	}
	return d, later(last, a.Published), nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// said is a comment as an entry.
func said(site blog.Site, a blog.Article, c blog.Comment) entry {
	e := entry{
		ID: c.ObjectURI, URL: site.Address().Comment(a.Slug, c.ID), Object: c.ObjectURI, Language: c.Language, HTML: c.HTML.String(),
		Title: i18n.T(site.Language, "feed.comment", c.Actor.Label()), Summary: blog.Clip(c.Text, 280),
		Published: c.Published, Updated: later(c.Published, c.Edited), Authors: []person{{c.Actor.Label(), c.Actor.Page()}},
	}
	if c.Warning != "" {
		e.Summary, e.HTML = c.Warning, "" // what is folded on the page is not opened here
	}
	return e
}
