package queue

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestState moves while the table is looked at, and stands still when it
// cannot be, or when nothing comes to an end.
func TestState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tab := &table{}
		hang := make(chan struct{})
		l := &Loop[int, int]{
			Claim: tab.claim, Done: tab.done, Workers: 1, Limit: 1,
			Do: func(_ context.Context, items []int) ([]int, error) { <-hang; return items, nil },
		}
		if !l.State().Moved.IsZero() {
			t.Error("it has moved before it runs")
		}
		ctx, cancel := context.WithCancel(t.Context())
		go l.Run(ctx)
		still := func(d time.Duration) time.Duration {
			time.Sleep(d)
			synctest.Wait()
			return time.Since(l.State().Moved)
		}
		if got := still(time.Minute); got > 2*time.Second {
			t.Errorf("idle, and still for %s", got)
		}
		tab.set(errors.New("down"))
		if got := still(time.Minute); got < 50*time.Second {
			t.Errorf("down, and still for %s only", got)
		}
		tab.set(nil)
		tab.add(3)
		if got := still(time.Minute); got < 40*time.Second || l.State().InHand != 2 {
			t.Errorf("it hangs with %d in hand, and is still for %s only", l.State().InHand, got)
		}
		close(hang)
		if got := still(time.Minute); got > 2*time.Second || l.State().InHand != 0 {
			t.Errorf("all is done, %d in hand, still for %s", l.State().InHand, got)
		}
		cancel()
		synctest.Wait()
	})
}

// add puts so many items into the table.
func (t *table) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = append(t.waiting, numbers(n)...)
}
