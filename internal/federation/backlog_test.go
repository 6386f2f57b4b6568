package federation

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBacklog(t *testing.T) {
	t.Parallel()
	const long = time.Minute
	tests := []struct {
		name    string
		more    bool
		err     error
		later   time.Duration // since the step before
		want    time.Duration
		asks    int // in all
		noLimit bool
	}{
		{name: "nothing waits", want: 0, asks: 1},
		{name: "too much, not yet known", more: true, later: 999 * time.Millisecond, want: 0, asks: 1},
		{name: "too much", more: true, later: time.Millisecond, want: long, asks: 2},
		{name: "less, not yet known", later: time.Millisecond, want: long, asks: 2},
		{name: "no answer", err: errors.New("no database"), later: time.Second, want: long, asks: 3},
		{name: "not asked again at once", later: time.Millisecond, want: long, asks: 3},
		{name: "less", later: time.Second, want: 0, asks: 4},
		{name: "no answer again", err: errors.New("no database"), more: true, later: time.Second, want: 0, asks: 5},
	}
	now, asks := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), 0
	b := &Backlog{Limit: 7, Now: func() time.Time { return now }}
	for _, tt := range tests {
		now = now.Add(tt.later)
		b.More = func(ctx context.Context, limit int) (bool, error) {
			asks++
			if _, bounded := ctx.Deadline(); !bounded || limit != 7 {
				t.Errorf("%s: bounded %t, limit %d", tt.name, bounded, limit)
			}
			return tt.more, tt.err
		}
		got := []any{b.Busy(t.Context()), asks}
		if diff := cmp.Diff([]any{tt.want, tt.asks}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	b.Limit = 0
	if b.Busy(t.Context()) != 0 || asks != 5 {
		t.Error("no limit is one")
	}
}

// TestBacklogSlow keeps nobody waiting for somebody else's question.
func TestBacklogSlow(t *testing.T) {
	t.Parallel()
	begun, answer := make(chan struct{}), make(chan bool)
	b := &Backlog{Limit: 1, Now: time.Now, More: func(context.Context, int) (bool, error) {
		close(begun)
		return <-answer, nil
	}}
	first := make(chan time.Duration)
	go func() { first <- b.Busy(t.Context()) }()
	<-begun
	if b.Busy(t.Context()) != 0 {
		t.Error("busy before it is known")
	}
	answer <- true
	if <-first != time.Minute || b.Busy(t.Context()) != time.Minute {
		t.Error("not busy")
	}
}
