// Package queue is the loop that works off a table which is its own queue:
// claim rows by a lease, do them with many workers, write what became of them
// in batches. There is no barrier between batches: a slow item holds up nobody
// while workers are left. What a crash leaves unwritten is claimed again when
// its lease ends, so the work must bear repetition.
package queue

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"
)

// Loop works off items of type T and writes outcomes of type R. Claim, Do and
// Done are needed when Run is called; the rest has defaults.
type Loop[T, R any] struct {
	// Claim takes up to limit items and leases them, so that no other Claim
	// returns them until they are written or the lease ends.
	Claim func(ctx context.Context, limit int) ([]T, error)
	// Do works on up to Share items. It returns outcomes to be written by
	// Done, none if it has written them itself. After an error that is no
	// outage of the database, each item is done again alone. Its context is
	// cut Grace after Run's: an outcome of that must not count as a failure.
	Do func(ctx context.Context, items []T) ([]R, error)
	// Failed is the outcome of an item that failed alone, or panicked. If
	// nil, such an item comes again when its lease ends.
	Failed func(item T, err error) R
	// Done writes outcomes. They are repeated after an outage; what the
	// database refuses is written one by one, and logged if refused again.
	Done func(ctx context.Context, outcomes []R) error
	// Release gives back leased items that were not begun when Run was told
	// to stop. If nil, they wait for the end of their lease.
	Release func(ctx context.Context, items []T) error

	Name    string // in the log
	Log     *slog.Logger
	Workers int           // 1
	Share   int           // items per Do, 1
	Limit   int           // items per Claim, 100
	Batch   int           // outcomes per Done, 100
	Flush   time.Duration // longest wait of an outcome, 20 ms
	Poll    time.Duration // longest time between two Claims, 1 s
	Grace   time.Duration // given to work in hand when stopping, 12 s

	once    sync.Once
	nudged  chan struct{}
	mu      sync.Mutex
	inHand  int             // claimed, and not yet written
	moved   time.Time       // of the last Claim that did not fail, or the last item that was written
	waiters []chan struct{} // of Idle
}

func (l *Loop[T, R]) init() {
	l.once.Do(func() {
		l.nudged = make(chan struct{}, 1)
		l.Workers, l.Share = cmp.Or(l.Workers, 1), cmp.Or(l.Share, 1)
		l.Limit, l.Batch = cmp.Or(l.Limit, 100), cmp.Or(l.Batch, 100)
		l.Flush = cmp.Or(l.Flush, 20*time.Millisecond)
		l.Poll = cmp.Or(l.Poll, time.Second)
		l.Grace = cmp.Or(l.Grace, 12*time.Second)
		if l.Log == nil {
			l.Log = slog.New(slog.DiscardHandler)
		}
		l.Log = l.Log.With("queue", l.Name)
	})
}

// Nudge makes the loop look for items now. It never blocks, may be called at
// any time, and many calls in a row count as one.
func (l *Loop[T, R]) Nudge() {
	l.init()
	select {
	case l.nudged <- struct{}{}:
	default:
	}
}

// Idle returns when nothing is in hand, everything is written and a Claim made
// since the call found nothing.
func (l *Loop[T, R]) Idle(ctx context.Context) error {
	idle := make(chan struct{})
	l.mu.Lock()
	l.waiters = append(l.waiters, idle)
	l.mu.Unlock()
	l.Nudge()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run works until ctx ends. It then claims no more, gives the work in hand
// its Grace, writes the outcomes and returns.
func (l *Loop[T, R]) Run(ctx context.Context) {
	l.init()
	l.looked()
	r := &run[T, R]{
		Loop:    l,
		stop:    ctx,
		work:    make(chan []T, l.Workers+l.Limit), // room for a whole Claim when fewer than Workers wait
		taken:   make(chan struct{}, 1),
		results: make(chan result[R], l.Workers),
	}
	var cancel context.CancelFunc
	r.hand, cancel = after(ctx, l.Grace)
	defer cancel()
	r.last, cancel = after(ctx, 2*l.Grace)
	defer cancel()

	var workers, writer sync.WaitGroup
	for range l.Workers {
		workers.Go(r.workOff)
	}
	writer.Go(r.write)
	r.feed()
	close(r.work)
	workers.Wait()
	close(r.results)
	writer.Wait()
}

// after is a context that ends d after ctx does.
func after(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(d):
			cancel()
		case <-later.Done():
		}
	})
	return later, func() { unhook(); cancel() }
}

// run is the state of one Run.
type run[T, R any] struct {
	*Loop[T, R]
	stop, hand, last context.Context // end when Run is told to stop, with the Grace, and with the last writing
	work             chan []T        // shares not yet begun
	taken            chan struct{}   // a share was begun
	results          chan result[R]
}

// result is what became of so many items.
type result[R any] struct {
	items    int
	outcomes []R
}

// claimed and settled keep the number of items in hand. Whatever was written
// may have made other items due, so settled looks again.
func (l *Loop[T, R]) claimed(items int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inHand += items
	l.moved = time.Now()
}

func (l *Loop[T, R]) settled(items int) {
	if items > 0 {
		l.claimed(-items)
		l.Nudge()
	}
}
