package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// A burst of new replies gives one crawl: it waits until nothing came for
// crawlQuiet, though not longer than crawlPatience, and as long after the crawl
// before.
const (
	crawlQuiet    = 5 * time.Second
	crawlPatience = time.Minute
)

// crawlDue is the condition of a thread that can be claimed: $1 is now, $2 the
// node, $3 how many requests a thread may cost in an hour.
const crawlDue = `
	next_at <= $1 and (lease_until is null or lease_until <= $1)
	and (requests < $3 or hour <= $1::timestamptz - interval '1 hour')
	and not exists (select from crawls other where other.lease_until > $1 and other.node <> $2)`

// ClaimCrawls takes threads that are due, for one node at a time.
func (s *Store) ClaimCrawls(ctx context.Context, c federation.CrawlClaim) (crawls []federation.Crawl, err error) {
	var due bool
	err = s.pool.QueryRow(ctx, `select exists (select from crawls where `+crawlDue+`)`, c.Now, c.Node, c.PerHour).Scan(&due)
	if err != nil || !due {
		return nil, wrap("look for crawls", err)
	}
	err = s.tx(ctx, func(tx pgx.Tx) error {
		// Two nodes must not both see that nobody crawls.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('crawls', 0))`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			with due as (
				select article_id as id, case when hour > $1::timestamptz - interval '1 hour' then requests else 0 end as before
				from crawls where `+crawlDue+`
				order by next_at limit $4
				for update skip locked
			)
			update crawls set
				node = $2, lease_until = $1::timestamptz + $5::interval, pending = null,
				hour = case when hour > $1::timestamptz - interval '1 hour' then hour else $1 end,
				requests = before + least($6, $3 - before)
			from due where article_id = id
			returning article_id, step, least($6, $3 - before)`, c.Now, c.Node, c.PerHour, c.Limit, c.Lease, c.Most)
		if err != nil {
			return err
		}
		crawls, err = pgx.CollectRows(rows, pgx.RowToStructByPos[federation.Crawl])
		return err
	})
	return crawls, wrap("claim crawls", err)
}

// ReleaseCrawls makes threads due again.
func (s *Store) ReleaseCrawls(ctx context.Context, node string, crawls []federation.Crawl) error {
	for _, c := range crawls {
		if _, err := s.pool.Exec(ctx, `
			update crawls set node = '', lease_until = null, requests = greatest(requests - $3, 0)
			where article_id = $1 and node = $2`, c.Article, node, c.Requests); err != nil {
			return wrap("release crawls", err)
		}
	}
	return nil
}

// CrawlSeeds returns comments whose replies are to be looked for. One that is a
// day old is asked for at most every hour and a half, however lively its
// thread is.
func (s *Store) CrawlSeeds(ctx context.Context, article uuid.UUID, now time.Time, limit int) ([]federation.CrawlSeed, error) {
	rows, err := s.pool.Query(ctx, `
		select c.id, c.object_uri, c.replies, c.context
		from comments c join articles a on a.id = c.article_id
		where a.id = $1 and a.status = 'published'
		  and not c.local and c.state in ('visible', 'waiting') and c.visibility in ('public', 'unlisted')
		  and (c.replies <> '' or c.context <> '')
		  and (c.crawled is null or c.crawled <= $2::timestamptz - greatest(
			interval '30 seconds', least(($2::timestamptz - c.created) / 16, interval '1 day')))
		order by c.crawled nulls first, c.id desc
		limit $3`, article, now, limit)
	if err != nil {
		return nil, wrap("crawl seeds", err)
	}
	seeds, err := pgx.CollectRows(rows, pgx.RowToStructByPos[federation.CrawlSeed])
	return seeds, wrap("crawl seeds", err)
}

// KnownObjects returns those of the ids that nothing is to be asked about. A
// deletion by somebody who may not be the author says nothing.
func (s *Store) KnownObjects(ctx context.Context, uris []string) (map[string]bool, error) {
	rows, err := s.pool.Query(ctx, `
		select id from objects where id = any ($1) and (kind <> 'unknown' or subject is null)`, planned, uris)
	if err != nil {
		return nil, wrap("known objects", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, wrap("known objects", err)
}

// FinishCrawl writes the end of a crawl, unless its lease went to another node.
func (s *Store) FinishCrawl(ctx context.Context, done federation.Crawled) error {
	return wrap("finish crawl", s.tx(ctx, func(tx pgx.Tx) error {
		// In one order, as all that changes many comments.
		if _, err := tx.Exec(ctx, `
			with looked as (select id from comments where id = any ($1) order by id for update)
			update comments set crawled = $2 from looked where comments.id = looked.id`, done.Looked, done.At); err != nil {
			return fmt.Errorf("mark comments: %w", err)
		}
		_, err := tx.Exec(ctx, `
			update crawls set
				next_at = case when pending is null then $4::timestamptz else greatest(next_at, $3::timestamptz + $9::interval) end,
				step = case when pending is null then $5 else 0 end,
				node = '', lease_until = null, last_at = $3,
				requests = greatest(requests - $6 + $7, 0), found = $8
			where article_id = $1 and node = $2`,
			done.Article, done.Node, done.At, nullTime(done.Next), done.Step, done.Requests, done.Used, done.Found, crawlPatience)
		return err
	}))
}

// wakeCrawls makes threads due in which something new was said; what is in none
// wakes none.
func wakeCrawls(ctx context.Context, tx pgx.Tx, articles []uuid.UUID, now time.Time) error {
	articles = slices.DeleteFunc(articles, func(id uuid.UUID) bool { return id == uuid.Nil })
	if len(articles) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		insert into crawls (article_id, next_at, pending)
		select distinct id, $2::timestamptz + $3::interval, $2::timestamptz from unnest($1::uuid[]) id order by id
		on conflict (article_id) do update set
			pending = coalesce(crawls.pending, excluded.pending), step = 0,
			next_at = greatest(
				least(excluded.next_at, coalesce(crawls.pending, excluded.pending) + $4::interval), crawls.last_at + $4::interval)`,
		planned, articles, now, crawlQuiet, crawlPatience)
	if err != nil {
		return fmt.Errorf("wake crawls: %w", err)
	}
	return nil
}

// follow does what new comments cause: their threads are looked at for what is
// missing, and they are passed on. What a crawl found itself wakes none.
func follow(ctx context.Context, tx pgx.Tx, added []federation.NewComment) error {
	var articles []uuid.UUID
	var now time.Time
	var pass []forward
	for _, c := range added {
		if c.Done.ID == 0 || c.ArticleID == uuid.Nil || c.State != blog.Visible && c.State != blog.Waiting {
			continue
		}
		articles, now = append(articles, c.ArticleID), c.Created
		if c.Forward && c.Shown() {
			pass = append(pass, forward{c.Done.ID, c.ArticleID})
		}
	}
	if err := wakeCrawls(ctx, tx, articles, now); err != nil {
		return err
	}
	return addForwards(ctx, tx, now, pass...)
}
