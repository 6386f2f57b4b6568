package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/activitypub/httpsig"
	"kabar/internal/delivery"
)

var (
	_ delivery.Store  = (*Store)(nil)
	_ delivery.Ledger = (*Store)(nil)
)

// ClaimHosts leases due hosts and returns them with their oldest due rows. A
// host whose rows all wait for an older one comes without rows, so that its
// next visit is computed anew.
func (s *Store) ClaimHosts(ctx context.Context, now time.Time, limit, rows int) ([]delivery.Host, error) {
	return s.claimHosts(ctx, now, limit, rows, false)
}

// ClaimLowHosts leases hosts for which something is due that is only passed on
// for others, and nothing else.
func (s *Store) ClaimLowHosts(ctx context.Context, now time.Time, limit, rows int) ([]delivery.Host, error) {
	return s.claimHosts(ctx, now, limit, rows, true)
}

func (s *Store) claimHosts(ctx context.Context, now time.Time, limit, rows int, low bool) ([]delivery.Host, error) {
	var hosts []delivery.Host
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Nobody waits for the disk: a lease that a crash of the database
		// forgets has ended.
		if _, err := tx.Exec(ctx, `set local synchronous_commit = off`); err != nil {
			return err
		}
		var err error
		if hosts, err = leaseHosts(ctx, tx, now, limit, low); err != nil || len(hosts) == 0 {
			return err
		}
		return dueRows(ctx, tx, now, rows, low, hosts)
	})
	return hosts, wrap("claim hosts", err)
}

func leaseHosts(ctx context.Context, tx pgx.Tx, now time.Time, limit int, low bool) ([]delivery.Host, error) {
	due, order := `next_at <= $1`, `next_at`
	if low {
		due, order = `low_next_at <= $1 and (next_at is null or next_at > $1)`, `low_next_at`
	}
	rows, err := tx.Query(ctx, `
		with due as (
			select host from hosts
			where `+due+` and suspended is null and (lease_until is null or lease_until <= $1)
			order by `+order+`
			limit $2
			for update skip locked
		)
		update hosts h set lease_until = $3
		from due where h.host = due.host
		returning h.host, h.signature, h.small, h.failures, h.failing_since`,
		now, limit, now.Add(delivery.Lease))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h delivery.Host, err error) {
		var kind string
		err = row.Scan(&h.Name, &kind, &h.Small, &h.Failures, orZero(&h.FailingSince))
		h.Signature, h.Until = httpsig.Kind(kind), now.Add(delivery.Lease)
		return h, err
	})
}

func dueRows(ctx context.Context, tx pgx.Tx, now time.Time, limit int, low bool, hosts []delivery.Host) error {
	place := make(map[string]*delivery.Host, len(hosts))
	names := make([]string, len(hosts))
	for i := range hosts {
		names[i] = hosts[i].Name
		place[hosts[i].Name] = &hosts[i]
	}
	rows, err := tx.Query(ctx, `
		select d.host, d.id, d.activity_id, d.inbox, d.object_uri, d.type, d.attempts, d.created
		from unnest($1::text[]) as h (host) cross join lateral (
			select * from deliveries d
			where d.host = h.host and d.state = 'waiting' and d.low = $4 and d.next_at <= $2
				-- Order is promised within one inbox and object.
				and not exists (
					select from deliveries e
					where e.host = d.host and e.state = 'waiting' and e.id < d.id and e.next_at > $2
						and e.inbox = d.inbox and e.object_uri = d.object_uri)
			order by d.id
			limit $3
		) d
		order by d.id`, names, now, limit, low)
	if err != nil {
		return err
	}
	var host string
	var r delivery.Row
	_, err = pgx.ForEachRow(rows, []any{&host, &r.ID, &r.ActivityID, &r.Inbox, &r.ObjectURI, &r.Type, &r.Attempts, &r.Created},
		func() error {
			place[host].Rows = append(place[host].Rows, r)
			return nil
		})
	return err
}
