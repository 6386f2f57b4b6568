package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// supersede ends what a newly planned activity makes pointless. An Update
// ends only older Updates: a Create never gives way to one, since Mastodon and
// Misskey would lose the article. A Delete ends everything about its object,
// and is itself skipped where nothing of it was ever tried.
//
// It runs after the hosts' rows were written and so are locked: what a lease
// has in hand may be on its way and counts as tried.
func supersede(ctx context.Context, tx pgx.Tx, a federation.Activity) error {
	if a.ObjectURI == "" || a.Type != "Update" && a.Type != "Delete" {
		return nil
	}
	if a.Type == "Delete" {
		if err := skipUntried(ctx, tx, a); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update activities set listed = false where object_uri = $1`, a.ObjectURI); err != nil {
			return fmt.Errorf("take out of outbox: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `
		update deliveries set state = 'superseded'
		where object_uri = $1 and state = 'waiting' and activity_id <> $2 and ($3 or type = 'Update')`,
		a.ObjectURI, a.ID, a.Type == "Delete")
	if err != nil {
		return fmt.Errorf("supersede deliveries: %w", err)
	}
	return nil
}

func skipUntried(ctx context.Context, tx pgx.Tx, a federation.Activity) error {
	_, err := tx.Exec(ctx, `
		update deliveries d set state = 'skipped'
		where d.activity_id = $1 and not exists (
			select from deliveries c join hosts h on h.host = c.host
			where c.object_uri = $2 and c.inbox = d.inbox and c.activity_id <> $1
				and (c.attempts > 0 or c.state = 'waiting' and h.lease_until > $3))`, a.ID, a.ObjectURI, a.Created)
	if err != nil {
		return fmt.Errorf("skip needless deletes: %w", err)
	}
	return nil
}
