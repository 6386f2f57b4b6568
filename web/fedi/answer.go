package fedi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/page"
)

// open makes a handler of one that answers everybody: an actor and its key
// have to be had by a server that wants to check our signature.
func (p *Part) open(h page.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if err := h(w, r); err != nil {
			p.fail(w, r, err)
		}
	})
}

// guarded makes a handler of one that answers only signed requests when the
// settings want that.
func (p *Part) guarded(h page.Handler) http.Handler {
	return p.bounded(p.open(func(w http.ResponseWriter, r *http.Request) error {
		if err := p.admit(w, r); err != nil {
			return err
		}
		return h(w, r)
	}))
}

// document sends an ActivityPub document.
func document(w http.ResponseWriter, doc []byte, err error) error {
	if err != nil {
		return err
	}
	write(w, http.StatusOK, activitypub.ContentType, doc)
	return nil
}

func write(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Add("Vary", "Accept, Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", page.Public)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked has gone; nobody is left to tell
}

// fail answers a server: a Tombstone for what is deleted, a line of JSON
// otherwise. 404 and 410 are answered only when the database says so: a server
// that gets one deletes what it has.
func (p *Part) fail(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	var tombstone *federation.Tombstoned
	if errors.As(err, &tombstone) {
		write(w, http.StatusGone, activitypub.ContentType, tombstone.Document)
		return
	}
	status := p.Page.Failed(w, r, err)
	body, _ := json.Marshal(map[string]string{"error": http.StatusText(status)}) // strings always can be
	write(w, status, "application/json", body)
}

func activeSince(accounts []blog.Account, since time.Time) int {
	n := 0
	for _, a := range accounts {
		if a.LastLogin.After(since) {
			n++
		}
	}
	return n
}
