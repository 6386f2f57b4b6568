package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/jackc/pgx/v5/pgconn"
)

// statements notes what is written at a time. Each statement waits for a turn.
type statements struct {
	mu    sync.Mutex
	texts []string
	turn  chan struct{} // nil = at once
	fail  func(items []string) error
}

func (s *statements) write(_ context.Context, items []string) ([]error, error) {
	if s.turn != nil {
		<-s.turn
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts = append(s.texts, strings.Join(items, " "))
	if s.fail != nil {
		if err := s.fail(items); err != nil {
			return nil, err
		}
	}
	each := make([]error, len(items))
	for i, item := range items {
		if item == "blocked" {
			each[i] = errBlocked
		}
	}
	return each, nil
}

var errBlocked = errors.New("blocked")

// gathering adds items, one after the other, while the first statement runs,
// and returns what came of each.
func gathering(s *statements, limit int, items ...string) map[string]string {
	s.turn = make(chan struct{})
	g := &gather[string]{write: s.write, key: func(item string) string { return item[:1] }, limit: limit}
	got := map[string]string{}
	var callers sync.WaitGroup
	for _, item := range items {
		callers.Go(func() {
			err := g.add(context.Background(), item)
			s.mu.Lock()
			defer s.mu.Unlock()
			got[item] = fmt.Sprint(err)
		})
		synctest.Wait()
	}
	close(s.turn)
	callers.Wait()
	synctest.Wait()
	if g.running || len(g.waiting) > 0 {
		got["left"] = "something"
	}
	return got
}

func TestGather(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	badB := func(items []string) error {
		if slices.Contains(items, "b") {
			return bad
		}
		return nil
	}
	tests := []struct {
		name  string
		limit int
		fail  func(items []string) error
		items []string
		texts []string
		want  map[string]string
	}{
		{
			"one by itself", 100, nil,
			[]string{"a"},
			[]string{"a"},
			map[string]string{"a": "<nil>"},
		},
		{
			"those that come meanwhile, together", 100, nil,
			[]string{"a", "b", "c", "d"},
			[]string{"a", "b c d"},
			map[string]string{"a": "<nil>", "b": "<nil>", "c": "<nil>", "d": "<nil>"},
		},
		{
			"no more than the limit", 2, nil,
			[]string{"a", "b", "c", "d"},
			[]string{"a", "b c", "d"},
			map[string]string{"a": "<nil>", "b": "<nil>", "c": "<nil>", "d": "<nil>"},
		},
		{
			"one key after the other", 100, nil,
			[]string{"a", "b1", "b2", "c"},
			[]string{"a", "b1 c", "b2"},
			map[string]string{"a": "<nil>", "b1": "<nil>", "b2": "<nil>", "c": "<nil>"},
		},
		{
			"each has its own answer", 100, nil,
			[]string{"a", "blocked", "c"},
			[]string{"a", "blocked c"},
			map[string]string{"a": "<nil>", "blocked": "blocked", "c": "<nil>"},
		},
		{
			"a bad one costs only itself", 100, badB,
			[]string{"a", "b", "c", "d"},
			[]string{"a", "b c d", "b", "c", "d"},
			map[string]string{"a": "<nil>", "b": "bad", "c": "<nil>", "d": "<nil>"},
		},
		{
			"an outage is everybody's", 100, func([]string) error { return io.EOF },
			[]string{"a", "b", "c"},
			[]string{"a", "b c"},
			map[string]string{"a": "EOF", "b": "EOF", "c": "EOF"},
		},
		{
			"so is a server that stops", 100, func([]string) error { return &pgconn.PgError{Code: "57P01"} },
			[]string{"a", "b", "c"},
			[]string{"a", "b c"},
			map[string]string{"a": ":  (SQLSTATE 57P01)", "b": ":  (SQLSTATE 57P01)", "c": ":  (SQLSTATE 57P01)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &statements{fail: tt.fail}
				differ(t, "answers", tt.want, gathering(s, tt.limit, tt.items...))
				differ(t, "statements", tt.texts, s.texts)
			})
		})
	}
}

// Who leaves takes nothing back, and holds up nobody.
func TestGatherWithoutCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &statements{turn: make(chan struct{})}
		g := &gather[string]{write: s.write, key: func(item string) string { return item }, limit: 100}
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- g.add(ctx, "a") }()
		synctest.Wait()
		stays := make(chan error, 1)
		go func() { stays <- g.add(t.Context(), "b") }()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
		close(s.turn)
		if err := <-stays; err != nil {
			t.Errorf("who stayed got %v", err)
		}
		differ(t, "statements", []string{"a", "b"}, s.texts)
	})
}
