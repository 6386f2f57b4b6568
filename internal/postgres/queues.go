package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// QueueState is what waits in one queue.
type QueueState struct {
	Name    string
	Waiting int       // countedWaiting stands for that many and more
	Oldest  time.Time // since when something is due that nobody has taken; zero = nothing is
}

// countedWaiting bounds what counting a long queue costs.
const countedWaiting = 100_000

// Queues returns the state of each queue: deliveries, forwards, inbound and
// jobs. What waits for a server that is paused is not due.
func (s *Store) Queues(ctx context.Context, now time.Time) ([]QueueState, error) {
	rows, err := s.pool.Query(ctx, `
		select 'deliveries',
			(select count(*) from (select from deliveries where state = 'waiting' and not low limit $2) d),
			(select min(next_at) from hosts
				where next_at <= $1 and suspended is null and (lease_until is null or lease_until <= $1))
		union all
		select 'forwards',
			(select count(*) from (select from deliveries where state = 'waiting' and low limit $2) d),
			(select min(low_next_at) from hosts
				where low_next_at <= $1 and suspended is null and (lease_until is null or lease_until <= $1)
					and (next_at is null or next_at > $1))
		union all
		select 'inbound',
			(select count(*) from (select from inbound where next_at is not null limit $2) i),
			(select min(next_at) from inbound where next_at <= $1)
		union all
		select 'jobs',
			(select count(*) from (select from river_job where state in ('available', 'retryable', 'scheduled') limit $2) j),
			(select min(scheduled_at) from river_job where state = 'available' and scheduled_at <= $1)`,
		now, countedWaiting)
	if err != nil {
		return nil, wrap("read the queues", err)
	}
	queues, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (q QueueState, err error) {
		err = row.Scan(&q.Name, &q.Waiting, orZero(&q.Oldest))
		return q, err
	})
	return queues, wrap("read the queues", err)
}

// InboundMore reports whether more than limit activities wait to be processed.
// It reads so many entries of an index at most.
func (s *Store) InboundMore(ctx context.Context, limit int) (more bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select exists (select from inbound where next_at is not null offset $1)`,
		limit).Scan(&more)
	return more, wrap("inbound backlog", err)
}
