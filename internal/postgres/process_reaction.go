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

// AddReaction counts a like, boost or emoji once per actor. Of two with
// different ids the newer one is kept: it is the one that may be taken back.
func (s *Store) AddReaction(ctx context.Context, r federation.NewReaction, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		end := done
		why, err := notWanted(ctx, tx, r.Actor, r.ActivityURI)
		if err != nil {
			return err
		}
		if why == "" {
			if tags, why, err = insertReaction(ctx, tx, r, done.At); err != nil {
				return err
			}
		}
		if why != "" {
			end.Outcome = why
		}
		return finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("add reaction", err)
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

func insertReaction(ctx context.Context, tx pgx.Tx, r federation.NewReaction, at time.Time) (tags []string, why string, err error) {
	article := nullID(r.Place.ArticleID)
	if r.Place.CommentID != uuid.Nil {
		article = nil
	}
	tag, err := tx.Exec(ctx, `
		insert into reactions (id, kind, actor_id, article_id, comment_id, object_uri, activity_uri, content, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict do nothing`,
		r.ID, r.Kind, r.Actor, article, nullID(r.Place.CommentID), r.Place.ObjectURI, r.ActivityURI, r.Content, at)
	if err != nil {
		return nil, "", fmt.Errorf("insert reaction: %w", err)
	}
	if tag.RowsAffected() == 0 {
		_, err := tx.Exec(ctx, `
			update reactions set activity_uri = $5
			where kind = $1 and actor_id = $2 and object_uri = $3 and ($1 <> 'emoji' or content = $4)`,
			r.Kind, r.Actor, r.Place.ObjectURI, r.Content, r.ActivityURI)
		return nil, "ignored:known", err
	}
	shown, err := countReaction(ctx, tx, r.Kind, r.Place.ArticleID, r.Place.CommentID, 1)
	return shown, "", err
}

// countReaction changes the counter of a comment, or else of an article, and
// returns the tag of the page that shows it. Emoji have no counter.
func countReaction(ctx context.Context, tx pgx.Tx, kind string, article, comment uuid.UUID, step int) ([]string, error) {
	table, id := "articles", article
	shown := "id"
	if comment != uuid.Nil {
		table, id, shown = "comments", comment, "article_id"
	}
	var on *uuid.UUID
	err := tx.QueryRow(ctx, `
		update `+table+` set
			likes = greatest(likes + case when $2 = 'like' then $3::int else 0 end, 0),
			boosts = greatest(boosts + case when $2 = 'boost' then $3::int else 0 end, 0)
		where id = $1
		returning `+shown, id, kind, step).Scan(&on)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && on == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count reaction: %w", err)
	}
	return []string{blog.PageArticle(*on)}, nil
}

// uncount takes reactions that were removed out of the counters.
func uncount(ctx context.Context, tx pgx.Tx, removed pgx.Rows) ([]string, error) {
	type reaction struct {
		Kind             string
		Article, Comment *uuid.UUID
	}
	list, err := pgx.CollectRows(removed, pgx.RowToStructByPos[reaction])
	if err != nil {
		return nil, fmt.Errorf("remove reactions: %w", err)
	}
	tags := []string{}
	for _, r := range list {
		more, err := countReaction(ctx, tx, r.Kind, orNil(r.Article), orNil(r.Comment), -1)
		if err != nil {
			return nil, err
		}
		tags = append(tags, more...)
	}
	if len(list) > 0 && len(tags) == 0 {
		tags = append(tags, blog.PageSite)
	}
	return tags, nil
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// Undo takes back a reaction or a follow of the actor. An activity whose id we
// know is meant by that id alone: a newer one of the same kind stays. What
// finds nothing is remembered, in case it comes before what it takes back.
func (s *Store) Undo(ctx context.Context, u federation.Undoing, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		end := done
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
		return finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("undo", err)
	}
	s.changed(tags...)
	return nil
}

// meant drops the description of an activity that is known by its id.
func meant(ctx context.Context, tx pgx.Tx, u *federation.Undoing) error {
	if u.ActivityURI == "" {
		return nil
	}
	var known bool
	err := tx.QueryRow(ctx, `
		select exists (select from inbound where activity_uri = $1)`, u.ActivityURI).Scan(&known)
	if known {
		u.Kind, u.ObjectURI = "", ""
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
