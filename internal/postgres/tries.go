package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/auth"
)

// CountTry counts one more try for all nodes and returns how many there were in
// a row; 0 and the wait if it came too early, and then it does not count.
func (s *Store) CountTry(ctx context.Context, key string, now time.Time, p auth.Patience) (count int, wait time.Duration, err error) {
	err = s.pool.QueryRow(ctx, `
		insert into tries as t (key, count, last) values ($1, 1, $2)
		on conflict (key) do update set last = $2,
			count = case when t.last < $2 - $3::interval then 1 else t.count + 1 end,
			until = case when t.last >= $2 - $3::interval and t.count + 1 >= $4
				then $2 + least($5::interval * power(2, least(t.count + 1 - $4, 16)), $6::interval) end
		where t.until is null or t.until <= $2
		returning count`,
		key, now, p.Forget, p.Free, p.First, p.Most).Scan(&count)
	if !errors.Is(err, pgx.ErrNoRows) {
		return count, 0, wrap("count try", err)
	}
	var until time.Time
	err = s.pool.QueryRow(ctx, `select coalesce((select until from tries where key = $1), $2)`, key, now).Scan(&until)
	return 0, max(until.Sub(now), time.Second), wrap("count try", err)
}

// ForgetTries lets the keys begin anew.
func (s *Store) ForgetTries(ctx context.Context, keys ...string) error {
	_, err := s.pool.Exec(ctx, `delete from tries where key = any($1)`, keys)
	return wrap("forget tries", err)
}
