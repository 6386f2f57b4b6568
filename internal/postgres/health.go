package postgres

import (
	"context"
	"time"
)

// ServerTime is the database's clock.
func (s *Store) ServerTime(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&now)
	return now, wrap("read the database's clock", err)
}

// OldestUntouched is when the oldest activity came in that nobody has looked
// at yet; zero = there is none.
func (s *Store) OldestUntouched(ctx context.Context) (time.Time, error) {
	var received time.Time
	err := s.pool.QueryRow(ctx, `select min(received) from inbound where next_at is not null and attempts = 0`).Scan(orZero(&received))
	return received, wrap("look at the inbound queue", err)
}
