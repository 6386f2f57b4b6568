package feed

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// size is the number of articles in a feed.
const size = 20

// Part serves the feeds.
type Part struct {
	Page *page.Maker
}

// Routes registers the handlers.
func (p *Part) Routes(r *mux.Router) {
	r.Handle(templates.AtomPath, p.Page.Kept(p.all)).Methods(page.Reads()...)
	r.Handle("/tags/{tag}"+templates.AtomPath, p.Page.Kept(p.tag)).Methods(page.Reads()...)
}

func (p *Part) all(w http.ResponseWriter, r *http.Request) error {
	return p.serve(w, r, blog.ArticleQuery{Limit: size})
}

func (p *Part) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := url.PathUnescape(mux.Vars(r)["tag"])
	if err != nil || blog.TagKey(tag) == "" {
		return blog.ErrNotFound
	}
	return p.serve(w, r, blog.ArticleQuery{Limit: size, Tag: blog.TagKey(tag)})
}

func (p *Part) serve(w http.ResponseWriter, r *http.Request, q blog.ArticleQuery) error {
	page.Shows(r, blog.PageSite, blog.PageList)
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	articles, err := p.Page.Blog.Articles(r.Context(), q)
	if err != nil {
		return err
	}
	if q.Tag != "" && len(articles) == 0 {
		return blog.ErrNotFound
	}
	h := w.Header()
	h.Set("Cache-Control", page.Public)
	h.Set("Vary", "Accept-Encoding")
	last, err := p.lastChange(r.Context())
	if err != nil {
		return err
	}
	if !last.IsZero() {
		h.Set("Last-Modified", last.UTC().Format(http.TimeFormat))
		if notSince(r, last) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	f, err := p.feed(r, site, q.Tag, articles, last)
	if err != nil {
		return err
	}
	body, err := write(f)
	if err != nil {
		return err
	}
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader has gone; nobody is left to tell
	return nil
}

// notSince reports whether nothing changed since the time that the reader
// knows, for those who send no entity tag (RFC 9110, section 13.1.3).
func notSince(r *http.Request, changed time.Time) bool {
	if r.Header.Get("If-None-Match") != "" {
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !changed.Truncate(time.Second).After(since)
}

// lastChange is when anything was last published, edited or taken back: a
// feed changes by what leaves it too.
func (p *Part) lastChange(ctx context.Context) (time.Time, error) {
	newest, err := p.Page.Blog.Articles(ctx, blog.ArticleQuery{Statuses: []blog.Status{blog.Published, blog.Deleted}, Limit: 1})
	if err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	return newest[0].Changed, nil
}

func changed(a blog.Article) time.Time {
	if a.Updated.After(a.Published) {
		return a.Updated
	}
	return a.Published
}

func write(f *atom) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
