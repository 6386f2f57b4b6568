package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// questionPause is the least time between two questions to one address.
const questionPause = "1 hour"

const subscriberColumns = `id, email, language, weekly, created, question, confirmed, failures, paused`

func scanSubscriber(row pgx.CollectableRow) (s blog.Subscriber, err error) {
	err = row.Scan(&s.ID, &s.Email, &s.Language, &s.Weekly, &s.Created, &s.Question, orZero(&s.Confirmed), &s.Failures, orZero(&s.Paused))
	return s, err
}

func (s *Store) subscriber(ctx context.Context, op, sql string, args ...any) (blog.Subscriber, error) {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return blog.Subscriber{}, wrap(op, err)
	}
	sub, err := pgx.CollectExactlyOneRow(rows, scanSubscriber)
	return sub, wrap(op, err)
}

// Subscriber returns somebody who gets the newsletter or was asked about it.
func (s *Store) Subscriber(ctx context.Context, id uuid.UUID) (blog.Subscriber, error) {
	return s.subscriber(ctx, "subscriber", `select `+subscriberColumns+` from subscribers where id = $1`, id)
}

// SubscriberByQuestion finds who has not answered a question.
func (s *Store) SubscriberByQuestion(ctx context.Context, question uuid.UUID) (blog.Subscriber, error) {
	return s.subscriber(ctx, "subscriber", `select `+subscriberColumns+` from subscribers where question = $1`, question)
}

// SubscriberByEmail finds one by the normal form of the address.
func (s *Store) SubscriberByEmail(ctx context.Context, email string) (blog.Subscriber, error) {
	return s.subscriber(ctx, "subscriber", `select `+subscriberColumns+` from subscribers where email = $1`, email)
}

// Subscribers returns them, newest first.
func (s *Store) Subscribers(ctx context.Context, q blog.SubscriberQuery) ([]blog.Subscriber, error) {
	rows, err := s.pool.Query(ctx, `
		select `+subscriberColumns+` from subscribers
		where ($1 = '' or strpos(email, lower($1)) > 0)
			and ($2::uuid is null or (created, id) < ($3::timestamptz, $2))
		order by created desc, id desc
		limit $4`, q.Search, nullID(q.Before.ID), nullTime(q.Before.At), q.Limit)
	if err != nil {
		return nil, wrap("subscribers", err)
	}
	list, err := pgx.CollectRows(rows, scanSubscriber)
	return list, wrap("subscribers", err)
}

// CountSubscribers counts them by what they get.
func (s *Store) CountSubscribers(ctx context.Context) (n blog.Subscribers, err error) {
	err = s.pool.QueryRow(ctx, `
		select count(*) filter (where confirmed is not null and paused is null),
			count(*) filter (where confirmed is null),
			count(*) filter (where confirmed is not null and paused is not null)
		from subscribers`).Scan(&n.Confirmed, &n.Waiting, &n.Paused)
	return n, wrap("count subscribers", err)
}

// AskSubscriber orders the question to an address, at most one an hour and
// maxQuestions a day: anybody may type it.
func (s *Store) AskSubscriber(ctx context.Context, sub blog.Subscriber) error {
	_, err := s.pool.Exec(ctx, `
		insert into subscribers as s (id, email, language, created, question, ask, asked)
		values ($1, $2, $3, $4, $5, $4, array[$4::timestamptz])
		on conflict (email) do update set
			language = excluded.language, question = excluded.question, ask = excluded.ask, tries = 0,
			asked = array(select t from unnest(s.asked) t where t > excluded.ask - interval '1 day') || excluded.ask
		where s.confirmed is null and s.asked[cardinality(s.asked)] < excluded.ask - interval '`+questionPause+`'
			and $6 > (select count(*) from unnest(s.asked) t where t > excluded.ask - interval '1 day')`,
		sub.ID, sub.Email, sub.Language, sub.Created, sub.Question, maxQuestions)
	return wrap("ask subscriber", err)
}

// ConfirmSubscriber answers a question once.
func (s *Store) ConfirmSubscriber(ctx context.Context, question uuid.UUID, at time.Time) (blog.Subscriber, error) {
	return s.subscriber(ctx, "confirm subscriber", `
		update subscribers set confirmed = $2, question = null, ask = null
		where question = $1 and confirmed is null
		returning `+subscriberColumns, question, at)
}

// SetSubscriber changes what somebody gets. Who does so reads the letters: a
// pause ends.
func (s *Store) SetSubscriber(ctx context.Context, id uuid.UUID, language string, weekly bool) error {
	return s.one(ctx, "set subscriber", `
		update subscribers set language = $2, weekly = $3, failures = 0, paused = null where id = $1`, id, language, weekly)
}

// DeleteSubscriber forgets an address, and what was still to be sent to it.
func (s *Store) DeleteSubscriber(ctx context.Context, id uuid.UUID) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update letters set state = 'dropped' where subscriber_id = $1 and state = 'waiting'`, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `delete from subscribers where id = $1`, id)
		return err
	})
	return wrap("delete subscriber", err)
}

// Issues returns what was sent, newest first.
func (s *Store) Issues(ctx context.Context, limit int) ([]blog.Issue, error) {
	rows, err := s.pool.Query(ctx, `
		select i.id, i.article_id, coalesce(a.title, ''), i.until, i.created,
			coalesce(sum(l.letters) filter (where l.state = 'sent'), 0)::int,
			coalesce(sum(l.letters) filter (where l.state = 'failed'), 0)::int,
			coalesce(sum(l.letters) filter (where l.state in ('waiting', 'begun')), 0)::int,
			coalesce(sum(l.letters) filter (where l.state = 'unknown'), 0)::int,
			coalesce(sum(l.letters) filter (where l.state = 'dropped'), 0)::int
		from (select * from issues order by created desc, id desc limit $1) i
		left join articles a on a.id = i.article_id
		left join letter_counts l on l.issue_id = i.id
		group by i.id, i.article_id, a.title, i.until, i.created
		order by i.created desc, i.id desc`, limit)
	if err != nil {
		return nil, wrap("issues", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i blog.Issue, err error) {
		err = row.Scan(&i.ID, &i.Article, &i.Title, &i.Until, &i.Created, &i.Sent, &i.Failed, &i.Waiting, &i.Unknown, &i.Dropped)
		return i, err
	})
	return list, wrap("issues", err)
}
