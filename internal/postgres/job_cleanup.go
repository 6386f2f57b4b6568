package postgres

import (
	"context"
	"time"
)

// cleanupBatch is how many rows one statement deletes, so that clean-up never
// holds up the queues that use the same tables.
const cleanupBatch = 1000

// DeleteOldInbound forgets activities that were done with before the given
// time and returns how many. Those that a comment was made from stay: its HTML
// is made from them again when the sanitiser's policy changes.
func (s *Store) DeleteOldInbound(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select id from inbound i
			where done < $1 and id > $2 and not exists (
				select from comments c where c.object_uri = i.object_uri and c.inbound_id = i.id)
			order by id
			limit $3
		), gone as (
			delete from inbound using old where inbound.id = old.id
		)
		select count(*), coalesce(max(id), 0) from old`, before)
	return n, wrap("delete old inbound activities", err)
}

// DeleteOldDeliveries forgets deliveries that ended before the given time and
// returns how many. Of an object that still exists the ledger keeps, for each
// inbox, the Create and the last row: they say whom its Update and Delete have
// to reach.
func (s *Store) DeleteOldDeliveries(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select id from deliveries d
			where state <> 'waiting' and coalesce(last_at, created) < $1 and id > $2
			  and (not exists (select from objects o where o.id = d.object_uri and o.deleted is null)
			       or type <> 'Create' and exists (
					select from deliveries later
					where later.object_uri = d.object_uri and later.inbox = d.inbox and later.id > d.id))
			order by id
			limit $3
		), gone as (
			delete from deliveries using old where deliveries.id = old.id
		)
		select count(*), coalesce(max(id), 0) from old`, before)
	return n, wrap("delete old deliveries", err)
}

// ExpireDeliveries ends what has waited since before the given time for servers
// that are suspended: nothing else would.
func (s *Store) ExpireDeliveries(ctx context.Context, before time.Time) (int, error) {
	tag, err := s.pool.Exec(ctx, `
		update deliveries d set state = 'expired'
		from hosts h
		where h.host = d.host and h.suspended is not null and d.state = 'waiting' and d.created < $1`, before)
	return int(tag.RowsAffected()), wrap("expire deliveries", err)
}

// deleteInBatches runs sql, which deletes from the id $2 on, until there is
// nothing left. It walks along the ids because what stays would otherwise be
// read again for each batch.
func (s *Store) deleteInBatches(ctx context.Context, sql string, before time.Time) (total int, err error) {
	var after int64
	for n := cleanupBatch; n == cleanupBatch; total += n {
		if err := s.pool.QueryRow(ctx, sql, before, after, cleanupBatch).Scan(&n, &after); err != nil {
			return total, err
		}
	}
	return total, nil
}
