package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// fromServer is the condition that the host of an actor, as ids name it, is
// the parameter or below it. blog.Blocked has the same rule. Indexes have hosts
// by their names read from the end, where those below a domain stand together.
func fromServer(host, parameter string) string {
	from := `(reverse(regexp_replace(` + host + `, ':[0-9]+$', '')) collate "C")`
	return `(` + host + ` = ` + parameter + ` or ` + from + ` = reverse(` + parameter + `)
		or ` + from + ` >= reverse(` + parameter + `) || '.' and ` + from + ` < reverse(` + parameter + `) || '/')`
}

// Moderate gives the selected comments their state. What is deleted stays so,
// and answers of ours are deleted one by one: other servers are told.
func (s *Store) Moderate(ctx context.Context, m blog.Moderation, audit blog.AuditEntry) (blog.Moderated, error) {
	var done blog.Moderated
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) (err error) {
		done, tags, err = s.moderate(ctx, tx, m, audit)
		return err
	})
	if err != nil {
		return blog.Moderated{}, wrap("moderate", err)
	}
	s.changed(tags...)
	return done, nil
}

func (s *Store) moderate(
	ctx context.Context, tx pgx.Tx, m blog.Moderation, audit blog.AuditEntry,
) (done blog.Moderated, tags []string, err error) {
	counts := map[uuid.UUID]int{}
	if done.Comments, err = setStates(ctx, tx, m, counts); err != nil {
		return done, nil, err
	}
	if err := s.approveShown(ctx, tx, m, done.Comments); err != nil {
		return done, nil, err
	}
	if m.State == blog.CommentDeleted {
		if done.Final, err = s.deleteOurs(ctx, tx, m, counts); err != nil {
			return done, nil, err
		}
	}
	if len(done.Comments) > 0 {
		done.Batch = m.Batch
	}
	done.Comments = append(done.Comments, done.Final...)
	if len(done.Comments) == 0 {
		return done, nil, nil
	}
	if err := countComments(ctx, tx, counts); err != nil {
		return done, nil, err
	}
	return done, articleTags(counts), auditComments(ctx, tx, audit, done)
}

// auditComments writes how many comments a decision changed, and which when it
// was one.
func auditComments(ctx context.Context, tx pgx.Tx, audit blog.AuditEntry, done blog.Moderated) error {
	audit.Detail["comments"] = strconv.Itoa(len(done.Comments))
	if done.Batch == uuid.Nil {
		delete(audit.Detail, "batch")
	}
	if len(done.Comments) == 1 && audit.Subject == done.Comments[0].String() {
		err := tx.QueryRow(ctx, `select object_uri from comments where id = $1`, done.Comments[0]).Scan(&audit.Subject)
		if err != nil {
			return fmt.Errorf("name the comment: %w", err)
		}
	}
	return insertAudit(ctx, tx, audit)
}

