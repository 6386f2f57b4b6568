package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// Undo takes back a reaction or a follow of the actor. An activity whose id we
// know is meant by that id alone: a newer one of the same kind stays. What
// finds nothing is remembered, in case it comes before what it takes back.
func (s *Store) Undo(ctx context.Context, u federation.Undoing, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		end := done
		if err := lockDoer(ctx, tx, u.Actor); err != nil {
			return err
		}
		if err := meant(ctx, tx, &u); err != nil {
			return err
		}
		reactions, err := endReactions(ctx, tx, u)
		if err != nil {
			return err
		}
		follows, err := endFollow(ctx, tx, u)
		if err != nil {
			return err
		}
		if tags = append(reactions, follows...); len(tags) == 0 {
			end.Outcome = "ignored:unknown"
			if u.Remember {
				if err := rememberDeleted(ctx, tx, u.ActivityURI, u.Actor, done.At); err != nil {
					return err
				}
			}
		}
		return s.finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("undo", err)
	}
	s.changed(tags...)
	return nil
}

// lockDoer makes what an actor takes back wait for what the same actor does at
// the same time, and that for this: see lockAlive.
func lockDoer(ctx context.Context, tx pgx.Tx, uri string) error {
	if _, err := tx.Exec(ctx, `select from actors where uri = $1 for no key update`, uri); err != nil {
		return fmt.Errorf("lock actor: %w", err)
	}
	return nil
}

// meant drops the description of an activity that is known by its id, and
// remembers none that had its effect: under that id a follow may come anew.
func meant(ctx context.Context, tx pgx.Tx, u *federation.Undoing) error {
	if u.ActivityURI == "" {
		return nil
	}
	var known, done bool
	err := tx.QueryRow(ctx, `
		select count(*) > 0, coalesce(bool_and(done is not null), false) from inbound where activity_uri = $1`,
		u.ActivityURI).Scan(&known, &done)
	if known {
		u.Kind, u.ObjectURI, u.Remember = "", "", u.Remember && !done
	}
	return err
}

func endReactions(ctx context.Context, tx pgx.Tx, u federation.Undoing) ([]string, error) {
	rows, err := tx.Query(ctx, `
		delete from reactions r using actors a
		where a.uri = $1 and r.actor_id = a.id and (
			$2 <> '' and r.activity_uri = $2 or
			$4 <> '' and r.kind = $3 and r.object_uri = $4 and ($3 <> 'emoji' or $5 in ('', r.content)))
		returning r.kind, r.article_id, r.comment_id`, u.Actor, u.ActivityURI, u.Kind, u.ObjectURI, u.Content)
	if err != nil {
		return nil, fmt.Errorf("end reactions: %w", err)
	}
	return uncount(ctx, tx, rows)
}

// endFollow takes a follow back, by its id or by whom it is of.
func endFollow(ctx context.Context, tx pgx.Tx, u federation.Undoing) ([]string, error) {
	rows, err := tx.Query(ctx, `
		delete from followers f using actors a, actors ours
		where a.uri = $1 and f.actor_id = a.id and ours.id = f.target_id and (
			$2 <> '' and f.follow_uri = $2 or
			$3 = 'follow' and ours.uri = $4)
		returning f.target_id`, u.Actor, u.ActivityURI, u.Kind, u.ObjectURI)
	if err != nil {
		return nil, fmt.Errorf("end follow: %w", err)
	}
	return actorTags(rows)
}
