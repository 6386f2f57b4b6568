package jobs

import (
	"time"

	"github.com/riverqueue/river"
)

// observe tells who counts. A job that is put off has failed, too.
func (d Deps) observe(kind string, err error, took time.Duration) {
	if d.Observe == nil {
		return
	}
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	d.Observe(kind, outcome, took)
}

// kindOf names a job; each of the regular ones by its own name.
func kindOf[T river.JobArgs](job *river.Job[T]) string {
	if p, ok := any(job.Args).(periodicJob); ok {
		return p.Name
	}
	return job.Kind
}
