package web

import (
	"context"
	"io"
	"net/http"
	"time"
)

const (
	livePath  = "/livez"
	readyPath = "/readyz"
	// readyTime is how long the database may take to say that it is there.
	readyTime = 2 * time.Second
)

// live says that the program runs.
func live(w http.ResponseWriter, _ *http.Request) error {
	return say(w, http.StatusOK, "live")
}

// ready says that it can serve.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	// Those who ask at the same time get one answer: it takes a connection.
	_, err, _ := s.asking.Do(readyPath, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), readyTime)
		defer cancel()
		return nil, s.Ready(ctx)
	})
	if err != nil {
		s.Page.Log.WarnContext(r.Context(), "not ready", "error", err)
		w.Header().Set("Retry-After", "5")
		return say(w, http.StatusServiceUnavailable, "not ready")
	}
	return say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := io.WriteString(w, text+"\n")
	if err != nil {
		return nil // who asked has gone
	}
	return nil
}
