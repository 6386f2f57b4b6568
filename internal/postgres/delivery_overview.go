package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/delivery"
)

// Sent returns the activities of which the ledger has rows, newest first.
func (s *Store) Sent(ctx context.Context, q delivery.SentQuery) ([]delivery.Sent, error) {
	rows, err := s.pool.Query(ctx, `
		select a.id, a.type, a.object_uri, a.created,
			(select jsonb_object_agg(state, n) from (
				select c.state, sum(c.deliveries) as n from delivery_counts c
				where c.activity_id = a.id and $2 = ''
				group by c.state having sum(c.deliveries) > 0
				union all
				select d.state, count(*) from deliveries d
				where d.activity_id = a.id and $2 <> '' and d.host = $2
				group by d.state) counted)
		from activities a
		where not a.forwarded
		  and ($2 <> '' or cardinality($3::text[]) > 0 or exists (select from deliveries d where d.activity_id = a.id))
		  and ($2 <> '' or cardinality($3::text[]) = 0 or exists (
			select from delivery_counts c where c.activity_id = a.id and c.state = any ($3)
			group by c.state having sum(c.deliveries) > 0))
		  and ($2 = '' or exists (
			select from deliveries d
			where d.activity_id = a.id and d.host = $2 and (cardinality($3::text[]) = 0 or d.state = any ($3))))
		  and ($1 = '' or a.object_uri = $1)
		  and ($4::uuid is null or a.id = $4)
		  and ($5::uuid is null or a.id < $5)
		order by a.id desc
		limit $6`, planned, q.Object, q.Host, orEmpty(q.States), nullID(q.Activity), nullID(q.Before), q.Limit)
	if err != nil {
		return nil, wrap("read sent activities", err)
	}
	sent, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a delivery.Sent, err error) {
		err = row.Scan(&a.Activity, &a.Type, &a.ObjectURI, &a.Created, &a.Counts)
		return a, err
	})
	return sent, wrap("read sent activities", err)
}

// DeliverySummary counts what was delivered or given up of the activities since
// a time, and what waits, of this countedWaiting at most.
func (s *Store) DeliverySummary(ctx context.Context, since time.Time) (sum delivery.Summary, err error) {
	// Ids of activities begin with their time.
	err = s.pool.QueryRow(ctx, `
		select coalesce(sum(c.deliveries) filter (where c.state = 'delivered'), 0)::bigint,
			coalesce(sum(c.deliveries) filter (where c.state in ('failed', 'expired')), 0)::bigint
		from activities a join delivery_counts c on c.activity_id = a.id
		where a.id >= $1`, firstID(since)).Scan(&sum.Delivered, &sum.Failed)
	if err != nil {
		return sum, wrap("sum up deliveries", err)
	}
	err = s.pool.QueryRow(ctx, `
		select count(*), min(created),
			(select least(
				(select min(next_at) from hosts where next_at is not null and suspended is null),
				(select min(low_next_at) from hosts where low_next_at is not null and suspended is null)))
		from (select created from deliveries where state = 'waiting' limit $1) d`, countedWaiting).
		Scan(&sum.Waiting, orZero(&sum.Oldest), orZero(&sum.Next))
	return sum, wrap("sum up deliveries", err)
}

// firstID is the smallest UUIDv7 of a time (RFC 9562, section 5.7).
func firstID(at time.Time) (id uuid.UUID) {
	ms := uint64(max(at.UnixMilli(), 0))
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return id
}

// troubled are the servers that are paused or suspended at $1 and for which
// something waits, those longest silent first, at most $2.
const troubled = `
	select h.* from hosts h
	where (h.suspended is not null or h.paused_until is not null)
	  and (h.suspended is not null or h.paused_until > $1 and (
		select true from deliveries d where d.host = h.host and d.state = 'waiting' limit 1))
	order by h.suspended is null, h.failing_since, h.host
	limit $2`

// TroubleCount counts what Troubles returns, up to the limit.
func (s *Store) TroubleCount(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.count(ctx, "count troubled servers", `select count(*) from (`+troubled+`) h`, now, limit)
}

// Troubles returns the servers that are paused or suspended now and for which
// something waits, those longest silent first.
func (s *Store) Troubles(ctx context.Context, now time.Time, limit int) ([]delivery.Trouble, error) {
	rows, err := s.pool.Query(ctx, `
		select h.host, h.failing_since, h.paused_until, h.suspended is not null, h.failures, 
			(select count(*) from (select from deliveries d where d.host = h.host and d.state = 'waiting' limit $3) w),
			h.last_status, h.last_error
		from (`+troubled+`) h
		order by h.suspended is null, h.failing_since, h.host`, now, limit, countedWaiting)
	if err != nil {
		return nil, wrap("read troubled servers", err)
	}
	troubles, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t delivery.Trouble, err error) {
		err = row.Scan(&t.Host, orZero(&t.Since), orZero(&t.Paused), &t.Suspended, &t.Failures, &t.Waiting, &t.LastStatus, &t.LastError)
		return t, err
	})
	return troubles, wrap("read troubled servers", err)
}
