package federation

import (
	"context"
	"sync"
	"time"
)

const (
	// backlogAge is how long it is believed whether too much waits.
	backlogAge = time.Second
	// backlogTime is what finding out may take.
	backlogTime = 2 * time.Second
	// backlogWait is what senders are asked to wait.
	backlogWait = time.Minute
)

// Backlog tells when so much waits to be processed that nothing new is taken:
// what was acknowledged and the pages go on, senders come again. All fields
// are required.
type Backlog struct {
	// More reports whether more than limit activities wait.
	More  func(ctx context.Context, limit int) (bool, error)
	Limit int // 0 = no limit
	Now   func() time.Time

	mu     sync.Mutex
	asked  time.Time
	asking bool
	full   bool
}

// Busy is how long senders are to wait; 0 when activities are taken. It asks
// once a second at most; while it asks, and when it cannot be told, the last
// answer stands.
func (b *Backlog) Busy(ctx context.Context) time.Duration {
	if b.Limit == 0 {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := b.Now(); !b.asking && !now.Before(b.asked.Add(backlogAge)) {
		b.asked, b.asking = now, true
		b.mu.Unlock()
		full, err := b.ask(ctx)
		b.mu.Lock()
		if b.asking = false; err == nil {
			b.full = full
		}
	}
	if b.full {
		return backlogWait
	}
	return 0
}

func (b *Backlog) ask(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backlogTime)
	defer cancel()
	return b.More(ctx, b.Limit)
}
