package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// ServerTime is the database's clock.
func (s *Store) ServerTime(ctx context.Context) (time.Time, error) {
	var now time.Time
	err := s.pool.QueryRow(ctx, `select clock_timestamp()`).Scan(&now)
	return now, wrap("read the database's clock", err)
}

// UnsafeSettings names the settings that are off and without which a crash
// loses what was committed.
func (s *Store) UnsafeSettings(ctx context.Context) (names []string, err error) {
	rows, err := s.pool.Query(ctx, `
		select name from pg_settings
		where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
		order by name`)
	if err != nil {
		return nil, wrap("read the database's settings", err)
	}
	names, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap("read the database's settings", err)
}

// ConnectionUse is how many connections of the server are taken, by anybody,
// and how many it allows who is no superuser.
type ConnectionUse struct{ Used, Allowed int }

// Connections counts the server's connections.
func (s *Store) Connections(ctx context.Context) (use ConnectionUse, err error) {
	err = s.pool.QueryRow(ctx, `
		select (select count(*) from pg_stat_activity where backend_type = 'client backend'),
			current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int`).
		Scan(&use.Used, &use.Allowed)
	return use, wrap("count connections", err)
}
