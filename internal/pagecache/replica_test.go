package pagecache

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// behind is a replica that has so many changes.
type behind struct {
	changes uint64
	away    bool
	failed  error
}

type onReplica struct{}

func (b *behind) Read(ctx context.Context, _ uint64) (context.Context, uint64, bool) {
	return context.WithValue(ctx, onReplica{}, true), b.changes, !b.away
}

func (b *behind) Failed(err error) { b.failed = err }

var errConflict = errors.New("canceling statement due to conflict with recovery")

// TestReplica tells where a page is made that was made before and has been
// dropped, and whether it is kept then.
func TestReplica(t *testing.T) {
	t.Parallel()
	// Changes of the cache: 1 of the page "old", 2 of what only the new one shows,
	// 3 of neither.
	type made struct {
		Body   string // the last place that it was made in
		Places []string
		Failed error
		Kept   bool
	}
	good := func(context.Context) (Page, error) { return Page{Tags: []string{"old", "new"}}, nil }
	tests := []struct {
		name    string
		replica behind
		there   func(context.Context) (Page, error) // a render on the replica
		want    made
	}{
		{"it has everything", behind{changes: 3}, good, made{"replica", []string{"replica"}, nil, true}},
		{"it has what is shown", behind{changes: 2}, good, made{"replica", []string{"replica"}, nil, true}},
		{"a tag that is found has changed", behind{changes: 1}, good, made{"primary", []string{"replica", "primary"}, nil, true}},
		{"a tag of the last page has changed", behind{}, good, made{"primary", []string{"primary"}, nil, true}},
		{"it is away", behind{changes: 3, away: true}, good, made{"primary", []string{"primary"}, nil, true}},
		{
			"it fails",
			behind{changes: 3},
			func(context.Context) (Page, error) { return Page{}, errConflict },
			made{"primary", []string{"replica", "primary"}, errConflict, true},
		},
		{
			"it has no good page",
			behind{changes: 3},
			func(context.Context) (Page, error) { return Page{Status: 404}, nil },
			made{"primary", []string{"replica", "primary"}, nil, true},
		},
		{
			"it has what came meanwhile, and names nothing", behind{changes: 3}, func(ctx context.Context) (Page, error) {
				if ctx.Value(onReplica{}) != nil {
					return Page{}, nil
				}
				return good(ctx)
			}, made{"primary", []string{"replica", "primary"}, nil, true},
		},
		{
			"it takes too long", behind{changes: 3}, func(ctx context.Context) (Page, error) {
				if _, bounded := ctx.Deadline(); !bounded {
					return Page{}, nil
				}
				return Page{}, context.DeadlineExceeded
			}, made{"primary", []string{"replica", "primary"}, context.DeadlineExceeded, true},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCache(t, 1<<20)
			ask(t, c, "k", nil, func() Page { return Page{Tags: []string{"old"}} })
			for _, tag := range []string{"old", "new", "other"} {
				c.Invalidate(tag)
			}
			c.Replica = &tt.replica
			var got made
			render := func(ctx context.Context) (Page, error) {
				place, there := "primary", good
				if ctx.Value(onReplica{}) != nil {
					place, there = "replica", tt.there
				}
				got.Places = append(got.Places, place)
				p, err := there(ctx)
				p.Body = []byte(place)
				return p, err
			}
			answer := func() string {
				w := httptest.NewRecorder()
				if err := c.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), "k", nil, render); err != nil {
					t.Error(err)
				}
				return w.Body.String()
			}
			got.Body = answer()
			before := len(got.Places)
			answer()
			got.Kept, got.Failed = len(got.Places) == before, tt.replica.failed
			if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A page that shows what changes while it is made on a replica is made again.
func TestChangeDuringReplica(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	r := &behind{}
	c.Replica = r
	w, renders := httptest.NewRecorder(), 0
	err := c.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), "k", nil, func(ctx context.Context) (Page, error) {
		if renders++; ctx.Value(onReplica{}) == nil {
			return Page{Body: []byte("new"), Tags: []string{"a"}}, nil
		}
		c.Invalidate("a")
		return Page{Body: []byte("old"), Tags: []string{"a"}}, nil
	})
	if err != nil || w.Body.String() != "new" || renders != 2 {
		t.Errorf("%q after %d renders, %v", w.Body, renders, err)
	}
}

// Who has just written something is not sent to the replica.
func TestOnPrimary(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		want bool
	}{{"anybody", t.Context(), true}, {"who wrote", OnPrimary(t.Context()), false}} {
		c := newCache(t, 1<<20)
		c.Replica = &behind{}
		r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(tt.ctx)
		err := c.Serve(httptest.NewRecorder(), r, "k", nil, func(ctx context.Context) (Page, error) {
			if got := ctx.Value(onReplica{}) != nil; got != tt.want {
				t.Errorf("%s: on the replica %t", tt.name, got)
			}
			return Page{Tags: []string{"a"}}, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Who has just written something does not wait for a page that comes from the
// replica either.
func TestOnPrimaryAlone(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	c.Replica = &behind{}
	begun, answered := make(chan struct{}), make(chan struct{})
	serve := func(ctx context.Context, w http.ResponseWriter) {
		r := httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx)
		err := c.Serve(w, r, "k", nil, func(ctx context.Context) (Page, error) {
			if ctx.Value(onReplica{}) == nil {
				return Page{Body: []byte("new"), Tags: []string{"a"}}, nil
			}
			close(begun)
			select {
			case <-answered:
			case <-ctx.Done(): // the time of a render there
			}
			return Page{Body: []byte("old"), Tags: []string{"a"}}, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	var others sync.WaitGroup
	others.Go(func() { serve(t.Context(), httptest.NewRecorder()) })
	<-begun
	w := httptest.NewRecorder()
	serve(OnPrimary(t.Context()), w)
	close(answered)
	others.Wait()
	if got := w.Body.String(); got != "new" {
		t.Errorf("got %s", got)
	}
}

// TestOnce reads on the replica only what has every change.
func TestOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		replica *behind
		status  int
		err     error
		want    bool
	}{
		{"there is none", nil, 200, nil, false},
		{"it has everything", &behind{changes: 2}, 200, nil, true},
		{"it lacks a change", &behind{changes: 1}, 200, nil, false},
		{"it is away", &behind{changes: 2, away: true}, 200, nil, false},
		{"it has nothing", &behind{changes: 2}, 404, nil, false},
		{"it fails", &behind{changes: 2}, 200, errConflict, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCache(t, 1<<20)
			if tt.replica != nil {
				c.Replica = tt.replica
			}
			c.Invalidate("a")
			c.Empty()
			_, got := c.Once(t.Context(), func(ctx context.Context) (Page, error) {
				if read, ok := ReadAt(ctx); !ok || read != 2 || ctx.Value(onReplica{}) == nil {
					t.Errorf("read at %d, %t", read, ok)
				}
				return Page{Status: tt.status}, tt.err
			})
			if got != tt.want || tt.replica != nil && !errors.Is(tt.replica.failed, tt.err) {
				t.Errorf("%t, told of %v", got, tt.replica.failed)
			}
		})
	}
}
