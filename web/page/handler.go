package page

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/pagecache"
)

// Reads are the methods of routes that change nothing; a new slice each time,
// because mux writes into what it is given.
func Reads() []string { return []string{http.MethodGet, http.MethodHead} }

// Handler answers a request. An error it returns has written nothing yet, and
// becomes a page.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Maker makes pages. Blog, Now and Log are required.
type Maker struct {
	Blog   *blog.Service
	Origin string // the public one, from the settings of the program
	Now    func() time.Time
	Log    *slog.Logger
	// Sessions and Auth are who is signed in; nil lets nobody in.
	Sessions *auth.Sessions
	Auth     *auth.Service
	// Cache keeps what visitors get; nil keeps nothing. Whoever changes
	// something tells Changed.
	Cache *pagecache.Cache

	// last are the settings as last read: for the keys of the cache. before
	// are they too, for the pages that say that the database is gone.
	last, before atomic.Pointer[siteRead]

	sheets atomic.Pointer[sheets] // of the theme that was asked for last

	guessing struct {
		once  sync.Once
		limit *rate.Limiter
	}
}

// Handle makes an http.Handler of a Handler.
func (m *Maker) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.wrote(w, r)
		if err := h(w, r); err != nil {
			m.Fail(w, r, err)
		}
	})
}

// siteRead are the settings as they were after so many changes.
type siteRead struct {
	blog.Site
	changes uint64
}

// Site are the settings of the blog.
func (m *Maker) Site(r *http.Request) (blog.Site, error) {
	changes := m.changes(r)
	site, err := m.Blog.Site(r.Context())
	if err != nil {
		return blog.Site{}, fmt.Errorf("page: %w", err)
	}
	now := &siteRead{site, changes}
	remember(&m.last, now)
	remember(&m.before, now)
	return site, nil
}

// changes is how many changes what r reads has for certain.
func (m *Maker) changes(r *http.Request) uint64 {
	if changes, ok := pagecache.ReadAt(r.Context()); ok || m.Cache == nil {
		return changes
	}
	return m.Cache.Changes()
}

// remember does not go back: a render on a replica may have read older settings.
func remember(at *atomic.Pointer[siteRead], now *siteRead) {
	if old := at.Load(); old == nil || old.changes <= now.changes {
		at.CompareAndSwap(old, now) // somebody else may have read them at the same time
	}
}

// lastSite is Site as it was, without asking the database.
func (m *Maker) lastSite() blog.Site {
	if site := m.before.Load(); site != nil {
		return site.Site
	}
	return blog.DefaultSite(m.Origin, "")
}

// Host is the host, with its port if it has one, of the public origin.
func (m *Maker) Host() string {
	_, host, _ := strings.Cut(m.Origin, "://")
	return host
}

// Secure reports whether readers come over HTTPS.
func (m *Maker) Secure() bool { return strings.HasPrefix(m.Origin, "https://") }

// Absolute puts the public origin before a path.
func (m *Maker) Absolute(path string) string { return m.Origin + path }
