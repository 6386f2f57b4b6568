package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"kabar/web/page"
)

// broken is a part with a handler that panics and one that never ends.
type broken struct{ p *page.Maker }

func (b broken) Routes(r *mux.Router) {
	r.Handle("/panic", b.p.Handle(func(http.ResponseWriter, *http.Request) error { panic("rahasia") }))
	r.Handle("/abort", b.p.Handle(func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) }))
}

func TestPanic(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	logger := slog.New(page.LogHandler{Handler: slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})})
	m := &page.Maker{Origin: "https://blog.example", Now: time.Now, Log: logger}
	s := &Server{Page: m, Parts: []Part{broken{m}}, Log: logger, Ready: func(context.Context) error { return nil }}
	h := s.Handler()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "https://blog.example/panic", nil))
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || strings.Contains(w.Body.String(), "rahasia") || !strings.Contains(w.Body.String(), id) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "rahasia") || !strings.Contains(log.String(), id) {
		t.Errorf("the log says %s", log.String())
	}
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS")
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("a handler that gives a connection up did not")
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "https://blog.example/abort", nil))
}
