package postgres

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/delivery"
)

// RecordDeliveries writes what became of leased hosts and their rows, gives
// the leases back and removes the followers whose inbox is gone.
func (s *Store) RecordDeliveries(ctx context.Context, now time.Time, results []delivery.Result) error {
	// In one order everywhere, so that two writers wait for each other and
	// never deadlock.
	results = slices.SortedFunc(slices.Values(results), func(a, b delivery.Result) int { return strings.Compare(a.Host, b.Host) })
	err := s.tx(ctx, func(tx pgx.Tx) error {
		names := make([]string, len(results))
		for i, r := range results {
			names[i] = r.Host
		}
		// Taken first: the statements after it then see every plan that was
		// committed while this one waited, and no wake-up is lost.
		if _, err := tx.Exec(ctx, `select from hosts where host = any ($1) order by host for update`, names); err != nil {
			return err
		}
		if err := recordRows(ctx, tx, now, results); err != nil {
			return err
		}
		return recordHosts(ctx, tx, now, results)
	})
	if err != nil {
		return wrap("record deliveries", err)
	}
	return s.removeGone(ctx, results)
}

func recordRows(ctx context.Context, tx pgx.Tx, now time.Time, results []delivery.Result) error {
	var ids []int64
	var states, errors []string
	var next []time.Time
	var tried []bool
	var status []int
	for _, result := range results {
		for _, r := range result.Rows {
			ids, states, next = append(ids, r.ID), append(states, string(r.State)), append(next, now.Add(r.Next))
			tried, status, errors = append(tried, r.Tried), append(status, r.Status), append(errors, r.Error)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update deliveries d set
			state = r.state,
			next_at = case r.state when 'waiting' then r.next_at else d.next_at end,
			attempts = d.attempts + r.tried::integer,
			last_at = case when r.tried then $1 else d.last_at end,
			last_status = r.status,
			last_error = r.error
		from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::boolean[], $6::integer[], $7::text[])
			as r (id, state, next_at, tried, status, error)
		-- What was superseded while it was on its way keeps that, unless it arrived.
		where d.id = r.id and (d.state = 'waiting' or r.state = 'delivered')`,
		now, ids, states, next, tried, status, errors)
	return err
}

func recordHosts(ctx context.Context, tx pgx.Tx, now time.Time, results []delivery.Result) error {
	n := len(results)
	names, kinds, errors := make([]string, n), make([]string, n), make([]string, n)
	small, up, suspend := make([]bool, n), make([]bool, n), make([]bool, n)
	failures, status := make([]int, n), make([]int, n)
	paused := make([]*time.Time, n)
	for i, r := range results {
		names[i], kinds[i], errors[i] = r.Host, string(r.Signature), r.Error
		small[i], up[i], suspend[i] = r.Small, r.Up, r.Suspend
		failures[i], status[i] = r.Failures, r.Status
		if r.Pause > 0 {
			until := now.Add(r.Pause)
			paused[i] = &until
		}
	}
	_, err := tx.Exec(ctx, `
		update hosts h set
			signature = r.signature,
			small = h.small or r.small, -- its software may have become known meanwhile
			failures = r.failures,
			lease_until = null,
			paused_until = r.paused,
			failing_since = case
				when r.failures = 0 and r.up then null
				when r.failures > 0 and (r.up or h.failing_since is null) then $1
				else h.failing_since end,
			suspended = case when r.suspend then $1 else h.suspended end,
			last_success = case when r.up then $1 else h.last_success end,
			last_status = case when r.up or r.failures > 0 then r.status else h.last_status end,
			last_error = case when r.up or r.failures > 0 then r.error else h.last_error end,
			next_at = greatest(r.paused, `+nextRow("not d.low")+`),
			low_next_at = greatest(r.paused, `+nextRow("d.low")+`)
		from unnest($2::text[], $3::text[], $4::boolean[], $5::integer[], $6::timestamptz[], $7::boolean[], $8::boolean[], $9::integer[], $10::text[])
			as r (host, signature, small, failures, paused, up, suspend, status, error)
		where h.host = r.host`,
		now, names, kinds, small, failures, paused, up, suspend, status, errors)
	return err
}

// nextRow is when the first of some rows of a host is due. The first row of
// each inbox and object decides: what follows it waits for it.
func nextRow(which string) string {
	return `(
		select min(d.next_at) from deliveries d
		where d.host = h.host and d.state = 'waiting' and ` + which + ` and not exists (
			select from deliveries e
			where e.object_uri = d.object_uri and e.inbox = d.inbox and e.state = 'waiting' and e.id < d.id))`
}

// removeGone ends the follows of actors whose own inbox answered 410. Of a
// shared inbox nothing is concluded: its actors are read again when next used.
func (s *Store) removeGone(ctx context.Context, results []delivery.Result) error {
	var gone []string
	for _, r := range results {
		gone = append(gone, r.Gone...)
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := s.pool.Exec(ctx, `
		with stale as (
			update actors set fetched = null where kind = 'remote' and shared_inbox = any ($1)
		)
		delete from followers f using actors a
		where a.id = f.actor_id and a.kind = 'remote' and a.inbox = any ($1)`, gone)
	if err != nil {
		return wrap("remove followers of gone inboxes", err)
	}
	s.changed(blog.PageSite)
	return nil
}
