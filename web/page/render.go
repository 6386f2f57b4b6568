package page

import (
	"net/http"
	"strconv"

	"kabar/web/templates"
)

// How long browsers and caches between may keep an answer.
const (
	// Public is for what is the same for everybody: kept, and asked for anew
	// each time, which costs a 304.
	Public = "public, max-age=0, must-revalidate"
	// Shared is for pages: caches between may answer with them for some seconds
	// without asking, so that many readers at once ask here once.
	Shared = "public, max-age=0, s-maxage=5, must-revalidate"
	// Private is for what only the one who is signed in may see.
	Private = "private, no-store"
	// varies is what a page depends on, of the request.
	varies = "Accept, Accept-Encoding, Accept-Language, Cookie"
)

// Render sends a page that everybody may see, with the status. It writes
// nothing when it returns an error.
func (m *Maker) Render(w http.ResponseWriter, r *http.Request, status int, p templates.Page) error {
	html, err := templates.HTML(p)
	if err != nil {
		return err
	}
	m.KeepLanguage(w, r)
	cache := Shared
	if HasSession(r) || HasHeld(r) || status != http.StatusOK || w.Header().Get("Set-Cookie") != "" {
		cache = Private // a cache between would hand the cookie to others
	}
	if !m.lastSite().Found() {
		NoIndex(w)
	}
	m.write(w, r, status, cache, html)
	return nil
}

// NoIndex asks search engines to leave out what is answered.
func NoIndex(w http.ResponseWriter) { w.Header().Set("X-Robots-Tag", "noindex") }

// RenderPrivate sends a page that nobody may keep: of the Studio, or with
// what somebody typed.
func (m *Maker) RenderPrivate(w http.ResponseWriter, r *http.Request, status int, p templates.Page) error {
	html, err := templates.HTML(p)
	if err != nil {
		return err
	}
	m.KeepLanguage(w, r)
	m.write(w, r, status, Private, html)
	return nil
}

func (m *Maker) write(w http.ResponseWriter, r *http.Request, status int, cache string, html []byte) {
	h := w.Header()
	h.Set("Content-Language", Language(r, m.lastSite().Language)) // who the page is for; a text may be in another
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", cache)
	h.Set("Vary", varies)
	h.Set("Content-Length", strconv.Itoa(len(html)))
	w.WriteHeader(status)
	_, _ = w.Write(html) // the reader has gone; nobody is left to tell
}
