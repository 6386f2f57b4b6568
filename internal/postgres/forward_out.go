package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// forward is an activity that came in, in a thread whose servers are to get it.
type forward struct {
	inbound int64
	article uuid.UUID
}

// addForwards writes down what is to be passed on.
func addForwards(ctx context.Context, tx pgx.Tx, now time.Time, list ...forward) error {
	if len(list) == 0 {
		return nil
	}
	ids, articles := make([]int64, len(list)), make([]uuid.UUID, len(list))
	for i, f := range list {
		ids[i], articles[i] = f.inbound, f.article
	}
	_, err := tx.Exec(ctx, `
		insert into forwards (inbound_id, article_id, created, next_at)
		select id, article, $3, $3 from unnest($1::bigint[], $2::uuid[]) f (id, article) order by id
		on conflict (inbound_id) do nothing`, planned, ids, articles, now)
	if err != nil {
		return fmt.Errorf("add forwards: %w", err)
	}
	return nil
}

// PlanForwards makes rows of the ledger for what is to be passed on.
func (s *Store) PlanForwards(
	ctx context.Context, now time.Time, perHour, limit int, age time.Duration,
) (done, rows int, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		done, rows = 0, 0
		// What is left of the hour is counted and spent by one at a time.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('forwards', 0))`); err != nil {
			return err
		}
		left := 0
		if err := tx.QueryRow(ctx, `
			select $2 - coalesce(sum(deliveries), 0) from forwards where planned > $1::timestamptz - interval '1 hour'`,
			now, perHour).Scan(&left); err != nil {
			return err
		}
		list, err := waitingForwards(ctx, tx, now, limit)
		if err != nil {
			return err
		}
		for _, f := range list {
			if left <= 0 {
				return nil
			}
			n, servers := 0, 0
			if !f.pointless && now.Sub(f.created) <= age {
				if n, servers, err = planForward(ctx, tx, now, f, left, perHour); err != nil {
					return err
				}
			}
			if n == 0 && servers > left {
				return nil
			}
			if _, err := tx.Exec(ctx, `
				update forwards set next_at = null, planned = $2, deliveries = $3 where inbound_id = $1`, f.inbound, now, n); err != nil {
				return err
			}
			done, rows, left = done+1, rows+n, left-n
		}
		return nil
	})
	return done, rows, wrap("plan forwards", err)
}

// waitingForward is one of them with what is known of its activity.
type waitingForward struct {
	forward
	created   time.Time
	uri       string
	kind      string // type of the activity
	object    string
	actor     string
	pointless bool // readers do not see it any more
}

func waitingForwards(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]waitingForward, error) {
	rows, err := tx.Query(ctx, `
		select f.inbound_id, f.article_id, f.created, i.activity_uri, i.type, i.object_uri, i.actor,
			a.status <> 'published' or i.type <> 'Delete' and not exists (
				select from comments c where c.object_uri = i.object_uri and `+shownBy("c")+`)
		from forwards f join inbound i on i.id = f.inbound_id join articles a on a.id = f.article_id
		where f.next_at <= $1
		order by f.next_at, f.inbound_id
		limit $2
		for update of f skip locked`, now, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f waitingForward, err error) {
		err = row.Scan(&f.inbound, &f.article, &f.created, &f.uri, &f.kind, &f.object, &f.actor, &f.pointless)
		return f, err
	})
}

// planForward writes somebody's activity beside ours, to be sent in the name of
// the article's author and never to be served, with one row for each server
// whose people took part in the thread. What it makes pointless is ended as
// with ours. If there are more servers than are left of the hour, nothing is
// written; if there are more than a whole hour has, it goes as far as that
// reaches.
func planForward(
	ctx context.Context, tx pgx.Tx, now time.Time, f waitingForward, left, most int,
) (n, servers int, err error) {
	err = tx.QueryRow(ctx, `
		with people as (
			select c.actor_id as id from comments c where c.article_id = $2 and `+shownBy("c")+`
			union
			select r.actor_id from reactions r where r.article_id = $2
			union
			select r.actor_id from reactions r join comments c on c.id = r.comment_id where c.article_id = $2
		), inboxes as (
			select distinct coalesce(nullif(a.shared_inbox, ''), a.inbox) as inbox
			from people join actors a on a.id = people.id
			where a.kind = 'remote' and a.deleted is null
			  and a.host <> lower(substring($6 from '^https?://([^/?#]+)'))
		), targets as (
			select inbox, lower(substring(inbox from '^https?://([^/?#]+)')) as host from inboxes
			where inbox ~ '^https?://[^/?#]' and not `+refusedHost(`lower(substring(inbox from '^https?://([^/?#]+)'))`)+`
			order by inbox
			limit $7
		), activity as (
			insert into activities (id, uri, actor_id, type, object_uri, json, created, forwarded, content_type)
			select gen_random_uuid(), 'forward:' || i.activity_uri, a.actor_id, $4, $5, i.raw, $3, true, i.content_type
			from inbound i, articles a
			where i.id = $1 and a.id = $2 and (select count(*) between 1 and $8 from targets)
			on conflict (uri) do nothing
			returning id
		), superseded as (
			update deliveries d set state = 'superseded'
			where d.low and d.object_uri = $5 and d.state = 'waiting' and (select count(*) <= $8 from targets)
			  and ($4 = 'Delete' or $4 = 'Update' and d.type = 'Update')
		), planned as (
			insert into deliveries (activity_id, host, inbox, object_uri, type, next_at, created, low)
			select activity.id, targets.host, inbox, $5, $4, $3, $3, true from activity, targets
			order by inbox
			returning host
		), woken as (
			insert into hosts (host, low_next_at)
			select distinct host, $3::timestamptz from planned order by host
			on conflict (host) do update set
				low_next_at = least(hosts.low_next_at, greatest(excluded.low_next_at, hosts.paused_until))
		)
		select (select count(*) from planned), (select count(*) from targets)`,
		f.inbound, f.article, now, f.kind, f.object, f.actor, most, left).Scan(&n, &servers)
	if err != nil {
		return 0, 0, fmt.Errorf("plan the forwarding of %s: %w", f.uri, err)
	}
	return n, servers, nil
}

// DeleteOldForwards forgets what was passed on before the given time and
// returns how many deliveries that were.
func (s *Store) DeleteOldForwards(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select id from deliveries d where low and state <> 'waiting' and created < $1
			order by id
			limit $2
		), gone as (
			delete from deliveries using old where deliveries.id = old.id
		)
		select count(*), count(*) from old`, before)
	if err != nil {
		return n, wrap("delete old forwards", err)
	}
	for _, sql := range []string{`
		with old as (
			select inbound_id from forwards where planned < $1 and planned is not null and next_at is null order by planned limit $2
		), gone as (
			delete from forwards using old where forwards.inbound_id = old.inbound_id
		)
		select count(*), count(*) from old`, `
		with old as (
			select id from activities a
			where forwarded and created < $1 and not exists (select from deliveries d where d.activity_id = a.id)
			order by created limit $2
		), gone as (
			delete from activities using old where activities.id = old.id
		)
		select count(*), count(*) from old`} {
		if _, err := s.deleteInBatches(ctx, sql, before); err != nil {
			return n, wrap("delete old forwards", err)
		}
	}
	return n, nil
}
