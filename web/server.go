package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"
	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/sync/singleflight"

	"kabar/internal/pagecache"
	"kabar/web/page"
	"kabar/web/static"
)

// Part is a part of the web: it registers its routes. Paths are matched in
// the order of registration, so the part with /{slug} comes last.
type Part interface {
	Routes(r *mux.Router)
}

// Server answers every request. Page, Log and Ready are required.
type Server struct {
	Page *page.Maker
	// Parts in the order of their routes: what is asked for most comes first,
	// site, whose pages may have any name, last.
	Parts []Part
	// Ready tells why requests cannot be answered now; nil = they can.
	Ready func(context.Context) error
	// Live answers with streams that have no end; nil = there are none.
	Live http.Handler
	// Views counts pages; nil = they are not counted.
	Views *Views
	// Observe hears of each request that a route answered, by the template of
	// its path; nil = nobody.
	Observe func(route, method string, status int, took time.Duration)
	// Connections is the size of the database's pool, which strangers may use
	// a part of; 0 = 20.
	Connections int
	// Trusts tells whose forwarding headers are believed; nil is nobody's.
	Trusts func(netip.Addr) bool
	Log    *slog.Logger

	asking singleflight.Group // whether it is ready
}

// Handler is the whole server: the cache, what stands before every request,
// and the router. What the router does not find or allow passes the same.
func (s *Server) Handler() http.Handler {
	h := s.text(s.sessions(s.crowds(s.router())))
	h = s.sameOrigin(h)
	h = s.ownHost(h)
	h = gzhttp.GzipHandler(h)
	h = limit(h)
	h = s.streams(h)
	h = s.rescue(h)
	h = s.headers(h)
	h = s.identify(h)
	if s.Views != nil {
		h = s.Views.Watch(h)
	}
	if s.Page.Cache == nil {
		return h
	}
	return pagecache.Front{Cache: s.Page.Cache, Key: s.Page.CacheKey, Found: s.found, Next: h}
}

// found is called before an answer of the cache is written.
func (s *Server) found(r *http.Request) {
	join(r)
	if s.Views != nil {
		s.Views.Seen(r)
	}
}

// router has the routes of all parts. The path is taken as it was sent: a
// redirect to a cleaner one would lose the body of a POST.
func (s *Server) router() *mux.Router {
	r := mux.NewRouter().UseEncodedPath().SkipClean(true).StrictSlash(false)
	if s.Observe != nil {
		r.Use(s.observe)
	}
	get := func(path string, h page.Handler) { r.Handle(path, s.Page.Handle(h)).Methods(page.Reads()...) }
	get(livePath, live)
	get(readyPath, s.ready)
	for _, p := range s.Parts {
		p.Routes(r)
	}
	r.PathPrefix(static.Prefix).Handler(static.Handler())
	r.NotFoundHandler = s.unrouted(notFound)
	r.MethodNotAllowedHandler = s.unrouted(func(w http.ResponseWriter, req *http.Request) error {
		w.Header().Set("Allow", strings.Join(allowed(r, req), ", "))
		return page.Status(http.StatusMethodNotAllowed)
	})
	return r
}

// unrouted answers what no route is for: people with a page, servers with a
// line.
func (s *Server) unrouted(h page.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		switch {
		case err == nil:
		case forServers(r.URL.Path):
			http.Error(w, http.StatusText(page.StatusOf(err)), page.StatusOf(err))
		default:
			s.Page.Fail(w, r, err)
		}
	})
}

// text answers paths that are no text: nothing is named so, and the database
// would not take the question.
func (s *Server) text(next http.Handler) http.Handler {
	none := s.unrouted(func(http.ResponseWriter, *http.Request) error { return page.Status(http.StatusNotFound) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !utf8.ValidString(r.URL.Path) || strings.IndexByte(r.URL.Path, 0) >= 0 {
			none.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// notFound leads from an address with a slash too many to the one without.
func notFound(w http.ResponseWriter, r *http.Request) error {
	path := r.URL.EscapedPath()
	trimmed := strings.TrimRight(path, "/")
	if trimmed == "" || trimmed == path || strings.HasPrefix(path, "//") || forServers(path) ||
		r.Method != http.MethodGet && r.Method != http.MethodHead {
		return page.Status(http.StatusNotFound)
	}
	if r.URL.RawQuery != "" {
		trimmed += "?" + r.URL.RawQuery
	}
	return page.Moved(w, r, trimmed)
}

// allowed are the methods that the path of a request has routes for.
func allowed(router *mux.Router, r *http.Request) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		asked := *r
		asked.Method = method
		var match mux.RouteMatch
		if router.Match(&asked, &match) && match.MatchErr == nil {
			methods = append(methods, method)
		}
	}
	return methods
}
