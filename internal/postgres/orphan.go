package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// listenName is how the connection of a node's Listener calls itself. Every
// node that lives has one.
const listenName = "kabar listen"

// FreeOrphans makes due at once what a node had in hand when it was killed, and
// returns how many rows that were. While any node of this database lives it
// does nothing: what is in hand may be that node's, and leases end by
// themselves. Call it before Listen.
func (s *Store) FreeOrphans(ctx context.Context, now time.Time) (freed int, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		freed = 0
		var alive bool
		err := tx.QueryRow(ctx, `
			select exists (select from pg_stat_activity where datname = current_database() and application_name = $1)`,
			listenName).Scan(&alive)
		if err != nil || alive {
			return err
		}
		for _, statement := range []string{
			// One that was put off says why; one that was claimed does not. It has
			// its place before what came after it: a reply before its deletion.
			`update inbound set next_at = least(received, $1) where done is null and next_at > $1 and detail = ''`,
			`update hosts set lease_until = null where lease_until > $1`,
			`update crawls set lease_until = null, node = '' where lease_until > $1`,
			`update remote_media set claimed = null where claimed <= $1`,
			// River waits longer, since it cannot know that nobody is left.
			`update river_job set state = 'available', scheduled_at = least(now(), $1) where state = 'running'`,
		} {
			tag, err := tx.Exec(ctx, statement, now)
			if err != nil {
				return err
			}
			freed += int(tag.RowsAffected())
		}
		return nil
	})
	return freed, wrap("free what a killed node had in hand", err)
}
