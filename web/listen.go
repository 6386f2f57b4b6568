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

// HTTP is the server to listen with.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		ConnContext:       withConn,
		ConnState:         answered,
	}
}
