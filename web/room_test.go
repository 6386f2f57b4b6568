package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/mux"

	"kabar/web/page"
)

func TestRoomsOf(t *testing.T) {
	t.Parallel()
	all := newRooms(20)
	names := map[*room]string{nil: "none", all.pages: "pages", all.forms: "forms", all.servers: "servers"}
	tests := []struct{ method, path, want string }{
		{"GET", "/", "pages"},
		{"HEAD", "/search", "pages"},
		{"GET", "/studios", "pages"},
		{"POST", "/-/respond/x", "forms"},
		{"PUT", "/", "forms"},
		{"GET", "/ap/objects/x", "servers"},
		{"GET", "/.well-known/webfinger", "servers"},
		{"POST", "/ap/inbox", "none"},
		{"GET", "/studio", "none"},
		{"POST", "/studio/login", "none"},
		{"POST", "/follow", "none"},
		{"GET", "/livez", "none"},
		{"GET", "/readyz", "none"},
		{"GET", "/static/kabar.css", "none"},
		{"GET", "/-/media/x.webp", "none"},
	}
	for _, tt := range tests {
		if got := names[all.of(httptest.NewRequest(tt.method, tt.path, nil))]; got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.method, tt.path, got, tt.want)
		}
	}
	if got := []int{cap(all.pages.places), cap(all.forms.places), cap(all.servers.places), cap(newRooms(1).forms.places)}; !cmp.Equal(got, []int{6, 4, 4, 1}) {
		t.Errorf("places: %v", got)
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	m := newRoom(1)
	m.most, m.time = 1, time.Minute
	r := httptest.NewRequest("GET", "/", nil)
	leave, err := m.enter(r)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.enter(r.WithContext(gone)); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone waits: %v", err)
	}
	m.most = 0
	if _, err := m.enter(r); !errors.Is(err, page.ErrBusy) {
		t.Errorf("beyond the queue: %v", err)
	}
	m.most, m.time = 1, time.Millisecond
	if _, err := m.enter(r); !errors.Is(err, page.ErrBusy) {
		t.Errorf("beyond patience: %v", err)
	}
	m.time = time.Minute
	next := make(chan error)
	go func() {
		leave, err := m.enter(r)
		if err == nil {
			leave()
		}
		next <- err
	}()
	leave()
	if err := <-next; err != nil {
		t.Errorf("who waited: %v", err)
	}
	if m.waiting.Load() != 0 || len(m.places) != 0 {
		t.Errorf("left over: %d wait, %d inside", m.waiting.Load(), len(m.places))
	}
}

// slowPart has a page that waits until it is let go, before its first byte or
// after it, and a form.
type slowPart struct {
	p           *page.Maker
	begun, free chan struct{}
}

func (s slowPart) Routes(r *mux.Router) {
	r.Handle("/before", s.p.Handle(func(w http.ResponseWriter, _ *http.Request) error {
		s.begun <- struct{}{}
		<-s.free
		_, err := io.WriteString(w, "late")
		return err
	}))
	r.Handle("/after", s.p.Handle(func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "early")
		s.begun <- struct{}{}
		<-s.free
		return err
	}))
	r.Handle("/quick", s.p.Handle(func(w http.ResponseWriter, r *http.Request) error {
		n, err := io.Copy(w, r.Body)
		fmt.Fprintf(w, " %d", n)
		return err
	}))
}

// TestCrowds fills the room of pages: one more waits for the first byte of
// another, and other kinds of requests do not notice.
func TestCrowds(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	m := &page.Maker{Origin: "https://blog.example", Now: time.Now, Log: log}
	part := slowPart{m, make(chan struct{}), make(chan struct{})}
	h := (&Server{Page: m, Parts: []Part{part}, Log: log, Connections: 4, Ready: func(context.Context) error { return nil }}).Handler()
	ask := func(method, path, body string) string {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "https://blog.example"+path, strings.NewReader(body))
		r.Header.Set("Accept", "application/json")
		h.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, " ", w.Header().Get("Retry-After"), " ", w.Body)
	}
	var slow sync.WaitGroup
	begin := func(path string) {
		slow.Go(func() { ask("GET", path, "") })
		<-part.begun
	}
	begin("/after") // its place is free again
	if got := ask("GET", "/quick", ""); got != "200   0" {
		t.Errorf("beside one whose line is slow: %q", got)
	}
	begin("/before")
	if got := ask("GET", "/quick", ""); got != "503 10 Service Unavailable\n" {
		t.Errorf("a page when there is no room: %q", got)
	}
	if got := ask("POST", "/quick", "name=ann"); got != "200  name=ann 8" {
		t.Errorf("a form meanwhile: %q", got)
	}
	large := strings.Repeat("x", formAhead+1)
	if got := ask("POST", "/quick", large); got != fmt.Sprintf("200  %s %d", large, len(large)) {
		t.Errorf("a large form: %d bytes", len(got))
	}
	if got := ask("GET", "/livez", ""); got != "200  live\n" {
		t.Errorf("health meanwhile: %q", got)
	}
	close(part.free)
	slow.Wait()
	if got := ask("GET", "/quick", ""); got != "200   0" {
		t.Errorf("afterwards: %q", got)
	}
}

// TestFormThatBreaksOff ends without a place.
func TestFormThatBreaksOff(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	m := &page.Maker{Origin: "https://blog.example", Now: time.Now, Log: log}
	h := (&Server{Page: m, Parts: []Part{slowPart{p: m}}, Log: log, Ready: func(context.Context) error { return nil }}).Handler()
	out, in := io.Pipe()
	go func() {
		_, _ = io.WriteString(in, "name=") // the answer tells
		in.CloseWithError(io.ErrUnexpectedEOF)
	}()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "https://blog.example/quick", out)
	r.Header.Set("Accept", "application/json")
	h.ServeHTTP(w, r)
	if w.Code != 400 || w.Header().Get("Connection") != "close" {
		t.Errorf("%d %q", w.Code, w.Header().Get("Connection"))
	}
}
