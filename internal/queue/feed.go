package queue

import (
	"context"
	"slices"
	"time"
)

// feed claims whenever fewer shares wait than there are workers and there may
// be more to claim: after a full Claim, a nudge, or Poll.
func (r *run[T, R]) feed() {
	defer r.giveBack()
	poll := time.NewTicker(r.Poll)
	defer poll.Stop()
	more, failures := true, 0
	for r.stop.Err() == nil {
		if more && len(r.work) < r.Workers {
			var err error
			if more, err = r.claim(); err == nil {
				failures = 0
				continue
			}
			r.Log.Error("claim", "err", err)
			more = true
			if failures++; pause(r.stop, backoff(failures)) {
				continue
			}
			return
		}
		select {
		case <-r.stop.Done():
		case <-r.taken:
		case <-r.nudged:
			more = true
		case <-poll.C:
			more = true
		}
	}
}

// claim takes items and cuts them into shares. It tells whether the table may
// hold more.
func (r *run[T, R]) claim() (more bool, err error) {
	idle := r.ifIdle()
	items, err := r.Claim(r.stop, r.Limit)
	if err != nil {
		if r.stop.Err() != nil {
			return false, nil
		}
		return false, err
	}
	if len(items) == 0 {
		r.looked()
		r.dismiss(idle)
		return false, nil
	}
	r.claimed(len(items))
	for share := range slices.Chunk(items, r.Share) {
		r.work <- share
	}
	return len(items) >= r.Limit, nil
}

// giveBack releases the shares that no worker has begun.
func (r *run[T, R]) giveBack() {
	var items []T
	for {
		select {
		case share := <-r.work:
			items = append(items, share...)
			continue
		default:
		}
		break
	}
	if len(items) > 0 && r.Release != nil {
		if err := r.Release(r.last, items); err != nil {
			r.Log.Error("release", "err", err)
		}
	}
	r.settled(len(items))
}

// ifIdle is who waits for idleness, if nothing is in hand now.
func (l *Loop[T, R]) ifIdle() []chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inHand > 0 {
		return nil
	}
	return slices.Clone(l.waiters)
}

func (l *Loop[T, R]) dismiss(waiters []chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range waiters {
		close(w)
	}
	l.waiters = slices.DeleteFunc(l.waiters, func(w chan struct{}) bool { return slices.Contains(waiters, w) })
}

// backoff is the wait after so many failures in a row, 200 ms to 10 s.
func backoff(failures int) time.Duration {
	return min(100*time.Millisecond<<min(failures, 10), 10*time.Second)
}

// pause waits for d; false if ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