// setStates changes what may come back, all in one statement, with the history.
// It adds to counts what readers see more or less of.
func setStates(ctx context.Context, tx pgx.Tx, m blog.Moderation, counts map[uuid.UUID]int) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		with picked as (
			select c.id, c.article_id, c.state, c.reasons, `+shownBy("c")+` as shown
			from comments c join actors a on a.id = c.actor_id
			where c.id in (
				select unnest($1::uuid[])
				union all
				select of.id from comments of where of.actor_id = $2
				union all
				select of.id from comments of join actors at on at.id = of.actor_id
				where $3 <> '' and at.kind = 'remote' and `+fromServer("at.host", "$3::text")+`)
			  and c.state not in ('deleted', $4)
			  and not ($4 = 'deleted' and c.local and a.kind <> 'visitor')
			order by c.id
			for update of c
		), changed as (
			update comments set
				state = $4, reasons = $5::jsonb, deleted = case when $4 = 'deleted' then $6::timestamptz end,
				removed = case when $4 = 'deleted' then $6::timestamptz end
			from picked where comments.id = picked.id
			returning comments.id, comments.article_id, picked.state as was, picked.reasons as before, picked.shown,
				`+shownComment+` as shows
		), noted as (
			insert into comment_history (comment_id, at, account_id, was, state, reasons, reasons_before, batch)
			select id, $6, $7, was, $4, $5::jsonb, before, $8 from changed order by id
		)
		select id, article_id, shows::int - shown::int from changed order by id`,
		planned, orEmpty(m.Comments), nullID(m.Actor), m.Domain, m.State, m.Reasons, m.At, nullID(m.By), m.Batch)
	if err != nil {
		return nil, fmt.Errorf("set states: %w", err)
	}
	ids, err := countSteps(rows, counts)
	if err != nil {
		return nil, fmt.Errorf("set states: %w", err)
	}
	return ids, nil
}

// countSteps reads comments with their articles and what they add to those.
func countSteps(rows pgx.Rows, counts map[uuid.UUID]int) (ids []uuid.UUID, err error) {
	var id uuid.UUID
	var article *uuid.UUID
	var step int
	_, err = pgx.ForEachRow(rows, []any{&id, &article, &step}, func() error {
		ids = append(ids, id)
		counts[orNil(article)] += step
		return nil
	})
	return ids, err
}

// deleteOurs deletes the selected answers of our authors for good.
func (s *Store) deleteOurs(ctx context.Context, tx pgx.Tx, m blog.Moderation, counts map[uuid.UUID]int) ([]uuid.UUID, error) {
	ours, err := comments(ctx, tx, `
		where (comments.id = any ($1) or comments.actor_id = $2)
		  and comments.local and actors.kind <> 'visitor' and comments.state <> 'deleted'
		order by comments.id
		for update of comments`, orEmpty(m.Comments), nullID(m.Actor))
	if err != nil {
		return nil, fmt.Errorf("select answers of ours: %w", err)
	}
	var ids []uuid.UUID
	for _, c := range ours {
		if err := blankComment(ctx, tx, c, m.At, m.By); err != nil {
			return nil, fmt.Errorf("delete an answer of ours: %w", err)
		}
		job := blog.CommentChanged{Comment: c.ID, Change: "delete", Activity: m.NewID()}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return nil, err
		}
		ids = append(ids, c.ID)
		counts[c.ArticleID] += 0 // blankComment counted; the page changes
	}
	return ids, nil
}

// UndoModeration takes a batch back where nothing came after it.
func (s *Store) UndoModeration(
	ctx context.Context, batch uuid.UUID, m blog.Moderation, audit blog.AuditEntry,
) (blog.Moderated, error) {
	done := blog.Moderated{}
	counts := map[uuid.UUID]int{}
	err := s.tx(ctx, func(tx pgx.Tx) (err error) {
		done = blog.Moderated{}
		clear(counts)
		if done.Comments, err = undoStates(ctx, tx, batch, m, counts); err != nil {
			return err
		}
		if len(done.Comments) == 0 {
			return knownBatch(ctx, tx, batch)
		}
		done.Batch = m.Batch
		if err := countComments(ctx, tx, counts); err != nil {
			return err
		}
		return auditComments(ctx, tx, audit, done)
	})
	if err != nil {
		return blog.Moderated{}, wrap("undo moderation", err)
	}
	s.changed(articleTags(counts)...)
	return done, nil
}

func knownBatch(ctx context.Context, tx pgx.Tx, batch uuid.UUID) error {
	var known bool
	err := tx.QueryRow(ctx, `select exists (select from comment_history where batch = $1)`, batch).Scan(&known)
	if err == nil && !known {
		err = blog.ErrNotFound
	}
	return err
}

// undoStates gives back the states from before a batch. A later event of a
// comment, whoever caused it, means that it stays as it is; so does content
// that is gone.
func undoStates(
	ctx context.Context, tx pgx.Tx, batch uuid.UUID, m blog.Moderation, counts map[uuid.UUID]int,
) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		with picked as (
			select c.id, e.was, e.reasons_before, c.state, c.reasons, `+shownBy("c")+` as shown
			from comment_history e join comments c on c.id = e.comment_id
			where e.batch = $1 and c.state = e.state and (c.state <> 'deleted' or c.removed is not null)
			  and not exists (select from comment_history later where later.comment_id = c.id and later.id > e.id)
			order by c.id
			for update of c
		), changed as (
			update comments set
				state = picked.was, reasons = picked.reasons_before,
				deleted = case when picked.was = 'deleted' then $2::timestamptz end,
				removed = case when picked.was = 'deleted' then $2::timestamptz end
			from picked where comments.id = picked.id
			returning comments.id, comments.article_id, picked.state as was, comments.state, comments.reasons,
				picked.reasons as before, picked.shown, `+shownComment+` as shows
		), noted as (
			insert into comment_history (comment_id, at, account_id, was, state, reasons, reasons_before, batch, undoes)
			select id, $2, $3, was, state, reasons, before, $4, $1 from changed order by id
		)
		select id, article_id, shows::int - shown::int from changed order by id`,
		planned, batch, m.At, nullID(m.By), m.Batch)
	if err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	ids, err := countSteps(rows, counts)
	if err != nil {
		return nil, fmt.Errorf("undo: %w", err)
	}
	return ids, nil
}

