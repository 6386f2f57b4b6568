package page

import (
	"net/http"
	"strings"

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

// noticeSeparator stands between the parts of a kept notice.
const noticeSeparator = "\x1f"

// Notify keeps a message for the next page that this browser is shown. args
// are those of the text.
func (m *Maker) Notify(r *http.Request, kind templates.NoticeKind, key string, args ...string) {
	if m.Sessions != nil && of(r).session {
		m.Sessions.SetNotice(r.Context(), strings.Join(append([]string{string(kind), key}, args...), noticeSeparator))
	}
}

// notice takes the kept message.
func (m *Maker) notice(r *http.Request) *templates.Notice {
	if m.Sessions == nil || !of(r).session {
		return nil
	}
	parts := strings.Split(m.Sessions.Notice(r.Context()), noticeSeparator)
	if len(parts) < 2 {
		return nil
	}
	args := make([]any, 0, len(parts)-2)
	for _, arg := range parts[2:] {
		args = append(args, arg)
	}
	return &templates.Notice{Kind: templates.NoticeKind(parts[0]), Text: i18n.M(parts[1], args...)}
}
