package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// AddRefused records an activity that was refused, as done.
func (s *Store) AddRefused(ctx context.Context, in federation.Inbound, outcome string) error {
	_, err := s.pool.Exec(ctx, `
		insert into inbound (
			activity_uri, actor, signer, host, type, object_uri, forwarded, raw, received, done, outcome)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
		on conflict (activity_uri) do nothing`,
		in.ActivityURI, in.Actor, in.Signer, in.Host, in.Type, in.ObjectURI, in.Forwarded, in.Raw, in.Received, outcome)
	return wrap("add refused", err)
}

const inboundColumns = `id, activity_uri, actor, signer, host, type, object_uri, forwarded, raw, received, attempts`

func scanInbound(row pgx.CollectableRow) (in federation.Inbound, err error) {
	err = row.Scan(&in.ID, &in.ActivityURI, &in.Actor, &in.Signer, &in.Host, &in.Type, &in.ObjectURI, &in.Forwarded,
		&in.Raw, &in.Received, &in.Attempts)
	return in, err
}

// ClaimInbound takes the oldest waiting activities and leases them by moving
// their time on. Several nodes may claim at once. What somebody says of an
// object waits for what they said of it before, which is in hand or comes
// again: a deletion that is done before its post leaves answers without a place.
func (s *Store) ClaimInbound(
	ctx context.Context, now time.Time, lease time.Duration, limit int,
) ([]federation.Inbound, error) {
	rows, err := s.pool.Query(ctx, `
		with due as (
			select id as due_id from inbound i
			where next_at <= $1 and not exists (
				select from inbound before
				where before.next_at > $1 and before.actor = i.actor and before.object_uri = i.object_uri and before.id < i.id
					and not before.forwarded) -- what others pass on in somebody's name holds nothing up
			order by next_at, id limit $3
			for update of i skip locked
		)
		update inbound set next_at = $1::timestamptz + $2::interval, attempts = attempts + 1
		from due where id = due_id
		returning `+inboundColumns, planned, now, lease, limit)
	if err != nil {
		return nil, wrap("claim inbound", err)
	}
	batch, err := pgx.CollectRows(rows, scanInbound)
	slices.SortFunc(batch, func(a, b federation.Inbound) int { return int(a.ID - b.ID) })
	return batch, wrap("claim inbound", err)
}

// ReleaseInbound makes claimed activities due again, before what came after them.
func (s *Store) ReleaseInbound(ctx context.Context, now time.Time, ids []int64) error {
	_, err := s.pool.Exec(ctx, `
		update inbound set next_at = least(received, $2), attempts = greatest(attempts - 1, 0)
		where id = any ($1) and next_at is not null`, ids, now)
	return wrap("release inbound", err)
}

// FinishInbound writes what became of activities; a single one together with
// those that end at the same time.
func (s *Store) FinishInbound(ctx context.Context, done ...federation.Done) error {
	if len(done) == 1 {
		return wrap("finish inbound", s.ending.add(ctx, done[0]))
	}
	return wrap("finish inbound", s.finishInbound(ctx, s.pool, done...))
}

// endInbound writes what became of activities, for gather.
func (s *Store) endInbound(ctx context.Context, done []federation.Done) ([]error, error) {
	return make([]error, len(done)), s.finishInbound(ctx, s.pool, done...)
}

// planned has a statement planned for the present size of its tables each time.
// A plan that was made while a table was small and is kept reads all of it,
// until statistics are gathered: that is too late for a burst. It is for the
// statements of a batch, where planning is paid once for a hundred rows.
const planned = pgx.QueryExecModeCacheDescribe

// finishInbound leaves what is done already as it is.
func (s *Store) finishInbound(ctx context.Context, db querier, done ...federation.Done) error {
	var ids []int64
	var outcomes, details []string
	var at time.Time
	for _, d := range done {
		if d.ID == 0 {
			continue
		}
		ids, outcomes, details, at = append(ids, d.ID), append(outcomes, d.Outcome), append(details, d.Detail), d.At
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := db.Exec(ctx, `
		update inbound set next_at = null, done = $4, outcome = d.outcome, detail = d.detail
		from unnest($1::bigint[], $2::text[], $3::text[]) d (id, outcome, detail)
		where inbound.id = d.id and inbound.done is null`, planned, ids, outcomes, details, at)
	if err != nil {
		return fmt.Errorf("finish %d activities: %w", len(ids), err)
	}
	if s.Finished != nil {
		for _, outcome := range outcomes {
			s.Finished(outcome)
		}
	}
	return nil
}

// lockInbound reports whether an activity still waits, and keeps it from being
// processed at the same time after its lease ran out: for effects that would
// otherwise happen twice. Without an id there is nothing to lock.
func lockInbound(ctx context.Context, tx pgx.Tx, id int64) (waits bool, err error) {
	err = tx.QueryRow(ctx, `select done is null from inbound where id = $1 for update`, id).Scan(&waits)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	return waits, err
}

// PostponeInbound lets an activity come again later.
func (s *Store) PostponeInbound(ctx context.Context, id int64, next time.Time, why string) error {
	_, err := s.pool.Exec(ctx, `
		update inbound set next_at = $2, detail = $3 where id = $1 and done is null`, id, next, why)
	return wrap("postpone inbound", err)
}

// InboundQuery picks activities that came in, newest first.
type InboundQuery struct {
	Outcome string // with a colon at its end: all that begin so; waiting: not done; "" = any
	Actor   string // "" = any
	Before  int64  // ID; 0 = from the newest
	Limit   int
}

// InboundEntry is one line of the list of what came in.
type InboundEntry struct {
	federation.Inbound
	Outcome string
	Detail  string
	NextAt  time.Time // zero = done
	Done    time.Time
}

// InboundList returns what came in and what became of it.
func (s *Store) InboundList(ctx context.Context, q InboundQuery) ([]InboundEntry, error) {
	rows, err := s.pool.Query(ctx, `
		select `+inboundColumns+`, outcome, detail, next_at, done from inbound
		where ($1 = '' or outcome = $1 or $1 = 'waiting' and done is null
		       or right($1, 1) = ':' and starts_with(outcome, $1))
		  and ($2 = '' or actor = $2)
		  and ($3 = 0 or id < $3)
		order by id desc limit $4`, planned, q.Outcome, q.Actor, q.Before, q.Limit)
	if err != nil {
		return nil, wrap("inbound list", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e InboundEntry, err error) {
		err = row.Scan(&e.ID, &e.ActivityURI, &e.Actor, &e.Signer, &e.Host, &e.Type, &e.ObjectURI, &e.Forwarded,
			&e.Raw, &e.Received, &e.Attempts, &e.Outcome, &e.Detail, orZero(&e.NextAt), orZero(&e.Done))
		return e, err
	})
	return list, wrap("inbound list", err)
}
