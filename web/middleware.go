package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// maxBody bounds every body; forms and the inbox have closer limits.
	maxBody = 64 << 20
	// requestTime is how long a handler may work on an answer.
	requestTime = 25 * time.Second
)

// identify gives the request an id and finds out where it comes from, and
// logs how it went.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := s.requestID(r)
		ctx := page.WithRequest(r.Context(), id, page.Forwarded(r, s.Trusts))
		w.Header().Set(page.RequestIDHeader, id)
		if !s.Log.Enabled(ctx, slog.LevelDebug) {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		start, seen := time.Now(), &page.Witness{ResponseWriter: w, Status: http.StatusOK}
		next.ServeHTTP(seen, r.WithContext(ctx))
		s.Log.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", seen.Status), slog.Duration("took", time.Since(start)))
	})
}

// ids of requests that a proxy gives them.
var ids = regexp.MustCompile(`^[0-9A-Za-z._:-]{8,64}$`)

// requestID is the one that a trusted proxy gave the request, so that its log
// and ours can be laid beside each other, or a new one.
func (s *Server) requestID(r *http.Request) string {
	given := r.Header.Get(page.RequestIDHeader)
	if given != "" && s.Trusts != nil && s.Trusts(page.Forwarded(r, nil)) && ids.MatchString(given) {
		return given
	}
	return strings.ToLower(rand.Text()[:16])
}

// rescue makes an error page of a panic.
func (s *Server) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause) // net/http ends the connection
			default:
				s.Page.Fail(w, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// limit bounds what a request may send and how long its answer may take.
func limit(next http.Handler) http.Handler {
	return http.MaxBytesHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	}), maxBody)
}

// streams keeps what has no end from what bounds and compresses answers.
func (s *Server) streams(next http.Handler) http.Handler {
	if s.Live == nil {
		return next
	}
	endless := s.ownHost(s.Live)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, templates.LivePath) && r.Method == http.MethodGet {
			endless.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses forms that another site sends. Other servers send no
// forms: what is below /ap/ is signed instead.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.Page.Origin); err != nil {
		s.Log.Error("the public origin", "error", err) // config checked it
	}
	protection.SetDenyHandler(s.Page.Handle(func(http.ResponseWriter, *http.Request) error {
		return page.Status(http.StatusForbidden)
	}))
	forms := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if forServers(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		forms.ServeHTTP(w, r)
	})
}

// forServers reports whether other servers, not people, ask for a path: no
// session, no redirect and no check of forms stands before it.
func forServers(path string) bool {
	return strings.HasPrefix(path, "/ap/") || strings.HasPrefix(path, "/.well-known/") || strings.HasPrefix(path, "/nodeinfo/")
}

var errMisdirected = errors.New("this host is not served here")

// ownHost leads readers from other names of this server to its own, and
// refuses everything else that comes under another name: ids are made from
// the one origin. WebFinger may be asked for under the domain of the handles,
// and health by an address.
func (s *Server) ownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		read := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case s.ours(r), strings.HasPrefix(path, "/.well-known/"), path == livePath, path == readyPath:
			next.ServeHTTP(w, r)
		case read && !strings.HasPrefix(path, "/ap/"):
			http.Redirect(w, r, s.Page.Absolute("/"+strings.TrimLeft(r.URL.RequestURI(), "/")), http.StatusMovedPermanently)
		default:
			http.Error(w, errMisdirected.Error(), http.StatusMisdirectedRequest)
		}
	})
}

// ours reports whether the request was sent to the public origin's host; a
// trusted proxy may say so in X-Forwarded-Host.
func (s *Server) ours(r *http.Request) bool {
	host := s.Page.Host()
	if sameHost(r.Host, host, s.Page.Secure()) {
		return true
	}
	forwarded := r.Header.Get("X-Forwarded-Host")
	return forwarded != "" && s.Trusts != nil && s.Trusts(page.Forwarded(r, nil)) && sameHost(forwarded, host, s.Page.Secure())
}

func sameHost(got, want string, secure bool) bool {
	port := ":80"
	if secure {
		port = ":443"
	}
	return strings.EqualFold(strings.TrimSuffix(got, port), strings.TrimSuffix(want, port))
}

// sessions loads the session where somebody may be signed in.
func (s *Server) sessions(next http.Handler) http.Handler {
	loaded := s.Page.WithSession(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		private := path == templates.SetupPath || path == templates.StudioPath || strings.HasPrefix(path, templates.StudioPath+"/")
		if !forServers(path) && (private || page.HasSession(r)) {
			loaded.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
