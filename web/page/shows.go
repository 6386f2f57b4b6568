package page

import "net/http"

// Shows names what the answer to the request depends on: tags of package
// blog (page_tags.go). An answer that everybody may keep and that names
// something is kept in the server's cache until one of the tags changes.
func Shows(r *http.Request, tags ...string) {
	w := of(r)
	w.shows = append(w.shows, tags...)
}

// Shown are the tags that were named.
func Shown(r *http.Request) []string { return of(r).shows }
