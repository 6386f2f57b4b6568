package postgres

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kabar/internal/blog"
)

// heard collects what a listener reports, and lets a test wait for it.
type heard struct {
	mu   sync.Mutex
	all  []string
	news chan struct{}
}

func (h *heard) add(words ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, words...)
	select {
	case h.news <- struct{}{}:
	default:
	}
}

func (h *heard) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.all)
}

// wait returns when the condition holds for what was heard.
func (h *heard) wait(t *testing.T, condition func([]string) bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for !condition(h.list()) {
		select {
		case <-h.news:
		case <-late:
			t.Fatalf("heard only %q", h.list())
		}
	}
}

func count(word string, n int) func([]string) bool {
	return func(words []string) bool {
		found := 0
		for _, w := range words {
			if w == word {
				found++
			}
		}
		return found >= n
	}
}

// listen starts a listener for the node and returns once it listens.
func listen(t *testing.T, s *Store, node string) *heard {
	t.Helper()
	h := &heard{news: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Listen(ctx, Listener{
			Node:    node,
			OnPages: func(tags []string) { h.add(tags...) },
			OnQueue: func(name string) { h.add("queue " + name) },
			OnLost:  func() { h.add("lost") },
			Log:     slog.New(slog.DiscardHandler),
		})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	h.wait(t, count("lost", 1))
	return h
}

func TestNodesHearOfEachOther(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	one, two := listen(t, s, "one"), listen(t, s, "two")
	n := s.NewNotifier("one", slog.New(slog.DiscardHandler))
	n.Pages(blog.PageSite, blog.PageList)
	n.Queue("inbound")
	two.wait(t, count("queue inbound", 1))
	differ(t, "tags", true, count(blog.PageSite, 1)(two.list()) && count(blog.PageList, 1)(two.list()))

	other := s.NewNotifier("two", slog.New(slog.DiscardHandler))
	other.Pages("end")
	one.wait(t, count("end", 1))
	differ(t, "what the first heard", []string{"lost", "end"}, one.list())
}

func TestNotificationsAreCoalesced(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	h := listen(t, s, "two")
	n := s.NewNotifier("one", slog.New(slog.DiscardHandler))
	began := time.Now()
	for range 10_000 {
		n.Pages(blog.PageList, blog.PageSite)
	}
	check(t, n.Flush(t.Context()))
	windows := int(time.Since(began)/notifyEvery) + 2
	n.Pages("end")
	h.wait(t, count("end", 1))
	if got := h.list(); len(got) > 2*windows+2 {
		t.Errorf("%d tags in %d windows", len(got), windows)
	}
}

func TestFlushSendsWhatWaits(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	h := listen(t, s, "two")
	n := s.NewNotifier("one", slog.New(slog.DiscardHandler))
	var want []string
	for range 2000 { // more than fit into one notification
		want = append(want, blog.PageArticle(newID()))
	}
	n.Pages(want...)
	check(t, n.Flush(t.Context()))
	h.wait(t, func(words []string) bool { return len(words) > len(want) })
	got := h.list()[1:]
	slices.Sort(got)
	slices.Sort(want)
	differ(t, "tags", want, got)
}

func TestNotifierKeepsWhatCouldNotBeSent(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	h := listen(t, s, "two")
	n := s.NewNotifier("one", slog.New(slog.DiscardHandler))
	n.armed = true // no timer: only the test sends
	n.Pages("kept")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.Flush(cancelled); err == nil {
		t.Fatal("sent in a cancelled context")
	}
	check(t, n.Flush(t.Context()))
	h.wait(t, count("kept", 1))
}

func TestListenerComesBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	h := listen(t, s, "two")
	s.exec(t, `
		select pg_terminate_backend(pid) from pg_stat_activity
		where application_name = 'kabar listen' and datname = current_database()`)
	h.wait(t, count("lost", 3)) // the first connection, its loss, the second connection
	n := s.NewNotifier("one", slog.New(slog.DiscardHandler))
	n.Pages("again")
	h.wait(t, count("again", 1))
	differ(t, "heard", "lost lost lost again", strings.Join(h.list(), " "))
}
