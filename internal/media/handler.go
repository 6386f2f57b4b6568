package media

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// Handler serves the files of a Store by the last part of the request's path. Mount it for GET and HEAD.
type Handler struct {
	Store Store
	// Failed hears of errors that are no fault of the request; nil ignores them.
	Failed func(r *http.Request, err error)
}

// ServeHTTP implements http.Handler. A file never changes under its name, so it may be kept for ever; and should one be
// opened by itself, it can do nothing.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	file, err := h.Store.Open(name)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	header := w.Header()
	header.Set("Content-Type", ContentType(name))
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // other servers show our pictures to their people
	header.Set("ETag", `"`+name+`"`)
	http.ServeContent(w, r, "", file.ModTime(), file)
}

func (h Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if errors.Is(err, fs.ErrNotExist) {
		http.NotFound(w, r)
		return
	}
	if h.Failed != nil {
		h.Failed(r, err)
	}
	w.Header().Set("Retry-After", "30") // the storage is away, or the disk fails: the file itself is not lost
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}
