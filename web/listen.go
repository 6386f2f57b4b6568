package web

import (
	"log/slog"
	"net/http"
	"time"
)

// Times within which clients have to do their part.
const (
	headerTime = 10 * time.Second
	readTime   = 2 * time.Minute // a picture over a slow line
	writeTime  = 2 * time.Minute
	idleTime   = 2 * time.Minute
	maxHeader  = 64 << 10
)

// NewHTTP is a server with limits on everything that a client can draw out. A
// whole upload has two minutes; the inbox has a shorter limit of its own.
func NewHTTP(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// HTTP is the server to listen with.
func (s *Server) HTTP() *http.Server {
	h := NewHTTP(s.Handler(), s.Log)
	h.ConnContext, h.ConnState = withConn, answered
	return h
}
