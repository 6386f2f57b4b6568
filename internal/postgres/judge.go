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

// Standings returns what is known about people whose comments are judged. Who
// wrote spam once is nobody whose comments were shown.
func (s *Store) Standings(ctx context.Context, actors []uuid.UUID) (map[uuid.UUID]blog.Standing, error) {
	// "offset 0" has each question asked for the few actors, by the index of
	// what is theirs. Without it the planner may choose to read all comments of
	// the blog once and hash them.
	rows, err := s.pool.Query(ctx, `
		select id, follower, shown, follower or wrote or reacted, born, met, approved
		from (
			select a.id, a.born, h.seen as met,
				exists (select from followers f where f.actor_id = a.id offset 0) as follower,
				exists (
					select from (select * from comments where actor_id = a.id offset 0) c
					where c.article_id is not null and not c.mention and `+shownBy("c")+` offset 0)
				and not exists (select from comments c where c.actor_id = a.id and c.state = 'spam' offset 0) as shown,
				exists (select from comments c where c.actor_id = a.id offset 0) as wrote,
				exists (
					select from reactions r
					where r.actor_id = a.id and r.kind in ('like', 'boost') and r.kind <> 'emoji' offset 0) as reacted,
				a.kind = 'visitor' and exists (
					select from visitors me join visitors v on v.email = me.email join comments c on c.actor_id = v.actor_id
					where me.actor_id = a.id and `+shownBy("c")+` offset 0)
				and not exists (
					select from visitors me join visitors v on v.email = me.email join comments c on c.actor_id = v.actor_id
					where me.actor_id = a.id and c.state = 'spam' offset 0) as approved
			from actors a left join hosts h on h.host = a.host
			where a.id = any ($1)) known`, planned, actors)
	if err != nil {
		return nil, wrap("standings", err)
	}
	standings := map[uuid.UUID]blog.Standing{}
	var id uuid.UUID
	var st blog.Standing
	columns := []any{&id, &st.Follower, &st.Shown, &st.Interacted, orZero(&st.Born), orZero(&st.Met), &st.Approved}
	_, err = pgx.ForEachRow(rows, columns, func() error {
		standings[id] = st
		return nil
	})
	return standings, wrap("standings", err)
}

// Policies returns articles with what decides who may comment on them.
func (s *Store) Policies(ctx context.Context, articles []uuid.UUID) (map[uuid.UUID]blog.Article, error) {
	rows, err := s.pool.Query(ctx, `
		select id, published, comment_policy, close_days, web_comments, quote_policy
		from articles where id = any ($1)`, planned, articles)
	if err != nil {
		return nil, wrap("policies", err)
	}
	policies := map[uuid.UUID]blog.Article{}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a blog.Article, err error) {
		err = row.Scan(&a.ID, orZero(&a.Published), &a.CommentPolicy, &a.CloseDays, &a.WebComments, &a.QuotePolicy)
		return a, err
	})
	for _, a := range found {
		policies[a.ID] = a
	}
	return policies, wrap("policies", err)
}

// RecentTexts returns what people on other servers and visitors wrote lately.
func (s *Store) RecentTexts(ctx context.Context, since time.Time, limit int) ([]blog.Comment, error) {
	rows, err := s.pool.Query(ctx, `
		select actor_id, text from comments
		where created > $1 and account_id is null and state <> 'deleted' and visibility in ('public', 'unlisted')
		order by created desc limit $2`, since, limit)
	if err != nil {
		return nil, wrap("recent texts", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c blog.Comment, err error) {
		err = row.Scan(&c.Actor.ID, &c.Text)
		return c, err
	})
	return found, wrap("recent texts", err)
}

