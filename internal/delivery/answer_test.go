package delivery_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/delivery"
)

// effect is what an answer does. Pauses are without their jitter.
type effect struct {
	State    delivery.State
	Host     time.Duration // the host is paused for so long
	Row      time.Duration // the row waits for so long
	Requests int
	Status   int // the last answer in the ledger
}

func (w *world) effect(s *aptest.Server) effect {
	w.Helper()
	e := w.ledger()[0]
	seen := effect{State: e.State, Requests: s.Requests("/inbox"), Status: e.LastStatus}
	if !e.Paused.IsZero() {
		seen.Host = e.Paused.Sub(w.clock()).Truncate(5 * time.Second)
	}
	if e.State == delivery.Waiting {
		seen.Row = e.NextAt.Sub(w.clock()).Truncate(5 * time.Second)
	}
	return seen
}

// TestAnswers goes through what inboxes answer and what that means.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const pause = 5 * time.Second
	host := func(status int) effect { return effect{delivery.Waiting, pause, 0, 1, status} }
	row := func(status int) effect { return effect{delivery.Waiting, 0, pause, 1, status} }
	final := func(status int) effect { return effect{delivery.Failed, 0, 0, 1, status} }
	tests := []struct {
		name string
		in   aptest.Behaviour
		want effect
	}{
		{"200", aptest.Behaviour{Status: 200}, effect{delivery.Delivered, 0, 0, 1, 200}},
		{"202", aptest.Behaviour{Status: 202}, effect{delivery.Delivered, 0, 0, 1, 202}},
		{"204", aptest.Behaviour{Status: 204}, effect{delivery.Delivered, 0, 0, 1, 204}},
		{"a redirect is not followed", aptest.Behaviour{Status: 308, Location: "/elsewhere"}, row(308)},
		{"400 in both kinds", aptest.Behaviour{Status: 400}, effect{delivery.Failed, 0, 0, 2, 400}},
		{"401 in both kinds", aptest.Behaviour{Status: 401}, effect{delivery.Waiting, 0, pause, 2, 401}},
		{"401 in one kind", aptest.Behaviour{Status: 401, Times: 1}, effect{delivery.Delivered, 0, 0, 2, 202}},
		{"403", aptest.Behaviour{Status: 403}, final(403)},
		{"404", aptest.Behaviour{Status: 404}, final(404)},
		{"405", aptest.Behaviour{Status: 405}, final(405)},
		{"408", aptest.Behaviour{Status: 408}, row(408)},
		{"410", aptest.Behaviour{Status: 410}, final(410)},
		{"413 without a compact form", aptest.Behaviour{Status: 413}, final(413)},
		{"422", aptest.Behaviour{Status: 422}, final(422)},
		{"429", aptest.Behaviour{Status: 429}, host(429)},
		{"500", aptest.Behaviour{Status: 500}, row(500)},
		{"501", aptest.Behaviour{Status: 501}, row(501)},
		{"502", aptest.Behaviour{Status: 502}, host(502)},
		{"503", aptest.Behaviour{Status: 503}, host(503)},
		{"504", aptest.Behaviour{Status: 504}, host(504)},
		{"no answer", aptest.Behaviour{Reset: true}, host(0)},
		{"429 that asks for an hour", aptest.Behaviour{Status: 429, RetryAfter: "3600"}, effect{delivery.Waiting, time.Hour, 0, 1, 429}},
		{"503 that asks for a week", aptest.Behaviour{Status: 503, RetryAfter: "604800"}, effect{delivery.Waiting, 24 * time.Hour, 0, 1, 503}},
		{"500 that asks for a minute", aptest.Behaviour{Status: 500, RetryAfter: "60"}, effect{delivery.Waiting, 0, time.Minute, 1, 500}},
		{"503 that asks for less than the pause", aptest.Behaviour{Status: 503, RetryAfter: "1"}, host(503)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.server()
			s.Misbehave(tt.in)
			w.plan("Create", "https://blog.test/1", s.SharedInbox())
			w.visit()
			w.differ("effect", tt.want, w.effect(s))
		})
	}
}

// TestSilence goes through hosts that give no answer at all.
func TestSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone := w.server()
	gone.Close()
	tests := []struct {
		name string
		in   string
		want effect
	}{
		{"connection refused", gone.SharedInbox(), effect{State: delivery.Waiting, Host: 5 * time.Second}},
		{"no such host", "http://host.invalid/inbox", effect{State: delivery.Waiting, Host: 5 * time.Second}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.plan("Create", "https://blog.test/1", tt.in)
			w.visit()
			w.differ("effect", tt.want, w.effect(gone))
		})
	}
}

// TestTimeout pauses a host that takes longer than the client waits.
func TestTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender = w.newSender(50 * time.Millisecond)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Hang: true})
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	w.visit()
	w.differ("effect", effect{State: delivery.Waiting, Host: 5 * time.Second, Requests: 1}, w.effect(s))
}

// TestPausesGrow fails a host and a row again and again.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	want := []time.Duration{5, 15, 45, 135, 405, 1215, 3645, 10935, 21600, 21600}
	for _, status := range []int{503, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.server()
			s.Misbehave(aptest.Behaviour{Status: status})
			w.plan("Create", "https://blog.test/1", s.SharedInbox())
			for i, seconds := range want {
				w.visit()
				next, least := w.ledger()[0].Next().Sub(w.clock()), seconds*time.Second
				if next < least || next > least+least/10 {
					t.Errorf("pause %d is %s, want %s and a tenth more at most", i+1, next, least)
				}
				w.wait(next)
			}
		})
	}
}

// TestPauseHoldsOnlyItsOwn shows what waits behind a failure.
func TestPauseHoldsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	const done, held = delivery.Delivered, delivery.Waiting
	tests := []struct {
		name   string
		status int
		want   []delivery.State // same place, same inbox, same object, other host
	}{
		{"the row", 500, []delivery.State{held, held, done, done, done}},
		{"the host", 503, []delivery.State{held, held, held, held, done}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s, other := w.server(), w.server()
			s.Misbehave(aptest.Behaviour{Path: "/inbox", Status: tt.status, Times: 1})
			w.plan("Create", "https://blog.test/1", s.SharedInbox())
			w.plan("Like", "https://blog.test/1", s.SharedInbox())
			w.plan("Create", "https://blog.test/2", s.SharedInbox())
			w.plan("Create", "https://blog.test/1", s.URL()+"/users/bob/inbox")
			w.plan("Create", "https://blog.test/1", other.SharedInbox())
			w.visit()
			w.differ("states", tt.want, w.states())
		})
	}
}

// TestLongAnswer writes down an answer that is cut within a character.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	for shift := range 3 {
		w := newWorld(t)
		s := w.server()
		s.Misbehave(aptest.Behaviour{Status: 403, Body: []byte(strings.Repeat("x", shift) + strings.Repeat("禁", 300))})
		w.plan("Create", "https://blog.test/1", s.SharedInbox())
		w.visit()
		w.differ("states", []delivery.State{delivery.Failed}, w.states())
	}
}