// CommentHistory returns what became of a comment, oldest first.
func (s *Store) CommentHistory(ctx context.Context, comment uuid.UUID) ([]blog.CommentEvent, error) {
	rows, err := s.pool.Query(ctx, `
		select comment_id, at, account_id, was, state, reasons, batch, undoes
		from comment_history where comment_id = $1 order by id`, comment)
	if err != nil {
		return nil, wrap("comment history", err)
	}
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e blog.CommentEvent, err error) {
		err = row.Scan(&e.Comment, &e.At, &e.AccountID, &e.Was, &e.State, &e.Reasons, &e.Batch, &e.Undoes)
		return e, err
	})
	return events, wrap("comment history", err)
}

// noteDeletion writes down that a comment was deleted for good. What a
// moderator had deleted before only loses its content.
func noteDeletion(ctx context.Context, tx pgx.Tx, c blog.Comment, at time.Time, by uuid.UUID) error {
	if c.State == blog.CommentDeleted {
		return nil
	}
	why := blog.RuleModerator
	if by == uuid.Nil {
		why = blog.RuleAuthor
	}
	_, err := tx.Exec(ctx, `
		insert into comment_history (comment_id, at, account_id, was, state, reasons, reasons_before)
		values ($1, $2, $3, $4, 'deleted', $5::jsonb, $6::jsonb)`,
		c.ID, at, nullID(by), c.State, []blog.Reason{{Rule: why}}, c.Reasons)
	if err != nil {
		return fmt.Errorf("note a deletion: %w", err)
	}
	return nil
}

// endRemoved makes a moderator's deletion the author's own, which is for good;
// false for a comment that is gone already.
func endRemoved(ctx context.Context, tx pgx.Tx, c blog.Comment, at time.Time) (bool, error) {
	var kept bool
	err := tx.QueryRow(ctx, `select removed is not null from comments where id = $1`, c.ID).Scan(&kept)
	if err != nil || !kept {
		return false, err
	}
	return true, deleteComment(ctx, tx, c, at)
}

// BlankRemoved ends the time in which a moderator's deletion can be taken back.
func (s *Store) BlankRemoved(ctx context.Context, before time.Time) (int, error) {
	n := 0
	err := s.tx(ctx, func(tx pgx.Tx) error {
		n = 0
		old, err := comments(ctx, tx, `
			where comments.removed < $1 and comments.state = 'deleted'
			order by comments.removed limit $2
			for update of comments skip locked`, before, cleanupBatch)
		if err != nil {
			return err
		}
		for _, c := range old {
			if err := deleteComment(ctx, tx, c, c.Deleted); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, wrap("blank what moderators deleted", err)
}
