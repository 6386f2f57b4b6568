package page

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"kabar/internal/blog"
	"kabar/internal/pagecache"
	"kabar/web/templates"
)

// renderTime ends a render that nobody waits for any more.
const renderTime = 20 * time.Second

// Kept makes a handler of one whose answers to visitors are kept in the cache
// until what they depend on (Shows) changes, and sent compressed with an
// entity tag.
func (m *Maker) Kept(h Handler) http.Handler { return m.Handle(m.Keep(h)) }

// Keep is Kept for a part that answers errors in its own way.
func (m *Maker) Keep(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		key := m.CacheKey(r)
		if key == "" {
			return m.once(w, r, h)
		}
		if hasWritten(r) {
			r = r.WithContext(pagecache.OnPrimary(r.Context()))
		}
		return m.Cache.Serve(w, r, key, nil, func(ctx context.Context) (pagecache.Page, error) {
			ctx, cancel := context.WithTimeout(ctx, renderTime)
			defer cancel()
			return record(ctx, w, r, h)
		})
	}
}

// Read makes a handler of one whose answers to visitors are not kept, but
// depend on the database alone: they may be made of what its replica has.
func (m *Maker) Read(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return m.once(w, r, h) }
}

// once answers out of the replica, if there is one that has all that is known
// here. Who is signed in, or has just commented, reads where it was written.
func (m *Maker) once(w http.ResponseWriter, r *http.Request, h Handler) error {
	if m.Cache == nil || m.last.Load() == nil || hasWritten(r) || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return h(w, r)
	}
	made, ok := m.Cache.Once(r.Context(), func(ctx context.Context) (pagecache.Page, error) { return record(ctx, w, r, h) })
	if !ok {
		return h(w, r)
	}
	maps.Copy(w.Header(), made.Header)
	w.WriteHeader(made.Status)
	_, _ = w.Write(made.Body) // the reader has gone; nobody is left to tell
	return nil
}

// record lets a handler answer into a page.
func record(ctx context.Context, w http.ResponseWriter, r *http.Request, h Handler) (pagecache.Page, error) {
	r = r.WithContext(WithRequest(ctx, RequestID(r), ClientAddr(r)))
	made := &recorder{header: w.Header().Clone(), status: http.StatusOK}
	made.header.Del(RequestIDHeader)
	err := h(made, r)
	return pagecache.Page{Status: made.status, Header: made.header, Body: made.body.Bytes(), Tags: Shown(r)}, err
}

// recorder holds an answer until it is known whether it is kept.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// keptQueries are the parameters of addresses that are worth keeping: the
// pages of lists. What else is in a query would let anybody fill the cache.
var keptQueries = []string{"page", "id", "at", "after", "before", "in", "order", "c", "kind", "content"}

// CacheKey is the key of the answer to a request in the cache, "" when there
// is none: for who has a session, who sets the language, who asks for another
// host or for the other form of what the address means.
func (m *Maker) CacheKey(r *http.Request) string {
	site := m.last.Load()
	if m.Cache == nil || site == nil || r.Host != m.Host() || !keptQuery(r) || HasSession(r) || HasHeld(r) {
		return ""
	}
	if r.Header.Get("If-Modified-Since") != "" && r.Header.Get("If-None-Match") == "" {
		return "" // only the handler knows the time of the last change
	}
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/ap/"):
		if site.SignedGET || WantsPage(r) {
			return ""
		}
		return pagecache.Key(r, "ap")
	case templates.IsFeed(path):
		return pagecache.Key(r, "feed")
	case WantsActivity(r):
		return ""
	}
	return pagecache.Key(r, Language(r, site.Language))
}

func keptQuery(r *http.Request) bool {
	if r.URL.RawQuery == "" {
		return true
	}
	for name := range r.URL.Query() {
		if !slices.Contains(keptQueries, name) {
			return false
		}
	}
	return true
}

// Changed drops the pages that show what has these tags. It is called after
// every change, of this node or of another.
func (m *Maker) Changed(tags ...string) {
	if slices.Contains(tags, blog.PageSite) {
		m.last.Store(nil)
	}
	if m.Cache != nil {
		m.Cache.Invalidate(tags...)
	}
}

// Missed drops every page, after changes of other nodes may have been missed.
func (m *Maker) Missed() {
	m.last.Store(nil)
	if m.Cache != nil {
		m.Cache.Empty()
	}
}
