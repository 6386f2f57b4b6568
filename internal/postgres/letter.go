package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const (
	// issueWindow is how long after its time an article is still news: no
	// letter goes out for what was published while Kabar was off for longer.
	issueWindow = 24 * time.Hour
	// letterLease is when a letter that was begun is given up: longer than a
	// job may take.
	letterLease = 5 * time.Minute
	// maxFailures pauses a subscriber.
	maxFailures = 3
)

// PlanArticleIssues makes an issue of each article that was published since the
// newsletter was turned on, before until, once: edits change nothing, and what
// was taken back meanwhile is not there. Translations and static pages are not sent.
func (s *Store) PlanArticleIssues(ctx context.Context, since, until, at time.Time, id func() uuid.UUID) error {
	if earliest := until.Add(-issueWindow); since.Before(earliest) {
		since = earliest
	}
	err := s.tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select a.id from articles a
			where a.status = 'published' and not a.static and a.translation_of is null
				and a.published > $1 and a.published <= $2
				and not exists (select from issues i where i.name = 'article:' || a.id)
			order by a.published`, since, until)
		if err != nil {
			return err
		}
		articles, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		for _, article := range articles {
			if err := insertIssue(ctx, tx, id(), "article:"+article.String(), article, until, at); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("plan issues", err)
}

// PlanWeek makes the weekly issue that is due at until, once, if anything was
// published in the week before.
func (s *Store) PlanWeek(ctx context.Context, since, until, at time.Time, id uuid.UUID) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		var news bool
		if err := tx.QueryRow(ctx, `
			select exists (select from articles where status = 'published' and not static and translation_of is null
				and published > greatest($1, $2::timestamptz - interval '7 days') and published <= $2)`, since, until).Scan(&news); err != nil || !news {
			return err
		}
		return insertIssue(ctx, tx, id, "week:"+until.UTC().Format(time.RFC3339), uuid.Nil, until, at)
	})
	return wrap("plan the weekly issue", err)
}

// insertIssue writes an issue with a letter to each subscriber of its kind.
func insertIssue(ctx context.Context, tx pgx.Tx, id uuid.UUID, name string, article uuid.UUID, until, at time.Time) error {
	tag, err := tx.Exec(ctx, `
		insert into issues (id, name, article_id, until, created) values ($1, $2, $3, $4, $5)
		on conflict do nothing`, id, name, nullID(article), until, at)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into letters (id, issue_id, subscriber_id, due, created)
		select gen_random_uuid(), $1, id, $2, $2 from subscribers
		where confirmed is not null and paused is null and weekly = $3`, id, at, article == uuid.Nil)
	return err
}

// DueLetters returns letters that are due, at most so many that no more than
// rate are begun in a minute. Those begun by a program that died are unknown:
// sending them again might be twice.
func (s *Store) DueLetters(ctx context.Context, rate int, at time.Time) ([]blog.NewsletterLetter, error) {
	if _, err := s.pool.Exec(ctx, `
		update letters set state = 'unknown' where state = 'begun' and begun < $1`, at.Add(-letterLease)); err != nil {
		return nil, wrap("due letters", err)
	}
	rows, err := s.pool.Query(ctx, `
		select l.id, i.article_id, i.until, l.tries, s.id, s.email, s.language, s.weekly
		from letters l join issues i on i.id = l.issue_id join subscribers s on s.id = l.subscriber_id
		where l.state = 'waiting' and l.due <= $2 and s.paused is null
		order by l.due, l.id
		limit greatest(0, $1 - (select count(*) from letters where begun > $2::timestamptz - interval '1 minute'))`, rate, at)
	if err != nil {
		return nil, wrap("due letters", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l blog.NewsletterLetter, err error) {
		sub := &l.Subscriber
		err = row.Scan(&l.ID, &l.Article, &l.Until, &l.Tries, &sub.ID, &sub.Email, &sub.Language, &sub.Weekly)
		return l, err
	})
	return list, wrap("due letters", err)
}

// BeginLetter takes a letter into hand: of several that ask, one gets it, and
// none of a subscriber who left meanwhile.
func (s *Store) BeginLetter(ctx context.Context, id uuid.UUID, at time.Time) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		update letters set state = 'begun', begun = $2, tries = tries + 1
		where id = $1 and state = 'waiting' and subscriber_id is not null`, id, at)
	return tag.RowsAffected() == 1, wrap("begin letter", err)
}

// PutOffLetter lets a letter that was not taken wait.
func (s *Store) PutOffLetter(ctx context.Context, id uuid.UUID, due time.Time) error {
	return s.one(ctx, "put off letter", `update letters set state = 'waiting', due = $2 where id = $1 and state = 'begun'`, id, due)
}

// EndLetter writes down what became of a letter: sent, failed or dropped. With
// refused it counts against its subscriber, who is paused after maxFailures in
// a row.
func (s *Store) EndLetter(ctx context.Context, id uuid.UUID, state string, refused bool, at time.Time) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update letters set state = $2 where id = $1`, id, state); err != nil {
			return err
		}
		if state == "dropped" || state == "failed" && !refused {
			return nil
		}
		_, err := tx.Exec(ctx, `
			update subscribers set failures = case when $2 then failures + 1 else 0 end,
				paused = case when $2 and failures + 1 >= $3 then coalesce(paused, $4) else paused end
			where id = (select subscriber_id from letters where id = $1)`, id, refused, maxFailures, at)
		return err
	})
	return wrap("end letter", err)
}

// ForgetUnanswered forgets questions that were asked last before a time and
// that nobody answered, with their address.
func (s *Store) ForgetUnanswered(ctx context.Context, before time.Time) error {
	_, err := s.pool.Exec(ctx, `delete from subscribers where confirmed is null and asked[cardinality(asked)] < $1`, before)
	return wrap("forget questions", err)
}

// TakeQuestion returns a subscriber who has to be asked now; each is returned
// once. ErrNotFound when there is none.
func (s *Store) TakeQuestion(ctx context.Context, at time.Time) (blog.Subscriber, error) {
	return s.subscriber(ctx, "question", `
		update subscribers set ask = null, tries = tries + 1
		where id = (select id from subscribers where ask <= $1 order by ask limit 1 for update skip locked)
		returning `+subscriberColumns, at)
}

// AskLater has a question that was not taken sent again.
func (s *Store) AskLater(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.pool.Exec(ctx, `update subscribers set ask = $2 where id = $1 and confirmed is null`, id, at)
	return wrap("ask later", err)
}
