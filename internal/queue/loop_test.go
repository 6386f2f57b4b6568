package queue

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// table is a queue in memory, with leases that never end.
type table struct {
	mu       sync.Mutex
	waiting  []int
	written  []int
	released []int
	claims   int
	down     error // what every access answers
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func (t *table) claim(_ context.Context, limit int) ([]int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.claims++
	if t.down != nil {
		return nil, t.down
	}
	n := min(limit, len(t.waiting))
	items := slices.Clone(t.waiting[:n])
	t.waiting = t.waiting[n:]
	return items, nil
}

func (t *table) done(_ context.Context, outcomes []int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.down != nil {
		return t.down
	}
	if len(outcomes) > 0 && slices.Contains(outcomes, poison) {
		return &pgconn.PgError{Code: "22021"}
	}
	t.written = append(t.written, outcomes...)
	return nil
}

func (t *table) release(_ context.Context, items []int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.released = append(t.released, items...)
	return nil
}

func (t *table) set(down error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.down = down
}

func (t *table) sorted() []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(slices.Values(t.written))
}

// poison is an outcome that the table refuses.
const poison = -1

func echo(_ context.Context, items []int) ([]int, error) { return items, nil }

func loopOn(t *table) *Loop[int, int] {
	return &Loop[int, int]{Claim: t.claim, Do: echo, Done: t.done, Release: t.release}
}

// running runs the loop until the returned function is called, which returns
// when Run has.
func running(t *testing.T, l *Loop[int, int]) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.Run(ctx)
		close(done)
	}()
	return func() { cancel(); <-done }
}

func idle(t *testing.T, l *Loop[int, int]) {
	t.Helper()
	if err := l.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func diff(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestEveryItemIsDoneOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                         string
		workers, share, limit, batch int
	}{
		{name: "one worker"},
		{name: "many senders", workers: 200, limit: 200},
		{name: "batches", workers: 2, share: 100},
		{name: "small claims", workers: 3, share: 4, limit: 7, batch: 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows := &table{waiting: numbers(1000)}
				l := loopOn(rows)
				l.Workers, l.Share, l.Limit, l.Batch = tt.workers, tt.share, tt.limit, tt.batch
				stop := running(t, l)
				idle(t, l)
				diff(t, numbers(1000), rows.sorted())
				stop()
			})
		})
	}
}

func TestSlowItemsHoldUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows := &table{waiting: numbers(500)}
		l := loopOn(rows)
		l.Workers, l.Limit = 20, 20
		began, healthy := time.Now(), 0
		var last time.Duration
		l.Do = func(_ context.Context, items []int) ([]int, error) {
			if items[0]%50 == 0 { // ten that hang until their time-out
				time.Sleep(10 * time.Second)
			}
			time.Sleep(time.Millisecond)
			return items, nil
		}
		l.Done = func(ctx context.Context, outcomes []int) error {
			if healthy += len(outcomes); healthy == 490 {
				last = time.Since(began)
			}
			return rows.done(ctx, outcomes)
		}
		stop := running(t, l)
		idle(t, l)
		stop()
		if last == 0 || last > time.Second {
			t.Errorf("the last healthy one was written after %v", last)
		}
	})
}

func TestOutcomesAreWrittenInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows := &table{waiting: numbers(205)}
		l := loopOn(rows)
		var sizes []int
		began := time.Now()
		l.Done = func(ctx context.Context, outcomes []int) error {
			sizes = append(sizes, len(outcomes))
			return rows.done(ctx, outcomes)
		}
		stop := running(t, l)
		idle(t, l)
		stop()
		diff(t, []int{100, 100, 5}, sizes)
		diff(t, 20*time.Millisecond, time.Since(began))
	})
}

func TestBadItemsCostOnlyThemselves(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	tests := []struct {
		name string
		fail func(item int) error
	}{
		{"error", func(item int) error {
			if item == 7 {
				return bad
			}
			return nil
		}},
		{"panic", func(item int) error {
			if item == 7 {
				panic("bad")
			}
			return nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows := &table{waiting: numbers(10)}
				l := loopOn(rows)
				l.Share = 10
				l.Failed = func(item int, err error) int { return 100 + item }
				l.Do = func(_ context.Context, items []int) ([]int, error) {
					for _, item := range items {
						if err := tt.fail(item); err != nil {
							return nil, err
						}
					}
					return items, nil
				}
				stop := running(t, l)
				idle(t, l)
				stop()
				diff(t, []int{0, 1, 2, 3, 4, 5, 6, 8, 9, 107}, rows.sorted())
			})
		})
	}
}

func TestRefusedOutcomeCostsOnlyItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows := &table{waiting: []int{1, poison, 2}}
		l := loopOn(rows)
		stop := running(t, l)
		idle(t, l)
		stop()
		diff(t, []int{1, 2}, rows.sorted())
	})
}

func TestNothingIsLostInAnOutage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		down error
	}{
		{"answered", &pgconn.PgError{Code: "57P01"}},
		{"cut", errors.New("unexpected EOF")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows := &table{waiting: numbers(300)}
				l := loopOn(rows)
				l.Do = func(_ context.Context, items []int) ([]int, error) {
					if items[0] == 150 {
						rows.set(tt.down)
						time.AfterFunc(time.Minute, func() { rows.set(nil) })
					}
					return items, nil
				}
				stop := running(t, l)
				idle(t, l)
				stop()
				diff(t, numbers(300), rows.sorted())
				if rows.claims > 100 {
					t.Errorf("%d claims in a minute without a database", rows.claims)
				}
			})
		})
	}
}

func TestBatchIsRepeatedAfterAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows := &table{waiting: numbers(10)}
		l := loopOn(rows)
		l.Share = 10
		var sizes []int
		l.Do = func(_ context.Context, items []int) ([]int, error) {
			if sizes = append(sizes, len(items)); len(sizes) < 3 {
				return nil, &pgconn.PgError{Code: "40P01"}
			}
			return nil, rows.done(context.Background(), items)
		}
		stop := running(t, l)
		idle(t, l)
		stop()
		diff(t, []int{10, 10, 10}, sizes)
		diff(t, numbers(10), rows.sorted())
	})
}

func TestStopFinishesWhatIsInHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows := &table{waiting: numbers(10)}
		l := loopOn(rows)
		l.Workers = 2
		l.Do = func(ctx context.Context, items []int) ([]int, error) {
			select {
			case <-time.After(time.Second):
				return items, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		stop := running(t, l)
		synctest.Wait()
		stop()
		diff(t, []int{0, 1}, rows.sorted())
		diff(t, []int{2, 3, 4, 5, 6, 7, 8, 9}, rows.released)
	})
}

func TestStopCutsWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := loopOn(&table{waiting: numbers(1)})
		l.Grace = 5 * time.Second
		l.Do = func(ctx context.Context, items []int) ([]int, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		stop := running(t, l)
		synctest.Wait()
		began := time.Now()
		stop()
		diff(t, 5*time.Second, time.Since(began))
	})
}

func TestNudgeAndPoll(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		nudge bool
		want  time.Duration
	}{
		{"nudged", true, 0},
		{"polled", false, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows := &table{}
				l := loopOn(rows)
				done := make(chan struct{})
				l.Do = func(context.Context, []int) ([]int, error) {
					close(done)
					return nil, nil
				}
				stop := running(t, l)
				synctest.Wait()
				began := time.Now()
				rows.mu.Lock()
				rows.waiting = []int{1}
				rows.mu.Unlock()
				if tt.nudge {
					l.Nudge()
				}
				<-done
				diff(t, tt.want, time.Since(began))
				stop()
			})
		})
	}
}
