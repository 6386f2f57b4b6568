package page

import (
	"encoding/json"
	"net/http"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// HasSession reports whether the request came with the cookie of a session,
// good or not: what it is answered with belongs into no cache.
func HasSession(r *http.Request) bool {
	for _, c := range r.CookiesNamed(auth.CookieName(true)) {
		return c.Value != ""
	}
	for _, c := range r.CookiesNamed(auth.CookieName(false)) {
		return c.Value != ""
	}
	return false
}

// WithSession loads the session of each request before next. The server does
// it for the Studio, and elsewhere where HasSession.
func (m *Maker) WithSession(next http.Handler) http.Handler {
	if m.Sessions == nil {
		return next
	}
	return m.Sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of(r).session = true
		next.ServeHTTP(w, r)
	}))
}

// Account is who is signed in, or auth.ErrSignedOut, which Fail answers with
// the sign-in.
func (m *Maker) Account(r *http.Request) (blog.Account, error) {
	if m.Auth == nil || !of(r).session {
		return blog.Account{}, auth.ErrSignedOut
	}
	return m.Auth.Current(r.Context())
}

func (m *Maker) signedIn(r *http.Request) bool {
	_, err := m.Account(r)
	return err == nil
}

// notice is a message that waits in the session for the next page.
type notice struct {
	Kind templates.NoticeKind `json:"kind"`
	Key  string               `json:"key"`
	Args []any                `json:"args,omitempty"`
	Undo *templates.Undo      `json:"undo,omitempty"`
}

// Notify keeps a message for the next page that this browser is shown. args
// are those of the text, strings and numbers.
func (m *Maker) Notify(r *http.Request, kind templates.NoticeKind, key string, args ...any) {
	m.keepNotice(r, notice{Kind: kind, Key: key, Args: args})
}

// NotifyUndo is Notify of something good that can be taken back.
func (m *Maker) NotifyUndo(r *http.Request, undo *templates.Undo, key string, args ...any) {
	m.keepNotice(r, notice{templates.NoticeGood, key, args, undo})
}

func (m *Maker) keepNotice(r *http.Request, n notice) {
	if m.Sessions == nil || !of(r).session {
		return
	}
	if raw, err := json.Marshal(n); err == nil { // strings and numbers only
		m.Sessions.SetNotice(r.Context(), string(raw))
	}
}

// notice takes the kept message.
func (m *Maker) notice(r *http.Request) *templates.Notice {
	if m.Sessions == nil || !of(r).session {
		return nil
	}
	var n notice
	if json.Unmarshal([]byte(m.Sessions.Notice(r.Context())), &n) != nil {
		return nil // none, or one of another version
	}
	for i, arg := range n.Args {
		if number, ok := arg.(float64); ok {
			n.Args[i] = int(number)
		}
	}
	return &templates.Notice{Kind: n.Kind, Text: i18n.M(n.Key, n.Args...), Undo: n.Undo}
}
