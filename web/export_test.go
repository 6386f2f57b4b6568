package web

import "github.com/gorilla/mux"

// Routes are the templates of the paths of all routes.
func (s *Server) Routes() (templates []string, err error) {
	err = s.router().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		template, err := route.GetPathTemplate()
		if err == nil {
			templates = append(templates, template)
		}
		return nil // a route without a path has no page
	})
	return templates, err
}
