package static

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"kabar/internal/pagecache"
)

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	a, keep := find(r.URL.Path)
	if a == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", keep)
	h.Set("Content-Type", a.kind)
	h.Set("Etag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.Contains(r.Header.Get("If-None-Match"), a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	a.send(w, r)
}

// find is the file at a path and how long it may be kept. A page of another
// version, from a node not yet or already upgraded, asks with another hash: it
// gets the file that is here, not to be kept.
func find(at string) (*asset, string) {
	if a, ok := byPath[at]; ok {
		return a, "public, max-age=31536000, immutable"
	}
	name, _ := strings.CutPrefix(at, Prefix)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if a, ok := byName[strings.TrimSuffix(stem, path.Ext(stem))+ext]; ok {
		return a, "no-cache"
	}
	return nil, ""
}

func (a *asset) send(w http.ResponseWriter, r *http.Request) {
	body := a.body
	if pagecache.AcceptsGzip(r.Header) {
		body = a.gzip
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader has gone; nobody is left to tell
	}
}
