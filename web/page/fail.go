package page

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"kabar/internal/auth"
	"kabar/web/templates"
)

// Fail turns an error into a page: the sign-in for who is not signed in, the
// question who it is for what is dangerous, a page that explains the status otherwise, and a line for programs. What a 5xx was
// is logged and never shown.
func (m *Maker) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, auth.ErrSignedOut) {
		m.askToSignIn(w, r)
		return
	}
	if errors.Is(err, auth.ErrUnconfirmed) {
		if err = m.askToConfirm(w, r); err == nil {
			return
		}
	}
	var other Elsewhere
	if errors.As(err, &other) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, string(other), http.StatusSeeOther)
		return
	}
	status := m.Failed(w, r, err)
	if !readsPages(r) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", varies)
		http.Error(w, http.StatusText(status), status)
		return
	}
	p := &templates.ErrorPage{
		Frame: m.failedFrame(r, status), Status: status, RequestID: RequestID(r), RetryAfter: retryAfter(err),
	}
	p.Head = templates.Head{Title: p.T(p.Key("title")), NoIndex: true}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		p.Head.LanguageURLs = languageURLs(r)
		m.KeepLanguage(w, r)
	}
	if p.Lost() {
		m.help(r, p, err)
	}
	html, renderErr := templates.HTML(p)
	if renderErr != nil {
		m.Log.ErrorContext(r.Context(), "render an error page", "error", renderErr)
		http.Error(w, http.StatusText(status), status)
		return
	}
	m.write(w, r, status, "no-store", html)
}

// Failed logs an error that is ours, sets Retry-After where waiting helps, and
// returns the status to answer with.
func (m *Maker) Failed(w http.ResponseWriter, r *http.Request, err error) int {
	status := StatusOf(err)
	if status >= 500 && !errors.Is(err, ErrBusy) && r.Context().Err() == nil {
		m.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	if wait := retryAfter(err); wait > 0 {
		w.Header().Set("Retry-After", seconds(wait))
	}
	return status
}

// seconds writes a Retry-After, at least one (RFC 9110, section 10.2.3).
func seconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(max(d.Seconds(), 1))))
}

// failedFrame is the frame of an error page. When something of ours is broken
// it asks the database for nothing.
func (m *Maker) failedFrame(r *http.Request, status int) templates.Frame {
	if status < 500 {
		if f, err := m.Frame(r); err == nil {
			return f
		}
	}
	return m.bareFrame(r, m.lastSite())
}
