package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// source is what a feed of articles is of.
type source struct {
	query blog.ArticleQuery
	title string // behind the blog's; "" = the blog
	path  string // of its page
	empty bool   // it may have no articles
}

func (p *Part) blog(*http.Request, blog.Site) (source, error) {
	return source{path: "/", empty: true}, nil
}

func (p *Part) tag(r *http.Request, _ blog.Site) (source, error) {
	tag, err := page.Variable(r, "tag")
	key := blog.TagKey(tag)
	if err != nil || key == "" {
		return source{}, blog.ErrNotFound
	}
	return source{query: blog.ArticleQuery{Tag: key}, title: "#" + key, path: templates.TagPath(key)}, nil
}

// author is one of ours with a page: the blog, an author with an actor, or an
// account with a public profile.
func (p *Part) author(r *http.Request, site blog.Site) (source, error) {
	ctx := r.Context()
	name, err := page.Variable(r, "name")
	if err != nil {
		return source{}, err
	}
	actor, err := p.Page.Blog.OurActor(ctx, site, name)
	switch {
	case err == nil:
		page.Shows(r, blog.PageActor(actor.ID))
		return source{blog.ArticleQuery{Actor: actor.ID}, actor.Label(), templates.AuthorPath(actor.Handle), true}, nil
	case !errors.Is(err, blog.ErrNotFound):
		return source{}, err
	}
	account, err := p.Page.Blog.ProfileByName(ctx, name)
	if err != nil {
		return source{}, err
	}
	page.Shows(r, blog.PageActor(account.ID))
	return source{blog.ArticleQuery{Author: account.ID}, account.Label(), templates.AuthorPath(account.Name), true}, nil
}

// articles makes the feed of a source.
func (p *Part) articles(r *http.Request, site blog.Site, of source) (d document, last time.Time, err error) {
	page.Shows(r, blog.PageSite, blog.PageList)
	ctx := r.Context()
	q := of.query
	if q.Before, err = page.ParseCursor(r.URL.Query().Get("before")); err != nil {
		return d, last, err
	}
	q.Limit = site.Feeds.Entries + 1
	found, err := p.Page.Blog.Articles(ctx, q)
	if err != nil {
		return d, last, err
	}
	if len(found) == 0 && !of.empty {
		return d, last, blog.ErrNotFound
	}
	d = p.document(site, of)
	if last, err = p.Page.Blog.ArticlesChanged(ctx); err != nil {
		return d, last, err
	}
	var older blog.Cursor
	if len(found) == q.Limit {
		found = found[:site.Feeds.Entries]
		older = q.Cursor(found[len(found)-1])
	}
	d.turn(q.Before, older)
	d.Entries, err = p.entries(ctx, site, found)
	return d, last, err
}

// document is the feed of a source without entries.
func (p *Part) document(site blog.Site, of source) document {
	address := site.Origin + strings.TrimSuffix(of.path, "/") + "/feed.atom"
	d := document{
		ID: address, Self: address, Home: site.Origin + of.path, Title: site.Title, Subtitle: site.Description,
		Language: site.Language, Icon: site.Origin + "/-/icon.png", Hub: site.Feeds.Hub, Owner: person{site.Title, site.Address().Home()},
	}
	if of.title != "" {
		d.Title += " · " + of.title
	}
	return d
}

// entries are articles with their text, or their summary. The id of an entry
// is that of its object, which stays when the address changes.
func (p *Part) entries(ctx context.Context, site blog.Site, articles []blog.Article) ([]entry, error) {
	bylines, err := p.Page.Blog.Authors(ctx, articles)
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	made := make([]entry, 0, len(articles))
	for _, a := range articles {
		e, err := p.entry(ctx, site, a)
		if err != nil {
			return nil, fmt.Errorf("feed: %w", err)
		}
		for _, account := range bylines[a.ID] {
			e.Authors = append(e.Authors, person{account.Label(), site.Address().Author(account.Name)})
		}
		if len(e.Authors) == 0 {
			actor, err := p.Page.Blog.Actor(ctx, a.ActorID)
			if err != nil {
				return nil, fmt.Errorf("feed: %w", err)
			}
			e.Authors = []person{{actor.Label(), site.Address().Author(actor.Handle)}}
		}
		made = append(made, e)
	}
	return made, nil
}

func (p *Part) entry(ctx context.Context, site blog.Site, a blog.Article) (entry, error) {
	address := site.Address().Page(a.Slug)
	e := entry{
		ID: a.ObjectURI, URL: address, Object: a.ObjectURI, Title: a.Title, Language: a.Language, Summary: cmp.Or(a.Summary, a.Excerpt), Tags: a.Tags,
		Published: a.Published, Updated: later(a.Updated, a.Published), Comments: address + "#responses", CommentCount: a.Comments,
		CommentsFeed: site.Origin + templates.CommentPath + a.ID.String() + "/feed.",
	}
	if site.Feeds.Full {
		rendered, err := p.Page.Blog.RenderRemote(ctx, site, a)
		if err != nil {
			return entry{}, err
		}
		e.HTML = rendered.HTML.String()
	}
	if a.Cover == "" {
		return e, nil
	}
	m, err := p.Page.Blog.Media(ctx, a.Cover)
	if err == nil {
		e.Cover = &file{site.Address().Media(a.Cover), m.Type, m.Bytes, m.Width, m.Height, a.CoverAlt}
	} else if !errors.Is(err, blog.ErrNotFound) {
		return entry{}, err
	}
	return e, nil
}
