package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// AddViews adds to what is counted already, in one statement.
func (s *Store) AddViews(ctx context.Context, views []blog.View) error {
	if len(views) == 0 {
		return nil
	}
	var days []time.Time
	var paths, referrers []string
	var counts, visitors []int
	for _, v := range views {
		days, paths, referrers = append(days, v.Day), append(paths, v.Path), append(referrers, v.Referrer)
		counts, visitors = append(counts, v.Views), append(visitors, v.Visitors)
	}
	_, err := s.pool.Exec(ctx, `
		insert into views (day, page, referrer, views, visitors)
		select v.day, p.page, v.referrer, sum(v.views), sum(v.visitors)
		from unnest($1::date[], $2::text[], $3::text[], $4::int[], $5::int[]) as v (day, path, referrer, views, visitors)
			left join slugs s on s.slug = substr(v.path, 2)
			cross join lateral (select coalesce(s.article_id::text, case v.path when '/' then 'front' else 'other' end) as page) p
		group by 1, 2, 3
		order by 1, 2, 3
		on conflict (day, page, referrer) do update set
			views = views.views + excluded.views, visitors = views.visitors + excluded.visitors`,
		days, paths, referrers, counts, visitors)
	return wrap("add views", err)
}

// viewsOf are the rows that a query picks: $1 and $2 are its days, $3 is the
// writer.
const viewsOf = `
	with picked as (
		select v.* from views v
		where v.day >= $1 and v.day < $2
		  and ($3::uuid is null or v.page in (
			select id::text from articles where account_id = $3 or authors @> array[$3::uuid])))`

// Views sums up a period.
func (s *Store) Views(ctx context.Context, q blog.ViewQuery, limit int) (v blog.Views, err error) {
	length := q.Until.Sub(q.From)
	if v.Before, err = s.viewSum(ctx, q.From.Add(-length), q.From, q.Writer); err != nil {
		return v, err
	}
	if v.Total, err = s.viewSum(ctx, q.From, q.Until, q.Writer); err != nil {
		return v, err
	}
	writer := nullID(q.Writer)
	days := map[string]blog.ViewCount{}
	if err := s.viewRows(ctx, viewsOf+` select day::text, '', '', '', sum(views), sum(visitors) from picked group by 1`,
		[]any{q.From, q.Until, writer}, func(key [4]string, n blog.ViewCount) { days[key[0]] = n }); err != nil {
		return v, err
	}
	for day := q.From; day.Before(q.Until); day = day.AddDate(0, 0, 1) {
		v.Days = append(v.Days, blog.DayViews{Day: day, ViewCount: days[day.Format(time.DateOnly)]})
	}
	if err := s.viewRows(ctx, viewsOf+`
		select a.id::text, a.slug, coalesce(nullif(a.title, ''), a.excerpt), a.language, sum(p.views), sum(p.visitors)
		from picked p join articles a on a.id::text = p.page where a.status = 'published'
		group by a.id order by 5 desc, a.id limit $4`,
		[]any{q.From, q.Until, writer, limit}, func(key [4]string, n blog.ViewCount) {
			v.Articles = append(v.Articles, blog.ArticleViews{ID: uuid.MustParse(key[0]), Slug: key[1], Title: key[2], Language: key[3], ViewCount: n})
		}); err != nil {
		return v, err
	}
	if err := s.viewRows(ctx, viewsOf+` select 'front', '', '', '', coalesce(sum(views), 0), coalesce(sum(visitors), 0) from picked where page = 'front'`,
		[]any{q.From, q.Until, writer}, func(_ [4]string, n blog.ViewCount) { v.Front = n }); err != nil {
		return v, err
	}
	err = s.viewRows(ctx, viewsOf+`
		select referrer, '', '', '', sum(views), sum(visitors) from picked where referrer <> '' group by 1 order by 5 desc, 1 limit $4`,
		[]any{q.From, q.Until, writer, limit}, func(key [4]string, n blog.ViewCount) {
			v.Referrers = append(v.Referrers, blog.ReferrerViews{Host: key[0], ViewCount: n})
		})
	return v, err
}

func (s *Store) viewSum(ctx context.Context, from, until time.Time, writer uuid.UUID) (n blog.ViewCount, err error) {
	err = s.viewRows(ctx, viewsOf+` select '', '', '', '', coalesce(sum(views), 0), coalesce(sum(visitors), 0) from picked`,
		[]any{from, until, nullID(writer)}, func(_ [4]string, sum blog.ViewCount) { n = sum })
	return n, err
}

func (s *Store) viewRows(ctx context.Context, sql string, args []any, take func([4]string, blog.ViewCount)) error {
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return wrap("views", err)
	}
	var key [4]string
	var n blog.ViewCount
	_, err = pgx.ForEachRow(rows, []any{&key[0], &key[1], &key[2], &key[3], &n.Views, &n.Visitors}, func() error {
		take(key, n)
		return nil
	})
	return wrap("views", err)
}

// DeleteOldViews forgets days before one, and returns how many rows those had.
func (s *Store) DeleteOldViews(ctx context.Context, before time.Time) (int, error) {
	n, err := s.deleteInBatches(ctx, `
		with old as (
			select day, page, referrer from views where day < $1::date order by day, page, referrer limit $2
		), gone as (
			delete from views v using old where v.day = old.day and v.page = old.page and v.referrer = old.referrer
		)
		select count(*), count(*) from old`, before)
	return n, wrap("delete old views", err)
}
