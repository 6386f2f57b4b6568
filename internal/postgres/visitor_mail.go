package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const (
	// maxQuestions is how many questions an address of mail gets in a day:
	// anybody may type it.
	maxQuestions = 3
	// questionLife is how long a subscription waits for its answer.
	questionLife = 30 * 24 * time.Hour
	// mailBatch bounds what one look plans; the next one takes the rest.
	mailBatch = 200
)

// putSubscription writes a wish for mail. One that is there already goes on;
// one that was ended after it was confirmed begins again with a question, and
// one that was refused stays refused.
func putSubscription(ctx context.Context, tx pgx.Tx, wish *blog.Subscription) error {
	if wish == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into subscriptions as s (id, article_id, email, language, created) values ($1, $2, $3, $4, $5)
		on conflict (email, article_id) do update set
			language = excluded.language, created = excluded.created, asked = null, confirmed = null, ended = null
		where s.ended is not null and s.confirmed is not null`,
		wish.ID, wish.Article, wish.Email, wish.Language, wish.Created)
	return err
}

// Subscription returns a visitor's wish for mail.
func (s *Store) Subscription(ctx context.Context, id uuid.UUID) (blog.Subscription, error) {
	w := blog.Subscription{ID: id}
	err := s.pool.QueryRow(ctx, `
		select article_id, email, language, created, asked, confirmed, ended
		from subscriptions where id = $1`, id).Scan(&w.Article, &w.Email, &w.Language, &w.Created,
		orZero(&w.Asked), orZero(&w.Confirmed), orZero(&w.Ended))
	return w, wrap("subscription", err)
}

// ConfirmSubscription begins a subscription that has not ended.
func (s *Store) ConfirmSubscription(ctx context.Context, id uuid.UUID, at time.Time) error {
	return s.one(ctx, "confirm subscription", `
		update subscriptions set confirmed = coalesce(confirmed, $2) where id = $1 and ended is null`, id, at)
}

// EndSubscription ends a subscription; again changes nothing.
func (s *Store) EndSubscription(ctx context.Context, id uuid.UUID, at time.Time) error {
	return s.one(ctx, "end subscription", `
		update subscriptions set ended = coalesce(ended, $2) where id = $1`, id, at)
}

// one changes one row, or is blog.ErrNotFound.
func (s *Store) one(ctx context.Context, op, sql string, args ...any) error {
	tag, err := s.pool.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrNotFound
	}
	return wrap(op, err)
}

// PlanVisitorMails enqueues the mails that are due, in the transaction that
// writes down that they were.
func (s *Store) PlanVisitorMails(ctx context.Context, at time.Time) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			delete from subscriptions
			where confirmed is null and ended is null and created < $1`, at.Add(-questionLife)); err != nil {
			return err
		}
		questions, err := dueQuestions(ctx, tx, at)
		if err != nil {
			return err
		}
		answers, err := dueAnswers(ctx, tx, at)
		if err != nil {
			return err
		}
		for _, mail := range append(questions, answers...) {
			if err := s.enqueue(ctx, tx, mail); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("plan visitors' mails", err)
}

// dueQuestions are the subscriptions that are asked about now: of each address
// one, once a comment of it is shown, so that nobody can have mail sent to
// strangers by what no reader ever sees.
func dueQuestions(ctx context.Context, tx pgx.Tx, at time.Time) ([]blog.VisitorMail, error) {
	return visitorMails(ctx, tx, `
		update subscriptions set asked = $1
		where id in (
			select distinct on (s.email) s.id from subscriptions s
			where s.asked is null and s.confirmed is null and s.ended is null
				and exists (
					select from visitors v join comments c on c.actor_id = v.actor_id
					where v.email = s.email and c.article_id = s.article_id and `+shownBy("c")+`)
				and $2 > (
					select count(*) from subscriptions other
					where other.email = s.email and other.asked > $1::timestamptz - interval '1 day')
			order by s.email, s.created
			limit $3)
		returning id, null::uuid`, at, maxQuestions, mailBatch)
}

// dueAnswers are the visible answers, directly below a visible comment of
// somebody who wants to hear of them, that were not told yet.
func dueAnswers(ctx context.Context, tx pgx.Tx, at time.Time) ([]blog.VisitorMail, error) {
	return visitorMails(ctx, tx, `
		insert into told (subscription_id, comment_id, at)
		select s.id, c.id, $1
		from subscriptions s
		join visitors v on v.email = s.email
		join comments own on own.actor_id = v.actor_id and own.article_id = s.article_id
		join comments c on c.parent_id = own.id
		where s.confirmed is not null and s.ended is null and c.created >= s.created
			and `+shownBy("own")+` and `+shownBy("c")+`
			and not exists (select from visitors o where o.actor_id = c.actor_id and o.email = s.email)
			and not exists (select from told t where t.subscription_id = s.id and t.comment_id = c.id)
		limit $2
		on conflict do nothing
		returning subscription_id, comment_id`, at, mailBatch)
}

func visitorMails(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]blog.VisitorMail, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m blog.VisitorMail, err error) {
		err = row.Scan(&m.Subscription, &m.Comment)
		return m, err
	})
}
