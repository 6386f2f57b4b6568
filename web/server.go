package web

import (
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/gorilla/mux"

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
	// Trusts tells whose forwarding headers are believed; nil is nobody's.
	Trusts func(netip.Addr) bool
	Log    *slog.Logger
}

// router has the routes of all parts. The path is taken as it was sent: a
// redirect to a cleaner one would lose the body of a POST.
func (s *Server) router() *mux.Router {
	r := mux.NewRouter().UseEncodedPath().SkipClean(true).StrictSlash(false)
	for _, p := range s.Parts {
		p.Routes(r)
	}
	r.PathPrefix(static.Prefix).Handler(static.Handler())
	return r
}

// Handler is the whole server.
func (s *Server) Handler() http.Handler { return s.router() }
