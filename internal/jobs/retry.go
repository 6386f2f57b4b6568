package jobs

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	// Failed jobs wait firstRetry, three times as long each time, at most
	// longestRetry; maxAttempts makes that a day and a half.
	firstRetry, longestRetry = time.Second, time.Hour
	maxAttempts              = 40
	// maxAge ends a job that is put off by RetryAfter again and again.
	maxAge = 7 * 24 * time.Hour
)

// backOff is River's retry policy.
type backOff struct{ clock rivertype.TimeGenerator }

// NextRetry adds up to a tenth, so that jobs that failed together are not
// tried again together.
func (b backOff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := firstRetry
	for range len(job.Errors) {
		wait = min(3*wait, longestRetry)
	}
	return b.clock.Now().Add(wait + rand.N(wait/10)) //nolint:gosec // no secret
}

// worker does jobs of one kind. What becomes of a failed one is decided by how
// its error behaves.
func worker[T river.JobArgs](deps Deps, do func(context.Context, T) error) river.Worker[T] {
	return river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		began := time.Now()
		err := do(ctx, job.Args)
		deps.observe(kindOf(job), err, time.Since(began))
		if err == nil || ctx.Err() != nil && errors.Is(context.Cause(ctx), context.Canceled) {
			return err // at a stop River puts the job back
		}
		args := any(string(job.EncodedArgs))
		if short, ok := any(job.Args).(slog.LogValuer); ok {
			args = short // not for everybody who reads the log
		}
		return failed(ctx, deps.Log.With("job", job.Kind, "args", args, "attempt", job.Attempt), job.JobRow, err)
	})
}

func failed(ctx context.Context, log *slog.Logger, job *rivertype.JobRow, err error) error {
	var permanent interface{ Permanent() bool }
	if errors.As(err, &permanent) && permanent.Permanent() {
		log.ErrorContext(ctx, "job cannot be done", "error", err)
		return river.JobCancel(err)
	}
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) && later.RetryAfter() > 0 && time.Since(job.CreatedAt) < maxAge {
		log.WarnContext(ctx, "job was put off", "error", err, "for", later.RetryAfter())
		return river.JobSnooze(later.RetryAfter())
	}
	if job.Attempt >= job.MaxAttempts {
		log.ErrorContext(ctx, "job was given up", "error", err)
	} else {
		log.WarnContext(ctx, "job is tried again", "error", err)
	}
	return err
}
