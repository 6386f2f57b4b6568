package page

import (
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
)

// Variable is a part of the path, which the router leaves escaped.
func Variable(r *http.Request, name string) (string, error) {
	value, err := url.PathUnescape(mux.Vars(r)[name])
	if err != nil {
		return "", blog.ErrNotFound
	}
	return value, nil
}
