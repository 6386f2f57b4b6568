package web

import (
	"cmp"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"kabar/web/page"
)

// observe tells how long each route took.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, seen := time.Now(), &page.Witness{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		route, err := mux.CurrentRoute(r).GetPathTemplate()
		if err != nil {
			return // it has none: it is no route of ours
		}
		s.Observe(route, r.Method, cmp.Or(seen.Status, http.StatusOK), time.Since(began))
	})
}
