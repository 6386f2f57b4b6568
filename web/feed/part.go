package feed

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// Part serves the feeds, and what tells programs where to find pages.
type Part struct {
	Page    *page.Maker
	Numbers blog.Numbers
	// Sitemap reads the addresses of all that is public.
	Sitemap Sitemap
}

// Routes registers the handlers.
func (p *Part) Routes(r *mux.Router) {
	kept := func(path string, h page.Handler) { r.Handle(path, p.Page.Kept(h)).Methods(page.Reads()...) }
	for _, f := range formats {
		kept("/feed."+f.ending, p.of(f, p.blog))
		kept("/tags/{tag}/feed."+f.ending, p.of(f, p.tag))
		kept("/authors/{name}/feed."+f.ending, p.of(f, p.author))
		kept(templates.CommentPath+"{id}/feed."+f.ending, p.serve(f, p.comments))
	}
	kept(templates.SitemapPath, p.sitemapIndex)
	kept(templates.SitemapPartPath+"{part}.xml", p.sitemapPart)
	kept(templates.RobotsPath, p.robots)
	kept(templates.OpenSearchPath, p.openSearch)
}

// maker makes a feed and says when it changed last.
type maker func(*http.Request, blog.Site) (document, time.Time, error)

// of serves the articles of a source.
func (p *Part) of(f format, find func(*http.Request, blog.Site) (source, error)) page.Handler {
	return p.serve(f, func(r *http.Request, site blog.Site) (document, time.Time, error) {
		from, err := find(r, site)
		if err != nil {
			return document{}, time.Time{}, err
		}
		return p.articles(r, site, from)
	})
}

// serve writes a feed in a format.
func (p *Part) serve(f format, make maker) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		site, err := p.Page.Site(r)
		if err != nil {
			return err
		}
		d, last, err := make(r, site)
		if err != nil {
			return err
		}
		if d.Updated = last; last.IsZero() {
			d.Updated = p.Page.Now()
		}
		d.Self = in(d.Self, f.ending)
		if d.Next != "" {
			d.Next = in(d.Next, f.ending)
		}
		if !site.Found() {
			page.NoIndex(w)
		}
		if d.Hub != "" {
			w.Header().Add("Link", "<"+d.Hub+`>; rel="hub"`)
			w.Header().Add("Link", "<"+d.Self+`>; rel="self"`)
		}
		if unchanged(w, r, last) {
			return nil
		}
		body, err := f.write(d)
		if err != nil {
			return err
		}
		write(w, f.kind, body)
		return nil
	}
}

// unchanged answers those who know the time of the last change and send no
// entity tag (RFC 9110, section 13.1.3).
func unchanged(w http.ResponseWriter, r *http.Request, last time.Time) bool {
	if last.IsZero() {
		return false
	}
	w.Header().Set("Last-Modified", last.UTC().Format(http.TimeFormat))
	if r.Header.Get("If-None-Match") != "" {
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	if err != nil || last.Truncate(time.Second).After(since) {
		return false
	}
	cacheable(w)
	w.WriteHeader(http.StatusNotModified)
	return true
}

func cacheable(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", page.Public)
	w.Header().Set("Vary", "Accept-Encoding")
}

func write(w http.ResponseWriter, kind string, body []byte) {
	cacheable(w)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader has gone; nobody is left to tell
}

// Sitemap reads the addresses of all that is public, in the order of time.
type Sitemap interface {
	// SitemapParts returns parts of at most so many pages, unless one month has more.
	SitemapParts(ctx context.Context, size int) ([]blog.SitemapPart, error)
	// SitemapPages returns the pages of a part, at most limit.
	SitemapPages(ctx context.Context, part blog.SitemapPart, limit int) ([]blog.SitemapPage, error)
}
