package queue

import "time"

// write collects outcomes and writes them when Batch of them are there or the
// first has waited for Flush.
func (r *run[T, R]) write() {
	var collected result[R]
	var due <-chan time.Time
	flush := func() {
		r.writeOut(collected.outcomes)
		r.settled(collected.items)
		collected, due = result[R]{}, nil
	}
	for {
		select {
		case one, ok := <-r.results:
			if !ok {
				flush()
				return
			}
			collected.items += one.items
			collected.outcomes = append(collected.outcomes, one.outcomes...)
			if len(collected.outcomes) >= r.Batch {
				flush()
			} else if due == nil {
				due = time.After(r.Flush)
			}
		case <-due:
			flush()
		}
	}
}

// writeOut repeats through an outage. Outcomes that the database refuses are
// written one by one, so that a bad one costs only itself.
func (r *run[T, R]) writeOut(outcomes []R) {
	if len(outcomes) == 0 {
		return
	}
	err := r.donePatiently(outcomes)
	switch {
	case err == nil:
	case len(outcomes) == 1 || unanswered(err):
		r.Log.Error("outcomes not written", "outcomes", len(outcomes), "err", err)
	default:
		for i := range outcomes {
			r.writeOut(outcomes[i : i+1])
		}
	}
}

func (r *run[T, R]) donePatiently(outcomes []R) error {
	for failures := 1; ; failures++ {
		err := r.Done(r.last, outcomes)
		if err == nil || !unanswered(err) {
			return err
		}
		r.Log.Error("write of outcomes, to be repeated", "err", err)
		if !pause(r.last, backoff(failures)) {
			return err
		}
	}
}
