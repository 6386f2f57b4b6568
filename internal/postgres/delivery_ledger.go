package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/delivery"
	"kabar/internal/federation"
)

// ledgerFilter is the condition of a delivery.Query on deliveries d, with the
// parameters of ledgerArgs from $1 on.
const ledgerFilter = `
	($1 = '' or d.object_uri = $1) and ($2 = '' or d.host = $2) and ($3 = 0 or d.id = $3)
	and (cardinality($4::text[]) = 0 or d.state = any ($4)) and ($5::uuid is null or d.activity_id = $5)`

func ledgerArgs(q delivery.Query) []any {
	states := make([]string, len(q.States))
	for i, state := range q.States {
		states[i] = string(state)
	}
	return []any{q.Object, q.Host, q.ID, states, nullID(q.Activity)}
}

// Deliveries reads the ledger, newest first.
func (s *Store) Deliveries(ctx context.Context, q delivery.Query) ([]delivery.Entry, error) {
	undelivered := `` // in the words of an index
	if len(q.States) > 0 && !slices.Contains(q.States, delivery.Delivered) {
		undelivered = ` and d.state <> 'delivered'`
	}
	rows, err := s.pool.Query(ctx, `
		select d.id, d.activity_id, d.inbox, d.object_uri, d.type, d.attempts, d.created,
			d.host, d.state, d.next_at, d.last_at, d.last_status, d.last_error, h.paused_until, h.suspended is not null
		from deliveries d left join hosts h on h.host = d.host
		where `+ledgerFilter+undelivered+` and ($6 = 0 or d.id < $6)
		order by d.id desc
		limit $7`, append(append([]any{planned}, ledgerArgs(q)...), q.Before, q.Limit)...)
	if err != nil {
		return nil, wrap("read ledger", err)
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e delivery.Entry, err error) {
		err = row.Scan(&e.ID, &e.ActivityID, &e.Inbox, &e.ObjectURI, &e.Type, &e.Attempts, &e.Created,
			&e.Host, &e.State, &e.NextAt, orZero(&e.LastAt), &e.LastStatus, &e.LastError, orZero(&e.Paused), &e.Suspended)
		return e, err
	})
	return entries, wrap("read ledger", err)
}

// DeliveryCounts counts the rows that q picks by their state.
func (s *Store) DeliveryCounts(ctx context.Context, q delivery.Query) (map[delivery.State]int, error) {
	rows, err := s.pool.Query(ctx, `
		select d.state, count(*) from deliveries d where `+ledgerFilter+` group by d.state`, ledgerArgs(q)...)
	if err != nil {
		return nil, wrap("count deliveries", err)
	}
	counts := map[delivery.State]int{}
	var state delivery.State
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		counts[state] = n
		return nil
	})
	return counts, wrap("count deliveries", err)
}

// TryNow makes waiting rows due, and their hosts with them.
func (s *Store) TryNow(ctx context.Context, now time.Time, q delivery.Query) (int, error) {
	n := 0
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Hosts first, in their order: see RecordDeliveries.
		_, err := tx.Exec(ctx, `
			select from hosts where host in (
				select d.host from deliveries d where `+ledgerFilter+` and d.state = 'waiting')
			order by host for update`, ledgerArgs(q)...)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			with due as (
				update deliveries d set next_at = $6
				where `+ledgerFilter+` and d.state = 'waiting'
				returning d.host
			), woken as (
				update hosts set
					next_at = $6, paused_until = null, suspended = null,
					low_next_at = case when low_next_at is not null then $6::timestamptz end
				where host in (select host from due)
			)
			select count(*) from due`, append(ledgerArgs(q), now)...).Scan(&n)
	})
	return n, wrap("try deliveries now", err)
}

// HostSpoke makes a paused or suspended host due now.
func (s *Store) HostSpoke(ctx context.Context, now time.Time, host string) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		update hosts set
			next_at = $2, paused_until = null, suspended = null, failing_since = null,
			low_next_at = case when low_next_at is not null then $2::timestamptz end
		where host = $1 and (paused_until > $2 or suspended is not null)`, host, now)
	return tag.RowsAffected() > 0, wrap("wake host", err)
}

// Outgoing returns the bytes of an activity of ours.
func (s *Store) Outgoing(ctx context.Context, activity uuid.UUID) (delivery.Message, error) {
	var m delivery.Message
	err := s.pool.QueryRow(ctx, `select actor_id, json, compact, content_type from activities where id = $1`, activity).
		Scan(&m.ActorID, &m.JSON, &m.Compact, &m.ContentType)
	return m, wrap("read activity", err)
}

// SigningKey returns the key that an actor of ours signs with.
func (s *Store) SigningKey(ctx context.Context, actor uuid.UUID) (keyID, pem string, err error) {
	var uri string
	err = s.pool.QueryRow(ctx, `select uri, private_key from actors where id = $1 and private_key <> ''`, actor).Scan(&uri, &pem)
	if err != nil {
		return "", "", wrap("read signing key", err)
	}
	pem, err = s.unseal(rsaPurpose(actor), pem)
	return federation.KeyID(uri), pem, err
}
