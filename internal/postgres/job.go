package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// enqueue adds jobs that exist if and only if tx commits.
func (s *Store) enqueue(ctx context.Context, tx pgx.Tx, jobs ...river.JobArgs) error {
	for _, job := range jobs {
		var opts *river.InsertOpts
		if late, ok := job.(interface{ Delay() time.Duration }); ok {
			opts = &river.InsertOpts{ScheduledAt: s.clock.Now().Add(late.Delay())}
		}
		if _, err := s.jobs.InsertTx(ctx, tx, job, opts); err != nil {
			return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
		}
	}
	return nil
}
