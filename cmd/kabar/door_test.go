package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDoor asks a node in each state of its life.
func TestDoor(t *testing.T) {
	t.Parallel()
	web := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "web") })} //nolint:gosec // it does not listen
	type answer struct {
		Status           int
		Connection, Body string
	}
	tests := []struct {
		name, path    string
		open, leaving bool
		want          answer
	}{
		{"starting", "/", false, false, answer{503, "", "not ready\n"}},
		{"starting, alive", "/livez", false, false, answer{200, "", "live\n"}},
		{"starting, not ready", "/readyz", false, false, answer{503, "", "not ready\n"}},
		{"open", "/", true, false, answer{200, "", "web"}},
		{"open, ready", "/readyz", true, false, answer{200, "", "web"}},
		{"leaving", "/", true, true, answer{200, "close", "web"}},
		{"leaving, alive", "/livez", true, true, answer{200, "close", "web"}},
		{"leaving, not ready", "/readyz", true, true, answer{503, "close", "not ready\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDoor()
			if tt.open {
				d.open(web)
			}
			if tt.leaving {
				d.leave()
			}
			w := httptest.NewRecorder()
			d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, tt.path, nil))
			got := answer{w.Code, w.Header().Get("Connection"), w.Body.String()}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDoorHolds lets what has a body wait until the node is there.
func TestDoorHolds(t *testing.T) {
	t.Parallel()
	d := newDoor()
	answered := make(chan *httptest.ResponseRecorder)
	go func() {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/ap/inbox", strings.NewReader("{}")))
		answered <- w
	}()
	select {
	case w := <-answered:
		t.Fatalf("it did not wait: %d", w.Code)
	default:
	}
	d.open(&http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })}) //nolint:gosec // it does not listen
	if w := <-answered; w.Code != http.StatusAccepted {
		t.Errorf("it waited and got %d", w.Code)
	}
}
