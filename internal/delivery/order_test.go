package delivery_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/delivery"
)

// TestOrder keeps the order within one inbox and object through a failure.
func TestOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Status: 500, Times: 1})
	first := w.plan("Create", "https://blog.test/1", s.SharedInbox())
	second := w.plan("Update", "https://blog.test/1", s.SharedInbox())
	other := w.plan("Create", "https://blog.test/2", s.SharedInbox())
	w.visit()
	w.visit() // the Update is due, but waits for the Create
	w.wait(6 * time.Second)
	w.visit()
	w.differ("order", []string{first, other, first, second}, got(t, s))
}

// TestKnocksTwice remembers the kind of signature that was taken.
func TestKnocksTwice(t *testing.T) {
	t.Parallel()
	const cavage, message = httpsig.Cavage, httpsig.RFC9421
	tests := []struct {
		name   string
		status int
		want   []httpsig.Kind
	}{
		{"400", 400, []httpsig.Kind{cavage, message, message, message, cavage, cavage}},
		{"401", 401, []httpsig.Kind{cavage, message, message, message, cavage, cavage}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.server()
			send := func() { w.plan("Create", "https://blog.test/1", s.SharedInbox()); w.visit() }
			s.Misbehave(aptest.Behaviour{Status: tt.status, Times: 1})
			send()
			send()
			// Then the server changes its mind.
			s.Misbehave(aptest.Behaviour{Status: tt.status, Times: 1})
			send()
			send()
			w.differ("kinds", tt.want, kinds(s))
		})
	}
}

// TestCompact remembers who wants the compact form, and sends the whole one to
// the others.
func TestCompact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	small, large := w.server(), w.server()
	small.Misbehave(aptest.Behaviour{Status: 413, Times: 1})
	compact := []byte(`{"id":"compact"}`)
	first := w.planForm("Create", "https://blog.test/1", compact, small.SharedInbox(), large.SharedInbox())
	w.visit()
	second := w.planForm("Create", "https://blog.test/2", compact, small.SharedInbox(), large.SharedInbox())
	w.visit()
	short := w.plan("Create", "https://blog.test/3", small.SharedInbox())
	w.visit()
	w.differ("small", []string{first, "compact", "compact", short}, got(t, small))
	w.differ("large", []string{first, second}, got(t, large))
}

// TestStop leaves a request that was cut by the end of the program as if it
// had not been made.
func TestStop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	s.Misbehave(aptest.Behaviour{Hang: true, Times: 1})
	id := w.plan("Create", "https://blog.test/1", s.SharedInbox())
	ctx, stop := context.WithCancel(t.Context())
	results := make(chan delivery.Result)
	go func() { results <- w.sender.Do(ctx, w.claim()[0]) }()
	w.check(w.remote.Wait(t.Context(), 1))
	stop()
	w.record(<-results)
	w.differ("attempts", 0, w.ledger()[0].Attempts)
	w.visit()
	w.differ("sent", []string{id, id}, got(t, s))
	w.differ("states", []delivery.State{delivery.Delivered}, w.states())
}

// TestCrash sends again what was sent and not recorded, when the lease ends,
// with the same id.
func TestCrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	id := w.plan("Create", "https://blog.test/1", s.SharedInbox())
	w.sender.Do(t.Context(), w.claim()[0])
	w.wait(delivery.Lease - time.Second)
	w.differ("claimed within the lease", 0, len(w.claim()))
	w.wait(time.Second)
	w.visit()
	w.differ("sent", []string{id, id}, got(t, s))
	w.differ("states", []delivery.State{delivery.Delivered}, w.states())
}

// lonely is an inbox that notices when two requests are there at once.
type lonely struct {
	here, most, all atomic.Int64
}

func (l *lonely) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if n := l.here.Add(1); n > l.most.Load() {
		l.most.Store(n)
	}
	defer l.here.Add(-1)
	l.all.Add(1)
	w.WriteHeader(http.StatusAccepted)
}

// TestTwoNodes lets two loops work on one database.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	const hosts, each = 20, 30
	w := newWorld(t)
	inboxes := make([]string, hosts)
	servers := make([]lonely, hosts)
	for i := range servers {
		server := httptest.NewServer(&servers[i])
		t.Cleanup(server.Close)
		inboxes[i] = server.URL + "/inbox"
	}
	for range each {
		w.plan("Create", "https://blog.test/"+newID().String(), inboxes...)
	}
	w.runLoops(2)
	for i := range servers {
		w.differ("at once", int64(1), servers[i].most.Load())
		w.differ("in all", int64(each), servers[i].all.Load())
	}
	for _, state := range w.states() {
		w.differ("state", delivery.Delivered, state)
	}
}

// runLoops lets so many nodes work until nothing is left.
func (w *world) runLoops(nodes int) {
	ctx, stop := context.WithCancel(w.Context())
	var running, idle sync.WaitGroup
	for range nodes {
		loop := w.newSender(time.Minute).Loop(nil)
		running.Go(func() { loop.Run(ctx) })
		idle.Go(func() { w.differ("idle", error(nil), loop.Idle(ctx)) })
	}
	idle.Wait()
	stop()
	running.Wait()
}

// TestLateInItsLease begins nothing for a host whose lease is nearly over:
// another node would send the same.
func TestLateInItsLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.server()
	w.plan("Create", "https://blog.test/1", s.SharedInbox())
	hosts := w.claim()
	w.wait(delivery.Lease - 20*time.Second)
	w.record(w.sender.Do(t.Context(), hosts[0]))
	w.differ("requests", 0, s.Requests("/inbox"))
	w.visit()
	w.differ("states", []delivery.State{delivery.Delivered}, w.states())
}
