package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"kabar/internal/blog"
	"kabar/internal/pgtest"
)

// patience is what a test waits for an event that does come.
const patience = 20 * time.Second

func newRunner(t *testing.T, deps Deps) *Runner {
	t.Helper()
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	if deps.Clock == nil {
		deps.Clock = ahead(0)
	}
	r, err := New(pgtest.New(t), deps)
	check(t, err)
	return r
}

// ahead is a clock that goes so much before this machine's.
type ahead time.Duration

func (a ahead) Now() time.Time { return time.Now().Add(time.Duration(a)) }

func (a ahead) NowOrNil() *time.Time {
	now := a.Now()
	return &now
}

func start(t *testing.T, r *Runner) {
	t.Helper()
	check(t, r.Start(t.Context()))
	t.Cleanup(func() { check(t, r.Stop(context.Background())) })
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func TestEachJobReachesItsFunction(t *testing.T) {
	t.Parallel()
	done := make(chan river.JobArgs, 1)
	r := newRunner(t, Deps{
		ArticleChanged:  func(_ context.Context, j blog.ArticleChanged) error { done <- j; return nil },
		CommentChanged:  func(_ context.Context, j blog.CommentChanged) error { done <- j; return nil },
		ActorChanged:    func(_ context.Context, j blog.ActorChanged) error { done <- j; return nil },
		FollowerRemoved: func(_ context.Context, j blog.FollowerRemoved) error { done <- j; return nil },
		Mail:            func(_ context.Context, j blog.Mail) error { done <- j; return nil },
		ReportMade:      func(_ context.Context, j blog.ReportMade) error { done <- j; return nil },
	})
	start(t, r)
	tests := []struct {
		name string
		in   river.JobArgs
	}{
		{"article", blog.ArticleChanged{Article: uuid.New(), ObjectURI: "https://b.test/o", Revision: 3, Change: "update"}},
		{"comment", blog.CommentChanged{Comment: uuid.New(), Change: "create", Activity: uuid.New()}},
		{"actor", blog.ActorChanged{Activity: uuid.New()}},
		{"follower", blog.FollowerRemoved{Target: uuid.New(), ActorURI: "https://a.test/u", Inbox: "https://a.test/i"}},
		{"mail", blog.Mail{ID: uuid.New(), To: "ana@a.test", Subject: "Halo", Text: "x", HTML: "<p>x", Language: "id"}},
	}
	for _, tt := range tests {
		_, err := r.client.Insert(t.Context(), tt.in, nil)
		check(t, err)
		if diff := cmp.Diff(tt.in, receive(t, done)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

type permanent struct{ error }

func (permanent) Permanent() bool { return true }

type later struct{ error }

func (later) RetryAfter() time.Duration { return time.Hour }

func TestWhatBecomesOfAFailedJob(t *testing.T) {
	t.Parallel()
	failure := errors.New("no luck")
	tests := []struct {
		name string
		in   error
		want rivertype.JobState
	}{
		{"none", nil, rivertype.JobStateCompleted},
		{"plain", failure, rivertype.JobStateAvailable}, // River does not take it before its time
		{"permanent", permanent{failure}, rivertype.JobStateCancelled},
		{"retry after", later{failure}, rivertype.JobStateScheduled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRunner(t, Deps{ActorChanged: func(context.Context, blog.ActorChanged) error { return tt.in }})
			events, cancel := r.client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed,
				river.EventKindJobCancelled, river.EventKindJobSnoozed)
			defer cancel()
			start(t, r)
			_, err := r.client.Insert(t.Context(), blog.ActorChanged{}, nil)
			check(t, err)
			if got := receive(t, events).Job.State; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAPlainErrorIsTriedAgain(t *testing.T) {
	t.Parallel()
	tries := make(chan int, 10)
	n := 0
	r := newRunner(t, Deps{ActorChanged: func(context.Context, blog.ActorChanged) error {
		n++
		tries <- n
		switch n {
		case 1:
			return errors.New("no luck")
		case 2:
			panic("worse luck")
		}
		return nil
	}})
	start(t, r)
	_, err := r.client.Insert(t.Context(), blog.ActorChanged{}, nil)
	check(t, err)
	for want := 1; want <= 3; want++ {
		if got := receive(t, tries); got != want {
			t.Errorf("try %d, want %d", got, want)
		}
	}
}

func TestPeriodic(t *testing.T) {
	t.Parallel()
	runs := make(chan string, 100)
	run := func(name string, err error) func(context.Context) error {
		return func(context.Context) error { runs <- name; return err }
	}
	start(t, newRunner(t, Deps{Periodic: []Periodic{
		{Name: "often", Every: time.Second, Do: run("often", errors.New("no luck"))},
		{Name: "daily", Every: 24 * time.Hour, Do: run("daily", nil)},
	}}))
	got := map[string]int{}
	for got["often"] < 3 {
		got[receive(t, runs)]++
	}
	if diff := cmp.Diff(map[string]int{"often": 3, "daily": 1}, got); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}

func TestPeriodicOfAnotherVersion(t *testing.T) {
	t.Parallel()
	err := periodicWork(nil)(t.Context(), periodicJob{Name: "of tomorrow"})
	var p interface{ Permanent() bool }
	if !errors.As(err, &p) || !p.Permanent() {
		t.Errorf("got %v", err)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		finish bool // the job comes to its end by itself
		want   error
	}{
		{"waits for the job in hand", true, nil},
		{"cancels it when time is up", false, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			begun, end, ended := make(chan bool), make(chan bool), make(chan error, 1)
			r := newRunner(t, Deps{ActorChanged: func(ctx context.Context, _ blog.ActorChanged) error {
				begun <- true
				select {
				case <-end:
				case <-ctx.Done():
				}
				ended <- ctx.Err()
				return ctx.Err()
			}})
			check(t, r.Start(t.Context()))
			_, err := r.client.Insert(t.Context(), blog.ActorChanged{}, nil)
			check(t, err)
			receive(t, begun)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.finish {
				time.AfterFunc(50*time.Millisecond, func() { close(end) })
			} else {
				cancel()
			}
			check(t, r.Stop(ctx))
			if got := receive(t, ended); !errors.Is(got, tt.want) {
				t.Errorf("the job ended with %v, want %v", got, tt.want)
			}
		})
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		failures int // before this one
		want     time.Duration
	}{
		{"first", 0, time.Second},
		{"second", 1, 3 * time.Second},
		{"fifth", 4, 81 * time.Second},
		{"late", 30, time.Hour},
	}
	const off = 20 * time.Minute
	for _, tt := range tests {
		got := time.Until(backOff{ahead(off)}.NextRetry(&rivertype.JobRow{Errors: make([]rivertype.AttemptError, tt.failures)})) - off
		if got < tt.want-time.Second || got > tt.want+tt.want/10 {
			t.Errorf("%s: got %s, want %s and up to a tenth more", tt.name, got, tt.want)
		}
	}
}

// TestClocks: a job is due, and tried again, by the clock that all agree on,
// however far it is from the database's and this machine's.
func TestClocks(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-3 * time.Hour, 20 * time.Minute} {
		t.Run(off.String(), func(t *testing.T) {
			t.Parallel()
			tried := make(chan int, 10)
			r := newRunner(t, Deps{Clock: ahead(off), ActorChanged: func(context.Context, blog.ActorChanged) error {
				tried <- 1
				return errors.New("not yet")
			}})
			start(t, r)
			_, err := r.client.Insert(t.Context(), blog.ActorChanged{}, &river.InsertOpts{ScheduledAt: time.Now().Add(off)})
			check(t, err)
			receive(t, tried)
			receive(t, tried)
		})
	}
}