// SetArticlePolicy stores what is set for an article.
func (s *Store) SetArticlePolicy(
	ctx context.Context, id uuid.UUID, p blog.ArticlePolicy, job *blog.ArticleChanged, audit blog.AuditEntry,
) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update articles set comment_policy = $2, close_days = $3, web_comments = $4, quote_policy = $5
			where id = $1 and status <> 'deleted'`, id, p.Comments, p.CloseDays, p.Web, p.Quotes)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		if job != nil {
			if err := s.enqueue(ctx, tx, *job); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("set article policy", err)
	}
	s.changed(blog.PageArticle(id))
	return nil
}

// WaitingBelow returns comments that wait for one with one of the addresses,
// at any depth, by that address.
func (s *Store) WaitingBelow(ctx context.Context, addresses []string) (map[string][]blog.Comment, error) {
	rows, err := s.pool.Query(ctx, `
		with recursive below as (
			select id, object_uri, url, in_reply_to as top from comments
			where article_id is null and in_reply_to = any ($1)
			union
			select c.id, c.object_uri, c.url, b.top
			from below b join comments c on c.article_id is null and c.in_reply_to in (b.object_uri, nullif(b.url, ''))
		)
		select id, top from below`, planned, addresses)
	if err != nil {
		return nil, wrap("waiting below", err)
	}
	tops := map[uuid.UUID]string{}
	var ids []uuid.UUID
	var id uuid.UUID
	var top string
	if _, err := pgx.ForEachRow(rows, []any{&id, &top}, func() error {
		tops[id] = top
		ids = append(ids, id)
		return nil
	}); err != nil || len(ids) == 0 {
		return nil, wrap("waiting below", err)
	}
	found, err := comments(ctx, s.pool, `where comments.id = any ($1)`, ids)
	waiting := map[string][]blog.Comment{}
	for _, c := range found {
		waiting[tops[c.ID]] = append(waiting[tops[c.ID]], c)
	}
	return waiting, wrap("waiting below", err)
}

// HoldComments gives comments a state that shows less, unless a moderator
// decided about them.
func (s *Store) HoldComments(ctx context.Context, held []federation.Held) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		for _, h := range held {
			c, err := lockComment(ctx, tx, h.ID)
			if errors.Is(err, pgx.ErrNoRows) || errors.Is(err, blog.ErrGone) {
				continue
			}
			if err != nil {
				return err
			}
			more, err := holdComment(ctx, tx, c, h.Ruling, c.Created)
			if err != nil {
				return err
			}
			tags = append(tags, more...)
		}
		return nil
	})
	if err != nil {
		return wrap("hold comments", err)
	}
	s.changed(tags...)
	return nil
}

// holdComment lets rules speak about a locked comment, upward only. It returns
// the pages that change.
func holdComment(ctx context.Context, tx pgx.Tx, c blog.Comment, r blog.Ruling, at time.Time) ([]string, error) {
	if c.Judged() || !blog.Harder(r.State, c.State) {
		return nil, nil
	}
	if _, err := tx.Exec(ctx, `
		update comments set state = $2, reasons = $3::jsonb where id = $1`, c.ID, r.State, r.Reasons); err != nil {
		return nil, fmt.Errorf("hold a comment: %w", err)
	}
	if err := noteRuling(ctx, tx, c, r, at); err != nil {
		return nil, err
	}
	after := c
	after.State = r.State
	return articleTags(map[uuid.UUID]int{c.ArticleID: 0}), recount(ctx, tx, c, after)
}

func noteRuling(ctx context.Context, tx pgx.Tx, c blog.Comment, r blog.Ruling, at time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into comment_history (comment_id, at, was, state, reasons, reasons_before)
		values ($1, $2, $3, $4, $5::jsonb, $6::jsonb)`, c.ID, at, c.State, r.State, r.Reasons, c.Reasons)
	if err != nil {
		return fmt.Errorf("note a ruling: %w", err)
	}
	return nil
}

// noteArrivals writes down why comments did not appear when they came.
func noteArrivals(ctx context.Context, tx pgx.Tx, added []federation.NewComment) error {
	var held []uuid.UUID
	for _, c := range added {
		if c.State != blog.Visible {
			held = append(held, c.ID)
		}
	}
	if len(held) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into comment_history (comment_id, at, was, state, reasons)
		select id, created, '', state, reasons from comments where id = any ($1) order by id`, planned, held)
	if err != nil {
		return fmt.Errorf("note arrivals: %w", err)
	}
	return nil
}
