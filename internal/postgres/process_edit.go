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

// EditComment gives a comment its new text and audience. The moderators'
// verdict stays, and so does its place.
func (s *Store) EditComment(ctx context.Context, c federation.NewComment) (found bool, err error) {
	var tags []string
	err = s.tx(ctx, func(tx pgx.Tx) error {
		found, tags = true, nil
		old, err := lockByObject(ctx, tx, c.ObjectURI)
		if err != nil {
			return err
		}
		done := c.Done
		switch {
		case old.ID == uuid.Nil:
			if found, err = wasDeleted(ctx, tx, c.ObjectURI, c.Actor.ID); !found || err != nil {
				return err
			}
			done.Outcome = "ignored:deleted"
		case old.Actor.ID != c.Actor.ID:
			done.Outcome = "refused:not-owner"
		case old.State == blog.CommentDeleted:
			done.Outcome = "ignored:deleted"
		case !c.Edited.IsZero() && (c.Edited.Before(old.Edited) || c.Edited.Equal(old.Edited) && c.HTML == old.HTML && c.Warning == old.Warning):
			done.Outcome = "ignored:older" // two edits in one second tell the same time
		default:
			tags, err = editComment(ctx, tx, old, c)
			if err != nil {
				return err
			}
			if err := passOnEdit(ctx, tx, old, c); err != nil {
				return err
			}
		}
		return s.finishInbound(ctx, tx, done)
	})
	if err != nil {
		return false, wrap("edit comment", err)
	}
	s.changed(tags...)
	return found, nil
}

// lockByObject returns the comment with that id, an empty one if there is none.
func lockByObject(ctx context.Context, tx pgx.Tx, uri string) (blog.Comment, error) {
	c, err := comment(ctx, tx, `where comments.object_uri = $1 for update of comments`, uri)
	if errors.Is(err, pgx.ErrNoRows) {
		return blog.Comment{}, nil
	}
	return c, err
}

// wasDeleted reports whether an id without a comment is remembered as deleted,
// by its origin or by that actor.
func wasDeleted(ctx context.Context, tx pgx.Tx, uri string, actor uuid.UUID) (deleted bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (
			select from objects
			where id = $1 and deleted is not null and (kind <> 'unknown' or subject is null or subject = $2))`,
		uri, actor).Scan(&deleted)
	return deleted, err
}

// editComment writes the new text. Without a version of its own, and of a
// poll, an edit is one only if it changes something: polls are sent again for
// every vote.
func editComment(ctx context.Context, tx pgx.Tx, old blog.Comment, c federation.NewComment) ([]string, error) {
	if err := keepVersion(ctx, tx, old, c.Comment); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `
		update comments set
			html = $2, text = $3, policy = $4, warning = $5, sensitive = $6, language = $7, url = $8, attachments = $9,
			mentions = $10, visibility = $11, inbound_id = coalesce($12, inbound_id),
			context = $17, replies = $18, quotes = $19, type = $15, emojis = $16, edited = case
				when (html, warning, attachments, visibility) is distinct from ($2, $5, $9, $11)
				then coalesce($13::timestamptz, $14)
				when type = 'Question' then edited
				else coalesce($13::timestamptz, edited) end
		where id = $1`,
		old.ID, c.HTML.String(), c.Text, c.Policy, c.Warning, c.Sensitive, c.Language, c.URL, orEmpty(c.Attachments),
		orEmpty(c.Mentions), c.Visibility, nullInbound(c.InboundID), nullTime(c.Edited), c.Created, c.Type, c.Emojis,
		c.Context, c.Replies, c.Quotes)
	if err != nil {
		return nil, fmt.Errorf("write edit: %w", err)
	}
	after := old
	after.Visibility, after.Attachments, after.Emojis = c.Visibility, c.Attachments, c.Emojis
	if err := changeMedia(ctx, tx, old.ID, commentMedia(after)); err != nil {
		return nil, err
	}
	if err := recount(ctx, tx, old, after); err != nil {
		return nil, err
	}
	ruling := blog.Ruling{State: c.State, Reasons: c.Reasons}
	if old.Quotes != "" && c.Quotes == "" && old.InReplyTo == "" {
		// It stood here for the quote alone.
		ruling = blog.Ruling{State: blog.Hidden, Reasons: []blog.Reason{{Rule: "quote-dropped"}}}
	}
	tags, err := holdComment(ctx, tx, after, ruling, c.Created)
	if err != nil || old.ArticleID == uuid.Nil {
		return nil, err
	}
	return append(tags, blog.PageArticle(old.ArticleID)), nil
}

// passOnEdit lets servers of the thread hear of an edit that readers see.
func passOnEdit(ctx context.Context, tx pgx.Tx, old blog.Comment, c federation.NewComment) error {
	old.Visibility = c.Visibility
	if !c.Forward || c.State != blog.Visible || !old.Shown() || old.ArticleID == uuid.Nil {
		return nil
	}
	return addForwards(ctx, tx, c.Created, forward{c.Done.ID, old.ArticleID})
}

func nullInbound(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// DeleteObject ends a comment, or a boost that is deleted by its id. What is
// not known is remembered as deleted by that actor.
func (s *Store) DeleteObject(ctx context.Context, d federation.Deletion, done federation.Done) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		if err := lockDoer(ctx, tx, d.Actor); err != nil {
			return err
		}
		if d.Remember {
			if err := rememberDeleted(ctx, tx, d.URI, d.Actor, done.At); err != nil {
				return err
			}
		}
		old, err := lockByObject(ctx, tx, d.URI)
		if err != nil {
			return err
		}
		end := done
		switch {
		case old.ID == uuid.Nil:
			if tags, err = endReactions(ctx, tx, federation.Undoing{Actor: d.Actor, ActivityURI: d.URI}); err != nil {
				return err
			}
			if len(tags) == 0 {
				end.Outcome = "ignored:unknown"
			}
		case d.Actor != "" && old.Actor.URI != d.Actor || old.Local:
			end.Outcome = "refused:not-owner"
		case old.State == blog.CommentDeleted:
			var ended bool
			if ended, err = endRemoved(ctx, tx, old, done.At); err != nil {
				return err
			}
			if !ended {
				end.Outcome = "ignored:deleted"
			}
		default:
			if err := deleteComment(ctx, tx, old, done.At); err != nil {
				return err
			}
			if d.Forward && old.Shown() && old.ArticleID != uuid.Nil {
				if err := addForwards(ctx, tx, done.At, forward{done.ID, old.ArticleID}); err != nil {
					return err
				}
			}
			tags = articleTags(map[uuid.UUID]int{old.ArticleID: 0})
		}
		return s.finishInbound(ctx, tx, end)
	})
	if err != nil {
		return wrap("delete object", err)
	}
	s.changed(tags...)
	return nil
}

// rememberDeleted writes down whose word it was: another person of the same
// server may not take away what that actor will write. Known ids are left to
// who deletes them.
func rememberDeleted(ctx context.Context, tx pgx.Tx, uri, actor string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into objects (id, kind, subject, deleted)
		values ($1, 'unknown', (select id from actors where uri = $2), $3)
		on conflict (id) do nothing`, uri, actor, at)
	if err != nil {
		return fmt.Errorf("remember deletion: %w", err)
	}
	return nil
}

// deleteComment leaves its place, and lets go of the activity that brought it.
func deleteComment(ctx context.Context, tx pgx.Tx, c blog.Comment, at time.Time) error {
	if err := blankComment(ctx, tx, c, at, uuid.Nil); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update comments set inbound_id = null where id = $1`, c.ID)
	return err
}
