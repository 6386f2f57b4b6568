package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// InsertReply writes a comment of ours. An article that is not public, any
// more or yet, is blog.ErrGone.
func (s *Store) InsertReply(
	ctx context.Context, c blog.Comment, job blog.CommentChanged, audit blog.AuditEntry,
) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if err := insertComment(ctx, tx, c); err != nil {
			return err
		}
		if err := insertObject(ctx, tx, c.ObjectURI, "comment", c.ID, c.Published); err != nil {
			return err
		}
		if err := countReply(ctx, tx, c); err != nil {
			return err
		}
		if err := wakeCrawls(ctx, tx, []uuid.UUID{c.ArticleID}, c.Created); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("insert reply", err)
	}
	s.changed(blog.PageArticle(c.ArticleID))
	return nil
}

func insertComment(ctx context.Context, tx pgx.Tx, c blog.Comment) error {
	_, err := tx.Exec(ctx, `
		insert into comments (
			id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, account_id, local,
			markdown, html, text, policy, warning, sensitive, language, url, attachments, mentions,
			visibility, state, published, edited, created, deleted, type, emojis, reasons, mention)
		values (
			$1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
			$11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30)`,
		c.ID, c.ObjectURI, nullID(c.ArticleID), nullID(c.ParentID), nullID(c.RootID), c.Depth, c.InReplyTo,
		c.Actor.ID, nullID(c.AccountID), c.Local, c.Markdown, c.HTML.String(), c.Text, c.Policy, c.Warning,
		c.Sensitive, c.Language, c.URL, orEmpty(c.Attachments), orEmpty(c.Mentions), c.Visibility, c.State,
		c.Published, nullTime(c.Edited), c.Created, nullTime(c.Deleted), c.Type, c.Emojis, c.Reasons, c.Mention)
	return err
}

// countReply counts a new comment of ours under its article.
func countReply(ctx context.Context, tx pgx.Tx, c blog.Comment) error {
	if c.Private() || c.ArticleID == uuid.Nil {
		return nil // it is on no page
	}
	more := 0
	if c.Shown() {
		more = 1
	}
	tag, err := tx.Exec(ctx, `
		update articles set comments = comments + $2
		where id = $1 and status = 'published'`, c.ArticleID, more)
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrGone
	}
	return err
}

// recount corrects the counter of the article after a comment passed from one
// state to another.
func recount(ctx context.Context, tx pgx.Tx, before, after blog.Comment) error {
	if before.ArticleID == uuid.Nil || before.Shown() == after.Shown() {
		return nil
	}
	step := -1
	if after.Shown() {
		step = 1
	}
	_, err := tx.Exec(ctx, `
		update articles set comments = greatest(comments + $2, 0) where id = $1`, before.ArticleID, step)
	return err
}

// lockComment reads a comment that is about to change; blog.ErrGone for one
// that its author deleted.
func lockComment(ctx context.Context, tx pgx.Tx, id uuid.UUID) (blog.Comment, error) {
	c, err := comment(ctx, tx, `where comments.id = $1 for update of comments`, id)
	if err == nil && c.State == blog.CommentDeleted {
		err = blog.ErrGone
	}
	return c, err
}

// EditReply changes the text of a comment of ours and what goes with it.
func (s *Store) EditReply(
	ctx context.Context, c blog.Comment, job blog.CommentChanged, audit blog.AuditEntry,
) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		old, err := lockComment(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := keepVersion(ctx, tx, old, c); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update comments set
				markdown = $2, html = $3, text = $4, policy = $5, warning = $6, sensitive = $7, language = $8,
				attachments = $9, mentions = $10, edited = $11
			where id = $1`,
			c.ID, c.Markdown, c.HTML.String(), c.Text, c.Policy, c.Warning, c.Sensitive, c.Language,
			orEmpty(c.Attachments), orEmpty(c.Mentions), nullTime(c.Edited))
		if err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("edit reply", err)
	}
	s.changed(blog.PageArticle(c.ArticleID))
	return nil
}

// DeleteReply leaves of a comment of ours its place in the thread.
func (s *Store) DeleteReply(
	ctx context.Context, id uuid.UUID, at time.Time, job blog.CommentChanged, audit blog.AuditEntry,
) error {
	var c blog.Comment
	err := s.tx(ctx, func(tx pgx.Tx) (err error) {
		if c, err = lockComment(ctx, tx, id); err != nil {
			return err
		}
		if err := blankComment(ctx, tx, c, at, audit.AccountID); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("delete reply", err)
	}
	s.changed(blog.PageArticle(c.ArticleID))
	return nil
}

// blankComment marks a locked comment deleted, takes its content away and
// remembers that its id never comes back. by is uuid.Nil for its own author.
func blankComment(ctx context.Context, tx pgx.Tx, c blog.Comment, at time.Time, by uuid.UUID) error {
	if _, err := tx.Exec(ctx, `
		update comments set
			state = 'deleted', deleted = $2, markdown = '', html = '', text = '', warning = '', sensitive = false,
			attachments = '[]', mentions = '[]', emojis = null, retry_at = null, removed = null
		where id = $1`, c.ID, at); err != nil {
		return err
	}
	if err := forgetVersions(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := forgetMedia(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := noteDeletion(ctx, tx, c, at, by); err != nil {
		return err
	}
	if c.Local {
		if err := revokeQuotes(ctx, tx, c.ObjectURI, at); err != nil {
			return err
		}
	}
	if err := recount(ctx, tx, c, blog.Comment{State: blog.CommentDeleted}); err != nil {
		return err
	}
	return deleteObject(ctx, tx, c.ObjectURI, "comment", c.ID, at)
}
