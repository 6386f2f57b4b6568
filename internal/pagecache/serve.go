package pagecache

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Page is a rendered page.
type Page struct {
	Status int // 0 means 200; only 200 is kept
	// Header is sent as it is, and shared between answers: do not change it
	// later. Content-Type, Cache-Control ("no-cache") and Vary have defaults.
	Header http.Header
	Body   []byte
	Tags   []string // what else the page depends on, found while rendering
}

// Serve answers r with the page kept under key, or renders it. The page depends
// on tags and on those it brings. Requests for the same key wait for one
// render, which gets a context that outlives each of them. An error of render is
// returned, and nothing has been written then.
func (c *Cache) Serve(w http.ResponseWriter, r *http.Request, key string, tags []string, render func(context.Context) (Page, error)) error {
	if e, ok := c.lookup(key); ok {
		e.write(w, r)
		return nil
	}
	arrived, flight := c.changes.Load(), key
	if onPrimary(r.Context()) {
		flight += " primary" // a page that others wait for may come from the replica
	}
	for {
		made, err, _ := c.flights.Do(flight, func() (any, error) {
			return c.make(context.WithoutCancel(r.Context()), key, tags, render)
		})
		if err != nil {
			return err
		}
		// A render that began before this request may have read what has
		// changed in between: whoever saved and looks must see it.
		if e := made.(*entry); e.read >= arrived || c.good(e) {
			e.write(w, r)
			return nil
		}
	}
}

// make renders on the replica, or else on the primary.
func (c *Cache) make(ctx context.Context, key string, tags []string, render func(context.Context) (Page, error)) (*entry, error) {
	if e, ok := c.makeOnReplica(ctx, key, tags, render); ok {
		return e, nil
	}
	return c.render(ctx, c.changes.Load(), key, tags, render)
}

// render makes a page of data that has the effects of so many changes.
func (c *Cache) render(
	ctx context.Context, read uint64, key string, tags []string, render func(context.Context) (Page, error),
) (*entry, error) {
	began := time.Now()
	page, err := render(withRead(ctx, read))
	if err != nil {
		return nil, err
	}
	e, err := prepare(page)
	if err != nil {
		return nil, fmt.Errorf("compress page: %w", err)
	}
	if c.Rendered != nil {
		c.Rendered(time.Since(began))
	}
	e.read = read
	e.tags = c.find(append(append([]string(nil), tags...), page.Tags...))
	if c.fit(e) {
		c.pages.Set(key, e)
	}
	return e, nil
}

// fit reports whether a page may be kept. One without any tag would stay for
// good: it has found out what it shows after it looked what to name.
func (c *Cache) fit(e *entry) bool {
	return e.status == http.StatusOK && len(e.tags) > 0 && c.good(e)
}

// Front answers from the cache before any other handler has looked at the
// request, and hands on what is not there.
type Front struct {
	Cache *Cache
	// Key is the key under which Serve keeps the answer to this request, or ""
	// when it must not come from the cache: other methods, a session, a client
	// that asks for another type.
	Key func(*http.Request) string
	// Found is called before an answer from the cache is written, all of it at
	// once; nil = nothing is.
	Found func(*http.Request)
	Next  http.Handler
}

// ServeHTTP implements http.Handler.
func (f Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if key := f.Key(r); key != "" {
			if e, ok := f.Cache.lookup(key); ok {
				if f.Found != nil {
					f.Found(r)
				}
				e.write(w, r)
				return
			}
		}
	}
	f.Next.ServeHTTP(w, r)
}

// Key names a page by host, path with query, and language of the interface.
func Key(r *http.Request, language string) string {
	return language + " " + r.Host + r.URL.RequestURI()
}
