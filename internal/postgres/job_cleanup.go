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
// is made from them again when the sanitiser's policy changes. They are marked, so
// that they are looked at once.
func (s *Store) DeleteOldInbound(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select i.id, c.id is not null as needed from inbound i
			left join comments c on c.object_uri = i.object_uri and c.inbound_id = i.id
			where i.done < $1 and not i.kept
			order by i.done
			limit $2
		), gone as (
			delete from inbound using old where inbound.id = old.id and not needed
			returning inbound.id
		), kept as (
			update inbound set kept = true from old where inbound.id = old.id and needed
		)
		select count(*), (select count(*) from gone) from old`, before)
	return n, wrap("delete old inbound activities", err)
}

// DeleteOldDeliveries forgets deliveries that ended before the given time and
// returns how many. Of an object that still exists the ledger keeps, for each
// inbox, the Create and the last row: they say whom its Update and Delete have
// to reach. They are marked, so that they are looked at again only when the
// object is deleted or a later row grows old.
func (s *Store) DeleteOldDeliveries(ctx context.Context, before time.Time) (int, error) {
	_, err := s.pool.Exec(ctx, `
		update deliveries d set kept = false
		from objects o cross join lateral (
			select id from deliveries k where k.object_uri = o.id and k.kept offset 0) again -- by way of the few objects
		where o.deleted > now() - interval '30 days' and o.kind in ('article', 'comment') and d.id = again.id`)
	if err != nil {
		return 0, wrap("delete old deliveries", err)
	}
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select id, object_uri, inbox, exists (select from objects o where o.id = d.object_uri and o.deleted is null)
				and (type = 'Create' or not exists (
					select from deliveries later
					where later.object_uri = d.object_uri and later.inbox = d.inbox and later.id > d.id)) as needed
			from deliveries d
			where state <> 'waiting' and not kept and coalesce(last_at, created) < $1
			order by coalesce(last_at, created)
			limit $2
		), gone as (
			delete from deliveries d using old where d.id = old.id and not needed
			returning d.id
		), outdone as (
			delete from deliveries d using old
			where d.object_uri = old.object_uri and d.inbox = old.inbox and d.id < old.id and d.kept and d.type <> 'Create'
			returning d.id
		), kept as (
			update deliveries d set kept = true from old where d.id = old.id and needed
		)
		select count(*), (select count(*) from gone) + (select count(*) from outdone) from old`, before)
	return n, wrap("delete old deliveries", err)
}

// ExpireDeliveries ends what has waited since before the given time for servers
// that are suspended: nothing else would.
func (s *Store) ExpireDeliveries(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select d.id from hosts h cross join lateral (
				select id from deliveries d where d.host = h.host and d.state = 'waiting' and d.created < $1 order by id limit $2) d
			where h.suspended is not null
			limit $2
		), ended as (
			update deliveries d set state = 'expired' from old where d.id = old.id and d.state = 'waiting'
		)
		select count(*), count(*) from old`, before)
	return n, wrap("expire deliveries", err)
}

// deleteInBatches runs sql, which looks at the oldest rows and tells how many
// those were and how many it deleted or ended, until there is nothing left to look at. A
// row that stays is marked by it: otherwise it would be read again for each
// batch.
func (s *Store) deleteInBatches(ctx context.Context, sql string, before time.Time) (total int, err error) {
	for n, gone := cleanupBatch, 0; n == cleanupBatch; total += gone {
		if err := s.pool.QueryRow(ctx, sql, before, cleanupBatch).Scan(&n, &gone); err != nil {
			return total, err
		}
	}
	return total, nil
}
