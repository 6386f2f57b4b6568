package postgres

import (
	"context"
	"time"
)

// DeleteExpiredSessions forgets browser sessions that ended before now, with
// their sign-ins, and returns how many.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) (total int, err error) {
	for n := int64(cleanupBatch); n == cleanupBatch; total += int(n) {
		tag, err := s.pool.Exec(ctx, `
			delete from sessions where token in (select token from sessions where expiry < $1 limit $2)`,
			now, cleanupBatch)
		if err != nil {
			return total, wrap("delete expired sessions", err)
		}
		n = tag.RowsAffected()
	}
	return total, wrap("forget sign-ins", s.forgetSignIns(ctx, now))
}

// setupSetting is the row that keeps the hash of the setup link's token.
const setupSetting = "setup_hash"

// SetupHash is what SetSetupHash stored last and nobody took, else "".
func (s *Store) SetupHash(ctx context.Context) (hash string, err error) {
	err = s.pool.QueryRow(ctx, `
		select coalesce((select value #>> '{}' from settings where key = $1), '')`, setupSetting).Scan(&hash)
	return hash, wrap("setup hash", err)
}

// SetSetupHash stores the hash in place of any earlier one.
func (s *Store) SetSetupHash(ctx context.Context, hash string) error {
	_, err := s.pool.Exec(ctx, `
		insert into settings (key, value) values ($1, to_jsonb($2::text))
		on conflict (key) do update set value = excluded.value, updated = now()`, setupSetting, hash)
	return wrap("set setup hash", err)
}

// TakeSetupHash removes the hash if it is the stored one, and tells whether it
// was: of two who come at once, one gets true.
func (s *Store) TakeSetupHash(ctx context.Context, hash string) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		delete from settings where key = $1 and value = to_jsonb($2::text)`, setupSetting, hash)
	return tag.RowsAffected() == 1, wrap("take setup hash", err)
}
