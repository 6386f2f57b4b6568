package queue

import (
	"fmt"
	"runtime/debug"
)

// workOff is one worker.
func (r *run[T, R]) workOff() {
	for share := range r.work {
		select {
		case r.taken <- struct{}{}:
		default:
		}
		outcomes := r.outcomes(share)
		if len(outcomes) == 0 {
			r.settled(len(share))
			continue
		}
		r.results <- result[R]{len(share), outcomes}
	}
}

// outcomes does a share as a whole or, after an error, one by one: a bad item
// must not hold up the others.
func (r *run[T, R]) outcomes(share []T) []R {
	outcomes, err := r.doPatiently(share)
	if err == nil || outage(err) {
		return outcomes
	}
	if len(share) == 1 {
		return r.failed(nil, share[0], err)
	}
	r.Log.Warn("batch failed, trying its items one by one", "items", len(share), "err", err)
	for i := range share {
		one, err := r.doPatiently(share[i : i+1])
		switch {
		case err == nil:
			outcomes = append(outcomes, one...)
		case !outage(err):
			outcomes = r.failed(outcomes, share[i], err)
		}
	}
	return outcomes
}

// doPatiently repeats through an outage of the database, until told to stop.
func (r *run[T, R]) doPatiently(share []T) ([]R, error) {
	for failures := 1; ; failures++ {
		outcomes, err := r.do(share)
		if err == nil {
			return outcomes, nil
		}
		if !outage(err) || !pause(r.stop, backoff(failures)) {
			return nil, err
		}
	}
}

func (r *run[T, R]) do(share []T) (outcomes []R, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("panic", "value", p, "stack", string(debug.Stack()))
			outcomes, err = nil, fmt.Errorf("queue: panic: %v", p)
		}
	}()
	return r.Do(r.hand, share)
}

func (r *run[T, R]) failed(outcomes []R, item T, err error) []R {
	r.Log.Warn("item failed", "err", err)
	if r.Failed == nil {
		return outcomes
	}
	return append(outcomes, r.Failed(item, err))
}
