package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// AddFollower writes the follower, the Accept and its ledger row in one
// transaction: nobody follows without an answer, and nobody is answered who
// does not follow.
func (s *Store) AddFollower(ctx context.Context, f federation.NewFollower, accept federation.Outgoing, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		if waits, err := lockInbound(ctx, tx, done.ID); !waits || err != nil {
			return err
		}
		why, err := notWanted(ctx, tx, f.Actor, f.FollowURI)
		if err != nil {
			return err
		}
		if why != "" {
			end := done
			end.Outcome = why
			return s.finishInbound(ctx, tx, end)
		}
		if _, err := tx.Exec(ctx, `
			insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, $3, $4)
			on conflict (target_id, actor_id) do update set follow_uri = excluded.follow_uri`,
			f.Target, f.Actor, f.FollowURI, done.At); err != nil {
			return fmt.Errorf("insert follower: %w", err)
		}
		if err := insertOutgoing(ctx, tx, accept); err != nil {
			return err
		}
		tags = []string{blog.PageActor(f.Target)}
		return s.finishInbound(ctx, tx, done)
	})
	if err != nil {
		return wrap("add follower", err)
	}
	s.changed(tags...)
	return nil
}

// EndFollow ends the follow of one actor of ours by another server's.
func (s *Store) EndFollow(ctx context.Context, target uuid.UUID, actorURI string, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		end := done
		rows, err := tx.Query(ctx, `
			delete from followers f using actors a
			where a.uri = $2 and f.actor_id = a.id and f.target_id = $1
			returning f.target_id`, target, actorURI)
		if err != nil {
			return err
		}
		if tags, err = actorTags(rows); err != nil {
			return err
		}
		if len(tags) == 0 {
			end.Outcome = "ignored:unknown"
		}
		return s.finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("end follow", err)
	}
	s.changed(tags...)
	return nil
}

// MoveFollower lets one account follow in the place of another, whichever
// actors of ours that followed.
func (s *Store) MoveFollower(ctx context.Context, from, to federation.KnownActor, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		end := done
		rows, err := tx.Query(ctx, `
			with old as (
				delete from followers where actor_id = $1
				returning target_id, follow_uri, created
			), moved as (
				insert into followers (target_id, actor_id, follow_uri, created)
				select target_id, $2, follow_uri, created from old
				on conflict do nothing
			)
			select target_id from old`, from.ID, to.ID)
		if err != nil {
			return err
		}
		if tags, err = actorTags(rows); err != nil {
			return err
		}
		if len(tags) == 0 {
			end.Outcome = "ignored:no-follower"
		}
		return s.finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("move follower", err)
	}
	s.changed(tags...)
	return nil
}

// notWanted tells why what an actor does has no effect: the actor is deleted,
// or took it back before it arrived.
func notWanted(ctx context.Context, tx pgx.Tx, actor uuid.UUID, activity string) (string, error) {
	if ok, err := alive(ctx, tx, actor); !ok || err != nil {
		return "refused:actor-deleted", err
	}
	undone, err := wasDeleted(ctx, tx, activity, actor)
	if undone {
		return "ignored:undone", err
	}
	return "", err
}
