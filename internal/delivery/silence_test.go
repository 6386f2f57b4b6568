package delivery_test

import (
	"strings"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/delivery"
)

const (
	day = 24 * time.Hour
	// longest is the longest pause with its jitter.
	longest = 6*time.Hour + 36*time.Minute
)

// TestHeld holds a row for seven days, through failures of the host and of the
// row, and not longer.
func TestHeld(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Behaviour
	}{
		{"host", aptest.Behaviour{Status: 503}},
		{"row", aptest.Behaviour{Status: 500}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.server()
			s.Misbehave(tt.in)
			w.plan("Create", "https://blog.test/1", s.SharedInbox())
			for w.visit(); w.states()[0] == delivery.Waiting; w.visit() {
				w.wait(w.ledger()[0].Next().Sub(w.clock()))
			}
			if held := w.clock().Sub(start); held < 7*day-longest || held > 7*day {
				t.Errorf("held for %s", held)
			}
			w.differ("state", delivery.Expired, w.states()[0])
		})
	}
}

// TestHeldBehind ends what was held long enough behind a row that failed,
// without trying it.
func TestHeldBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 503})
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	w.plan("Create", "https://blog.test/2", s.SharedInbox())
	w.wait(7 * day)
	w.plan("Create", "https://blog.test/3", s.SharedInbox())
	w.visit()
	w.differ("states", []delivery.State{delivery.Expired, delivery.Expired, delivery.Waiting}, w.states())
	w.differ("requests", 1, s.Requests("/inbox"))
	w.differ("attempts", 0, w.ledger()[1].Attempts)
}

// TestSuspended gives a host up after thirty days of silence, until it speaks.
func TestSuspended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 503})
	var e delivery.Entry
	for e.Suspended = false; !e.Suspended && w.clock().Before(start.Add(40*day)); w.wait(longest) {
		w.plan("Create", "https://blog.test/"+newID().String(), s.SharedInbox())
		w.visit()
		e = w.ledger()[0]
	}
	if silent := w.clock().Sub(start); silent < 30*day || silent > 30*day+2*longest {
		t.Errorf("suspended after %s", silent)
	}
	before := s.Requests("/inbox")
	s.Behave()
	w.plan("Create", "https://blog.test/old", s.SharedInbox())
	w.wait(8 * day)
	last := w.plan("Create", "https://blog.test/last", s.SharedInbox())
	w.wait(day)
	w.visit()
	w.differ("requests while suspended", before, s.Requests("/inbox"))
	expired, err := w.store.ExpireDeliveries(t.Context(), w.clock().Add(-delivery.Held))
	w.check(err)
	if expired == 0 {
		t.Error("what waited too long for a suspended host is not expired")
	}

	woken, err := w.store.HostSpoke(t.Context(), w.clock(), e.Host)
	w.check(err)
	w.differ("woken", true, woken)
	w.visit()
	w.differ("got", []string{last}, got(t, s)[before:])
}

// TestSpoke tries a paused host at once when something verified comes from it.
func TestSpoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 503, RetryAfter: "7200", Times: 1})
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	w.visit()
	nudged := 0
	spoken := &delivery.Spoken{Store: w.store, Now: w.clock, Nudge: func() { nudged++ }}
	host := w.ledger()[0].Host
	w.differ("claimed while paused", 0, len(w.claim()))
	w.check(spoken.Host(t.Context(), "elsewhere.test"))
	w.differ("claimed after another spoke", 0, len(w.claim()))
	w.check(spoken.Host(t.Context(), host))
	w.differ("nudges", 1, nudged)
	w.visit()
	w.differ("states", []delivery.State{delivery.Delivered}, w.states())
}

// TestSpokenOften costs a busy host one statement in a while.
func TestSpokenOften(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 503})
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	host := w.ledger()[0].Host
	nudged := 0
	spoken := &delivery.Spoken{Store: w.store, Now: w.clock, Nudge: func() { nudged++ }}
	w.check(spoken.Host(t.Context(), host))
	w.visit()
	w.check(spoken.Host(t.Context(), host))
	w.differ("nudges at once", 0, nudged)
	w.wait(2 * time.Second)
	w.exec(`update hosts set paused_until = $1`, w.clock().Add(day))
	w.check(spoken.Host(t.Context(), host))
	w.differ("nudges after a while", 1, nudged)
}

// TestSpokenBeforeThePause wakes a host that speaks before and right after.
func TestSpokenBeforeThePause(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 503})
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	nudged := 0
	spoken := &delivery.Spoken{Store: w.store, Now: w.clock, Nudge: func() { nudged++ }}
	w.sender.Paused = spoken.Paused
	due := w.claim()
	w.check(spoken.Host(t.Context(), due[0].Name))
	w.check(w.sender.Loop(nil).Done(t.Context(), []delivery.Result{w.sender.Do(t.Context(), due[0])}))
	w.check(spoken.Host(t.Context(), due[0].Name))
	w.differ("nudges", 1, nudged)
}

// TestSilenceEnds takes every answer for the end of a host's silence, even one
// that refuses, and even if the next request of the same visit fails.
func TestSilenceEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   int // answer of the first inbox after a failure; the second inbox fails again
		want int // failures in a row after it
	}{
		{"taken", 202, 1},
		{"refused", 403, 1},
		{"not now", 500, 1},
		{"down", 503, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.server()
			one, two := s.Person("ana").Inbox(), s.Person("budi").Inbox()
			s.Misbehave(aptest.Behaviour{Status: 503})
			w.plan("Create", "https://blog.test/1", one)
			w.visit()
			w.wait(day)
			w.plan("Create", "https://blog.test/2", two)
			s.Behave()
			s.Misbehave(aptest.Behaviour{Path: strings.TrimPrefix(one, s.URL()), Status: tt.in})
			s.Misbehave(aptest.Behaviour{Path: strings.TrimPrefix(two, s.URL()), Status: 503})
			w.visit()
			var failures int
			var since time.Time
			w.check(w.store.Pool().QueryRow(t.Context(), `select failures, failing_since from hosts`).Scan(&failures, &since))
			w.differ("failures", tt.want, failures)
			w.differ("silent since the second failure", tt.want == 1, since.Equal(w.clock()))
		})
	}
}
