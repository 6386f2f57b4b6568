package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// insertOutgoing writes an activity of ours and plans its delivery: one ledger
// row per distinct inbox, and every host concerned due again. An activity that
// is there already was planned in its own transaction and is left as it is.
func insertOutgoing(ctx context.Context, tx pgx.Tx, o federation.Outgoing) error {
	a := o.Activity
	if err := checkPresent(ctx, tx, o); err != nil {
		return err
	}
	if told, err := createTells(ctx, tx, a); err != nil || told {
		return err
	}
	tag, err := tx.Exec(ctx, `
		insert into activities (id, uri, actor_id, type, object_uri, json, compact, listed, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (uri) do nothing`,
		a.ID, a.URI, a.ActorID, a.Type, a.ObjectURI, a.JSON, a.Compact, a.Listed, a.Created)
	if err != nil {
		return fmt.Errorf("insert activity: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	if err := planDeliveries(ctx, tx, o); err != nil {
		return err
	}
	return supersede(ctx, tx, a)
}

// checkPresent refuses what tells of an object as it was before an edit or its
// deletion. Plans about one object wait for each other: whatever is changed
// after this look has a job whose plan comes later and so supersedes this one.
func checkPresent(ctx context.Context, tx pgx.Tx, o federation.Outgoing) error {
	a := o.Activity
	switch a.Type {
	case "Create", "Update", "Delete", "Like", "Announce", "Undo":
	default:
		return nil
	}
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, a.ObjectURI); err != nil {
		return fmt.Errorf("wait for other plans: %w", err)
	}
	if a.Type == "Delete" || a.Type == "Undo" {
		return nil
	}
	var past bool
	err := tx.QueryRow(ctx, `
		select exists (select from objects where id = $1 and deleted is not null)
			or exists (select from articles where object_uri = $1 and updated is distinct from $2)
			or exists (select from comments where object_uri = $1 and local and edited is distinct from $2)`,
		a.ObjectURI, nullTime(o.Edited)).Scan(&past)
	if err == nil && past {
		err = blog.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("compare with %s: %w", a.ObjectURI, err)
	}
	return nil
}

// createTells reports whether an Update would go out before the Create of its
// object, whose job was taken up later than the edit's: after a crash, or when it
// had to be tried again. Other servers take no Update of what they do not know,
// and the Create tells of the edit.
func createTells(ctx context.Context, tx pgx.Tx, a federation.Activity) (tells bool, err error) {
	if a.Type != "Update" {
		return false, nil
	}
	err = tx.QueryRow(ctx, `
		select not exists (select from activities where object_uri = $1 and type = 'Create') and exists (
			select from river_job
			where state in ('available', 'pending', 'retryable', 'running', 'scheduled') and args @> any (array[
				jsonb_build_object('object_uri', $1::text, 'change', 'create'),
				jsonb_build_object('comment', (select subject from objects where id = $1), 'change', 'create')]))`,
		a.ObjectURI).Scan(&tells)
	if err != nil {
		return false, fmt.Errorf("look for the Create of %s: %w", a.ObjectURI, err)
	}
	return tells, nil
}

// planDeliveries is one statement, so that 100,000 followers stay in the
// database. Rows are written in the order of their keys: two plans at once
// then wait for each other instead of deadlocking on hosts. A blocked domain is
// told only of ends: what is deleted, and that a follow is refused.
func planDeliveries(ctx context.Context, tx pgx.Tx, o federation.Outgoing) error {
	a := o.Activity
	_, err := tx.Exec(ctx, `
		with targets as (
			select coalesce(nullif(a.shared_inbox, ''), a.inbox) as inbox
			from followers f join actors a on a.id = f.actor_id
			where f.target_id = any ($6::uuid[]) and a.deleted is null
			union
			select unnest($5::text[])
			union
			select inbox from deliveries
			where $7 and object_uri = $2 and $2 <> ''
		), planned as (
			insert into deliveries (activity_id, host, inbox, object_uri, type, next_at, created)
			select $1, lower(substring(inbox from '^https?://([^/?#]+)')), inbox, $2, $3, $4, $4
			from targets
			where inbox ~ '^https?://[^/?#]' and ($8 or not `+refusedHost(`lower(substring(inbox from '^https?://([^/?#]+)'))`)+`)
			order by inbox
			on conflict (activity_id, inbox) do nothing
			returning host
		)
		insert into hosts (host, next_at)
		select distinct host, $4::timestamptz from planned order by host
		on conflict (host) do update set
			-- A host that is paused stays so.
			next_at = least(hosts.next_at, greatest(excluded.next_at, hosts.paused_until))`,
		planned, a.ID, a.ObjectURI, a.Type, a.Created, o.Inboxes, o.FollowersOf, o.Again, a.Type == "Delete" || a.Type == "Reject")
	if err != nil {
		return fmt.Errorf("plan deliveries of %s: %w", a.URI, err)
	}
	return nil
}
