package postgres

import (
	"context"
	"time"
)

// DeleteExpiredSessions forgets browser sessions that ended before now and
// returns how many.
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
	return total, nil
}
