package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Periodic is something to be done again and again, by one node at a time: at
// the start of the first node and then every so often.
type Periodic struct {
	Name  string
	Every time.Duration
	// Do has a minute. After an error it is not tried again before it is due.
	Do func(context.Context) error
}

// periodicQueue is one of its own: clean-up must not hold up an article.
const periodicQueue = "periodic"

// periodicJob is one run of the Periodic with the name.
type periodicJob struct {
	Name string `json:"name"`
}

// Kind names the job.
func (periodicJob) Kind() string { return "periodic" }

// InsertOpts keep a run that takes longer than its period from piling up.
func (periodicJob) InsertOpts() river.InsertOpts {
	return river.InsertOpts{
		Queue:       periodicQueue,
		MaxAttempts: 1,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}},
	}
}

func schedule(table []Periodic) []*river.PeriodicJob {
	jobs := make([]*river.PeriodicJob, len(table))
	for i, p := range table {
		run := func() (river.JobArgs, *river.InsertOpts) { return periodicJob{Name: p.Name}, nil }
		jobs[i] = river.NewPeriodicJob(river.PeriodicInterval(p.Every), run,
			&river.PeriodicJobOpts{ID: p.Name, RunOnStart: true})
	}
	return jobs
}

func periodicWork(table []Periodic) func(context.Context, periodicJob) error {
	return func(ctx context.Context, job periodicJob) error {
		for _, p := range table {
			if p.Name == job.Name {
				return p.Do(ctx)
			}
		}
		return fmt.Errorf("%s: %w", job.Name, errUnknown)
	}
}

// errUnknown is a run that a node of another version asked for.
var errUnknown error = unknown{}

type unknown struct{}

func (unknown) Error() string   { return "this version has no such periodic job" }
func (unknown) Permanent() bool { return true }
