package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// attachWaiting puts comments that waited for one of added below it, and what
// waited for those below them. It adds to counts what becomes visible.
func attachWaiting(ctx context.Context, tx pgx.Tx, added []federation.NewComment, counts map[uuid.UUID]int) error {
	var above []uuid.UUID
	for _, c := range added {
		if c.ArticleID != uuid.Nil {
			above = append(above, c.ID)
		}
	}
	// Each round is one level down. What is attached waits no longer, so
	// comments that answer each other in a circle end it.
	for len(above) > 0 {
		rows, err := tx.Query(ctx, `
			with attached as (
				update comments c set
					article_id = p.article_id, root_id = p.root_id, retry_at = null, mention = false,
					parent_id = case when p.depth < $2 then p.id else p.parent_id end, depth = least(p.depth + 1, $2)
				from comments p
				where p.id = any ($1) and c.article_id is null and c.in_reply_to in (p.object_uri, nullif(p.url, ''))
				returning c.id, c.article_id, c.inbound_id, `+shownBy("c")+` as shown
			), told as (
				update inbound set outcome = 'comment' from attached
				where inbound.id = attached.inbound_id and inbound.outcome = 'unattached'
			)
			select id, article_id, shown from attached`, planned, above, federation.MaxDepth)
		if err != nil {
			return fmt.Errorf("attach waiting comments: %w", err)
		}
		above = nil
		var id, article uuid.UUID
		var shown bool
		if _, err := pgx.ForEachRow(rows, []any{&id, &article, &shown}, func() error {
			above = append(above, id)
			n := 0
			if shown {
				n = 1
			}
			counts[article] += n
			return nil
		}); err != nil {
			return fmt.Errorf("attach waiting comments: %w", err)
		}
	}
	return nil
}

// ClaimUnattached takes comments whose parent is to be looked for.
func (s *Store) ClaimUnattached(
	ctx context.Context, now time.Time, lease time.Duration, limit int,
) ([]federation.Unattached, error) {
	rows, err := s.pool.Query(ctx, `
		with due as (
			select id as due_id from comments where retry_at <= $1
			order by retry_at limit $3
			for update skip locked
		)
		update comments set retry_at = $1::timestamptz + $2::interval
		from due where id = due_id
		returning id, in_reply_to, retries, visibility not in ('public', 'unlisted'), exists (
			select from actors a
			where a.kind in ('blog', 'author') and comments.mentions @> jsonb_build_array(jsonb_build_object('actor_uri', a.uri)))`, now, lease, limit)
	if err != nil {
		return nil, wrap("claim unattached", err)
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByPos[federation.Unattached])
	return waiting, wrap("claim unattached", err)
}

// AttachComment puts a comment that waited in its place, and below it what
// waited for it.
func (s *Store) AttachComment(ctx context.Context, id uuid.UUID, place federation.Place) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		c, err := lockComment(ctx, tx, id)
		if err != nil || c.ArticleID != uuid.Nil {
			return err
		}
		placed := federation.NewComment{Comment: c}
		placed.Put(place)
		_, err = tx.Exec(ctx, `
			update comments set article_id = $2, parent_id = $3, root_id = $4, depth = $5, retry_at = null
			where id = $1`, id, placed.ArticleID, nullID(placed.ParentID), placed.RootID, placed.Depth)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			update inbound set outcome = 'comment' where id = $1 and outcome = 'unattached'`, c.InboundID); err != nil {
			return err
		}
		counts := map[uuid.UUID]int{placed.ArticleID: shownAs(placed.Comment)}
		if err := attachWaiting(ctx, tx, []federation.NewComment{placed}, counts); err != nil {
			return err
		}
		tags = articleTags(counts)
		if err := countComments(ctx, tx, counts); err != nil {
			return err
		}
		return wakeCrawls(ctx, tx, []uuid.UUID{placed.ArticleID}, placed.Created)
	})
	if err != nil {
		return wrap("attach comment", err)
	}
	s.changed(tags...)
	return nil
}

// PostponeParent counts a look for a comment's parent that found nothing.
func (s *Store) PostponeParent(ctx context.Context, id uuid.UUID, next time.Time) error {
	_, err := s.pool.Exec(ctx, `
		update comments set retries = retries + 1, retry_at = $2
		where id = $1 and article_id is null and state <> 'deleted'`, id, nullTime(next))
	return wrap("postpone parent", err)
}

// KeepMention ends the search for the parent of a public comment.
func (s *Store) KeepMention(ctx context.Context, id uuid.UUID, outcome string) error {
	_, err := s.pool.Exec(ctx, `
		with kept as (
			update comments set mention = true, retry_at = null
			where id = $1 and article_id is null and state <> 'deleted' and visibility in ('public', 'unlisted')
			returning inbound_id
		)
		update inbound set outcome = $2 from kept where inbound.id = kept.inbound_id`, id, outcome)
	return wrap("keep mention", err)
}

// DropUnattached removes a comment that answers nothing of ours; one that was
// attached meanwhile stays.
func (s *Store) DropUnattached(ctx context.Context, id uuid.UUID, outcome string) error {
	return wrap("drop unattached comment", s.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with dropped as (
				delete from comments
				where id = $1 and article_id is null and not exists (select from reactions where comment_id = $1)
				returning object_uri, inbound_id
			), forgotten as (
				delete from objects using dropped where objects.id = dropped.object_uri and objects.deleted is null
			)
			update inbound set outcome = $2 from dropped where inbound.id = dropped.inbound_id`, id, outcome)
		return err
	}))
}
