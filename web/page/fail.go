package page

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/web/templates"
)

// recent is how many articles a page that was not found offers instead.
const recent = 5

// Fail turns an error into a page: the sign-in for who is not signed in, a
// page that explains the status otherwise. What a 5xx was is logged and never
// shown.
func (m *Maker) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, auth.ErrSignedOut) {
		m.askToSignIn(w, r)
		return
	}
	status := m.Failed(w, r, err)
	p := &templates.ErrorPage{
		Frame: m.failedFrame(r, status), Status: status, RequestID: RequestID(r), RetryAfter: retryAfter(err),
	}
	if status == http.StatusNotFound || status == http.StatusGone {
		p.Recent = m.recentArticles(r)
	}
	html, renderErr := templates.HTML(p)
	if renderErr != nil {
		m.Log.ErrorContext(r.Context(), "render an error page", "error", renderErr)
		http.Error(w, http.StatusText(status), status)
		return
	}
	write(w, status, "no-store", html)
}

// Failed logs an error that is ours, sets Retry-After where waiting helps, and
// returns the status to answer with.
func (m *Maker) Failed(w http.ResponseWriter, r *http.Request, err error) int {
	status := StatusOf(err)
	if status >= 500 && r.Context().Err() == nil {
		m.Log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.String("request", RequestID(r)), slog.Any("error", err))
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
			f.Head = templates.Head{Title: strconv.Itoa(status), NoIndex: true}
			return f
		}
	}
	f := m.bareFrame(r, m.lastSite())
	f.Head = templates.Head{Title: strconv.Itoa(status), NoIndex: true}
	return f
}

func (m *Maker) recentArticles(r *http.Request) []templates.Link {
	articles, err := m.Blog.Articles(r.Context(), blog.ArticleQuery{Limit: recent})
	if err != nil {
		return nil // the page helps without them, too
	}
	links := make([]templates.Link, 0, len(articles))
	for _, a := range articles {
		text := a.Title
		if text == "" {
			text = a.Excerpt
		}
		links = append(links, templates.Link{Text: text, URL: "/" + url.PathEscape(a.Slug)})
	}
	return links
}
