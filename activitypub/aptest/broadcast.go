package aptest

import (
	"context"
	"sync"
)

// broadcast wakes all who wait for a condition. The zero value is ready.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

// changed tells that the condition may hold now.
func (b *broadcast) changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// next returns a channel that is closed by the next change.
func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

// until returns when the condition holds or the context ends.
func (b *broadcast) until(ctx context.Context, holds func() bool) error {
	for {
		change := b.next() // before the look, so that no change is missed
		if holds() {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
