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
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		s.Page.Log.WarnContext(ctx, "not ready", "error", err)
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
