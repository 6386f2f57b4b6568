package postgres

import (
	"context"
	"sync"
)

// gather puts into one statement what several callers want written at the same
// time: whoever comes while one runs goes with the next, so that under load a
// commit is shared, and when there is little to do each item is written at once
// and alone. Nothing waits for a timer.
type gather[T any] struct {
	// write writes items of different keys. It returns an error for each, or
	// one for all, after which nothing is written.
	write func(ctx context.Context, items []T) (each []error, err error)
	// key tells items that must not be in one statement.
	key   func(T) string
	limit int // items in one statement

	mu      sync.Mutex
	waiting []*wish[T]
	running bool
}

// wish is an item whose caller waits.
type wish[T any] struct {
	item T
	done chan error
}

// add returns when the item is written. A caller that leaves earlier takes
// nothing back.
func (g *gather[T]) add(ctx context.Context, item T) error {
	w := &wish[T]{item, make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	idle := !g.running
	g.running = true
	g.mu.Unlock()
	if idle {
		go g.run(context.WithoutCancel(ctx))
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run writes until nobody waits.
func (g *gather[T]) run(ctx context.Context) {
	for batch := g.take(); len(batch) > 0; batch = g.take() {
		g.settle(ctx, batch)
	}
}

// take is the next batch in the order of arrival; of one key only the first.
func (g *gather[T]) take() []*wish[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	var batch, rest []*wish[T]
	taken := make(map[string]bool, len(g.waiting))
	for _, w := range g.waiting {
		if key := g.key(w.item); len(batch) < g.limit && !taken[key] {
			taken[key] = true
			batch = append(batch, w)
		} else {
			rest = append(rest, w)
		}
	}
	g.waiting, g.running = rest, len(batch) > 0
	return batch
}

// settle writes a batch, and its items one by one after an error that may be
// the fault of one of them.
func (g *gather[T]) settle(ctx context.Context, batch []*wish[T]) {
	items := make([]T, len(batch))
	for i, w := range batch {
		items[i] = w.item
	}
	each, err := g.write(ctx, items)
	if err != nil && len(batch) > 1 && !connectionLost(err) {
		for i := range batch {
			g.settle(ctx, batch[i:i+1])
		}
		return
	}
	for i, w := range batch {
		if err != nil {
			w.done <- err
		} else {
			w.done <- each[i]
		}
	}
}
