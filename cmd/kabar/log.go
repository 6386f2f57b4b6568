package main

import (
	"io"
	"log/slog"

	"kabar/internal/config"
	"kabar/web/page"
)

// newLog is the log of a server. Lines that are about a request name it.
func newLog(c config.Config, out io.Writer) *slog.Logger {
	level, err := c.Level()
	if err != nil {
		level = slog.LevelInfo // Validate has refused it
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(page.LogHandler{Handler: slog.NewJSONHandler(out, options)})
	}
	return slog.New(page.LogHandler{Handler: slog.NewTextHandler(out, options)})
}
