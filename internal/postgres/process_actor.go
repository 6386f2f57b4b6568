package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// DeleteActor ends an actor of another server: the profile, the keys, the
// follows, the reactions, and every comment, each of which leaves its place.
func (s *Store) DeleteActor(ctx context.Context, uri string, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		id, err := blankActor(ctx, tx, uri, done.At)
		if errors.Is(err, pgx.ErrNoRows) {
			tags = nil
			return s.finishInbound(ctx, tx, federation.Done{ID: done.ID, Outcome: "ignored:unknown", At: done.At})
		}
		if err != nil {
			return err
		}
		tags = []string{blog.PageActor(id)}
		for _, end := range []func(context.Context, pgx.Tx, uuid.UUID, time.Time) ([]string, error){
			endCommentsOf, endReactionsOf, endFollowsOf,
		} {
			more, err := end(ctx, tx, id, done.At)
			if err != nil {
				return err
			}
			tags = append(tags, more...)
		}
		return s.finishInbound(ctx, tx, done)
	})
	if err != nil {
		return wrap("delete actor", err)
	}
	s.changed(tags...)
	return nil
}

// blankActor keeps of an actor only that it was there: comments need their
// author, and nothing may come back under that id.
func blankActor(ctx context.Context, tx pgx.Tx, uri string, at time.Time) (id uuid.UUID, err error) {
	err = tx.QueryRow(ctx, `
		update actors set
			deleted = $2, name = '', summary = '', url = '', avatar_url = '', avatar = '', emojis = null,
			also_known_as = '{}'
		where uri = $1 and kind = 'remote' and deleted is null
		returning id`, uri, at).Scan(&id)
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := tx.Exec(ctx, `delete from keys where actor_uri = $1`, uri); err != nil {
		return uuid.Nil, fmt.Errorf("delete keys: %w", err)
	}
	if err := forgetMedia(ctx, tx, id); err != nil {
		return uuid.Nil, err
	}
	return id, deleteObject(ctx, tx, uri, "actor", id, at)
}

func endCommentsOf(ctx context.Context, tx pgx.Tx, actor uuid.UUID, at time.Time) ([]string, error) {
	if _, err := tx.Exec(ctx, `
		insert into objects (id, kind, subject, deleted)
		select object_uri, 'comment', id, $2 from comments
		where actor_id = $1 and (state <> 'deleted' or removed is not null) order by object_uri
		on conflict (id) do update set deleted = excluded.deleted where objects.deleted is null`, actor, at); err != nil {
		return nil, fmt.Errorf("remember comments: %w", err)
	}
	rows, err := tx.Query(ctx, `
		with old as (
			select id, article_id, state, reasons, `+shownComment+` as shown from comments
			where actor_id = $1 and (state <> 'deleted' or removed is not null) order by id for update
		), noted as (
			insert into comment_history (comment_id, at, was, state, reasons, reasons_before)
			select id, $2, state, 'deleted', '[{"rule": "author"}]', reasons from old where state <> 'deleted' order by id
		), before as (
			delete from comment_versions where comment_id in (select id from old)
		), media as (
			delete from remote_media_uses where subject in (select id from old)
		)
		update comments set
			state = 'deleted', deleted = $2, html = '', text = '', warning = '', sensitive = false, attachments = '[]',
			mentions = '[]', emojis = null, retry_at = null, inbound_id = null, removed = null
		from old where comments.id = old.id
		returning old.article_id, old.shown`, actor, at)
	if err != nil {
		return nil, fmt.Errorf("end comments: %w", err)
	}
	counts := map[uuid.UUID]int{}
	var article *uuid.UUID
	var shown bool
	if _, err := pgx.ForEachRow(rows, []any{&article, &shown}, func() error {
		if article != nil && shown {
			counts[*article]--
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("end comments: %w", err)
	}
	return articleTags(counts), countComments(ctx, tx, counts)
}

func endReactionsOf(ctx context.Context, tx pgx.Tx, actor uuid.UUID, _ time.Time) ([]string, error) {
	rows, err := tx.Query(ctx, `
		delete from reactions where actor_id = $1 returning kind, article_id, comment_id`, actor)
	if err != nil {
		return nil, fmt.Errorf("end reactions: %w", err)
	}
	return uncount(ctx, tx, rows)
}

func endFollowsOf(ctx context.Context, tx pgx.Tx, actor uuid.UUID, _ time.Time) ([]string, error) {
	rows, err := tx.Query(ctx, `delete from followers where actor_id = $1 returning target_id`, actor)
	if err != nil {
		return nil, fmt.Errorf("end follows: %w", err)
	}
	return actorTags(rows)
}

// actorTags reads ids of actors as tags of pages.
func actorTags(rows pgx.Rows) ([]string, error) {
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	tags := make([]string, len(ids))
	for i, id := range ids {
		tags[i] = blog.PageActor(id)
	}
	return tags, err
}

// alive locks an actor against deletion; false for a deleted one.
func alive(ctx context.Context, tx pgx.Tx, actor uuid.UUID) (bool, error) {
	var id uuid.UUID
	err := tx.QueryRow(ctx, `select id from actors where id = $1 and deleted is null for share`, actor).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
