package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// AddOurReaction writes a like or boost of the blog with its counter.
func (s *Store) AddOurReaction(ctx context.Context, r blog.OurReaction, job blog.ReactionChanged, audit blog.AuditEntry) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		// The comment may have been deleted since it was looked at.
		if _, err := lockComment(ctx, tx, r.Comment.ID); err != nil {
			return err
		}
		written, err := tx.Exec(ctx, `
			insert into reactions (id, kind, actor_id, comment_id, object_uri, activity_uri, created)
			values ($1, $2, $3, $4, $5, $6, $7)
			on conflict do nothing`, r.ID, r.Kind, r.Actor, r.Comment.ID, r.Comment.ObjectURI, r.URI, audit.At)
		if err != nil || written.RowsAffected() == 0 {
			return err
		}
		if tags, err = countReactions(ctx, tx, map[counter]int{{kind: r.Kind, comment: r.Comment.ID}: 1}); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("add our reaction", err)
	}
	s.changed(tags...)
	return nil
}

// RemoveOurReaction takes a like or boost of the blog back. Its activity is gone
// from then on, also for who asks for it.
func (s *Store) RemoveOurReaction(
	ctx context.Context, comment, actor uuid.UUID, job blog.ReactionChanged, audit blog.AuditEntry,
) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		done := job
		err := tx.QueryRow(ctx, `
			delete from reactions where comment_id = $1 and actor_id = $2 and kind = $3
			returning activity_uri`, comment, actor, job.Reaction).Scan(&done.URI)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if tags, err = countReactions(ctx, tx, map[counter]int{{kind: job.Reaction, comment: comment}: -1}); err != nil {
			return err
		}
		if err := deleteObject(ctx, tx, done.URI, "unknown", actor, audit.At); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update activities set listed = false where uri = $1`, done.URI); err != nil {
			return fmt.Errorf("take out of outbox: %w", err)
		}
		if err := s.enqueue(ctx, tx, done); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("remove our reaction", err)
	}
	s.changed(tags...)
	return nil
}
