package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// enqueue adds jobs that exist if and only if tx commits.
func (s *Store) enqueue(ctx context.Context, tx pgx.Tx, jobs ...river.JobArgs) error {
	for _, job := range jobs {
		if _, err := s.jobs.InsertTx(ctx, tx, job, nil); err != nil {
			return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
		}
	}
	return nil
}
