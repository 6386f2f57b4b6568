package web

import (
	"maps"
	"net/http"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/templates"
)

// csp allows a page what comes from here and nothing else. Forms of visitors
// lead to their own servers; those of the Studio never leave.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// headers sets what browsers are to hold to, on every answer.
func (s *Server) headers(next http.Handler) http.Handler {
	leads := " https:"
	if !s.Page.Secure() {
		leads = " https: http:"
	}
	public, private := []string{csp + leads}, []string{csp}
	always := map[string][]string{"X-Content-Type-Options": {"nosniff"}}
	if s.Page.Secure() {
		always["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	// Documents for servers are fetched by thousands at a time, and have neither
	// links to follow nor scripts to hold back: each header costs a hundredth.
	pages := map[string][]string{
		"Referrer-Policy":            {"strict-origin-when-cross-origin"},
		"Permissions-Policy":         {"camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
	}
	maps.Copy(pages, always)
	elsewhere, here := []string{"cross-origin"}, []string{"same-origin"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if forServers(r.URL.Path) {
			maps.Copy(h, always)
		} else {
			maps.Copy(h, pages)
		}
		h["Cross-Origin-Resource-Policy"] = here
		if shared(r.URL.Path) {
			h["Cross-Origin-Resource-Policy"] = elsewhere
		}
		h["Content-Security-Policy"] = public
		if strings.HasPrefix(r.URL.Path, templates.StudioPath) {
			h["Content-Security-Policy"] = private
		}
		next.ServeHTTP(w, r)
	})
}

// shared reports whether pages of other sites may hold what is at a path:
// pictures, in what others pass on and in readers of feeds, documents and feeds.
func shared(path string) bool {
	return forServers(path) || strings.HasPrefix(path, blog.MediaPath) || path == federation.IconPath || templates.IsFeed(path)
}
