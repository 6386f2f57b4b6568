package postgres

import (
	"context"
	"sync/atomic"
	"time"
)

// clockEvery is how long the database's clock may have been set before Kabar
// notices.
const clockEvery = 10 * time.Second

// Clock is the database's clock. Jobs are dated by it and due by it, so nodes
// whose own clocks differ, or are set meanwhile, agree. It implements
// rivertype.TimeGenerator; without a reading it shows this machine's time.
type Clock struct{ last atomic.Pointer[reading] }

// reading is what the database's clock showed at a moment of this machine, from
// which Go measures on without looking at what the clock is set to.
type reading struct{ database, here time.Time }

// Now needs no statement.
func (c *Clock) Now() time.Time {
	r := c.last.Load()
	if r == nil {
		return time.Now()
	}
	return r.database.Add(time.Since(r.here))
}

// NowOrNil is never nil: River would take this machine's time for some
// statements and the database's for others.
func (c *Clock) NowOrNil() *time.Time {
	now := c.Now()
	return &now
}

// read asks what time it is.
func (c *Clock) read(ctx context.Context, ask func(context.Context) (time.Time, error)) error {
	asked := time.Now()
	shown, err := ask(ctx)
	if err == nil {
		c.last.Store(&reading{database: shown, here: asked.Add(time.Since(asked) / 2)})
	}
	return err
}

// Clock is kept right by KeepTime.
func (s *Store) Clock() *Clock { return &s.clock }

// KeepTime reads the database's clock again and again until ctx ends.
func (s *Store) KeepTime(ctx context.Context) {
	again := time.NewTicker(clockEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
			_ = s.clock.read(ctx, s.ServerTime) // while the database is away, the last reading serves
		}
	}
}
