package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// AddViews adds to what is counted already, in one statement. The first views of
// a day move the periods on.
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
	last := slices.MaxFunc(days, time.Time.Compare).AddDate(0, 0, 1)
	if err := s.MoveViews(ctx, last); err != nil {
		return err
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

// MoveViews lets the periods that are added up end before a day, unless another
// node let them end a day later already.
func (s *Store) MoveViews(ctx context.Context, until time.Time) error {
	_, err := s.pool.Exec(ctx, `select move_views($1::date)`, until)
	return wrap("move the periods of views", err)
}

// viewsBy is the condition on views v that they are of a writer, $3.
const viewsBy = `($3::uuid is null or v.page in (
	select id::text from articles where account_id = $3 or authors @> array[$3::uuid]))`

// viewRows sums up the rows of a period: they are read once for all sums.
const viewRows = `
	with picked as (
		select v.* from views v where v.day >= $1 and v.day < $2 and ` + viewsBy + `
	), sums as materialized (
		select grouping(day, page, referrer) as by, day, page, referrer, sum(views) as views, sum(visitors) as visitors
		from picked group by grouping sets ((), (day), (page), (referrer))
	)
	select 'total', '', '', '', '', coalesce(views, 0), coalesce(visitors, 0) from sums where by = 7
	union all
	select 'day', day::text, '', '', '', views, visitors from sums where by = 3
	union all
	select 'front', '', '', '', '', views, visitors from sums where by = 5 and page = 'front'
	union all (
		select 'article', a.id::text, a.slug, coalesce(nullif(a.title, ''), a.excerpt), a.language, views, visitors
		from sums join articles a on a.id::text = sums.page
		where by = 5 and a.status = 'published'
		order by views desc, a.id limit $4
	) union all (
		select 'referrer', referrer, '', '', '', views, visitors from sums where by = 6 and referrer <> ''
		order by views desc, referrer limit $4
	)
	union all
	select 'before', '', '', '', '', coalesce(sum(views), 0), coalesce(sum(visitors), 0) from views v
	where v.day >= $1::date - ($2::date - $1::date) and v.day < $1 and ` + viewsBy

// viewSums has the same from what is kept of a period that ends today.
const viewSums = `
	with picked as materialized (
		select day, referrer, views, visitors from view_days where day >= $1 and day < $2
	)
	select 'total', '', '', '', '', coalesce(sum(views), 0)::bigint, coalesce(sum(visitors), 0)::bigint from picked
	union all
	select 'day', day::text, '', '', '', sum(views)::bigint, sum(visitors)::bigint from picked group by day
	union all
	select 'front', '', '', '', '', coalesce(sum(views), 0), coalesce(sum(visitors), 0)
	from views where page = 'front' and day >= $1 and day < $2
	union all (
		select 'article', a.id::text, a.slug, coalesce(nullif(a.title, ''), a.excerpt), a.language, v.views, v.visitors
		from view_articles v join articles a on a.id = v.article
		where v.days = $2::date - $1::date and a.status = 'published'
		order by v.views desc, v.article limit $3
	) union all (
		select 'referrer', referrer, '', '', '', sum(views)::bigint, sum(visitors)::bigint from picked where referrer <> ''
		group by referrer order by sum(views) desc, referrer limit $3
	)
	union all
	select 'before', '', '', '', '', coalesce(sum(views), 0)::bigint, coalesce(sum(visitors), 0)::bigint
	from view_days where day >= $1::date - ($2::date - $1::date) and day < $1`

// Views takes what is kept of a period of all pages, and else adds up its rows.
func (s *Store) Views(ctx context.Context, q blog.ViewQuery, limit int) (v blog.Views, err error) {
	days := int(q.Until.Sub(q.From) / (24 * time.Hour))
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, s.pool, view, func(tx pgx.Tx) error {
		var kept bool
		err := tx.QueryRow(ctx, `select exists (select from view_periods where days = $1 and until = $2)`, days, q.Until).Scan(&kept)
		if err != nil {
			return err
		}
		if kept && q.Writer == uuid.Nil {
			v, err = readViews(ctx, tx, q, viewSums, q.From, q.Until, limit)
		} else {
			v, err = readViews(ctx, tx, q, viewRows, q.From, q.Until, nullID(q.Writer), limit)
		}
		return err
	})
	return v, wrap("views", err)
}

func readViews(ctx context.Context, tx pgx.Tx, q blog.ViewQuery, sql string, args ...any) (v blog.Views, err error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return v, err
	}
	days := map[string]blog.ViewCount{}
	var kind, key, slug, title, language string
	var n blog.ViewCount
	if _, err := pgx.ForEachRow(rows, []any{&kind, &key, &slug, &title, &language, &n.Views, &n.Visitors}, func() error {
		switch kind {
		case "total":
			v.Total = n
		case "before":
			v.Before = n
		case "day":
			days[key] = n
		case "front":
			v.Front = n
		case "article":
			v.Articles = append(v.Articles, blog.ArticleViews{ID: uuid.MustParse(key), Slug: slug, Title: title, Language: language, ViewCount: n})
		case "referrer":
			v.Referrers = append(v.Referrers, blog.ReferrerViews{Host: key, ViewCount: n})
		}
		return nil
	}); err != nil {
		return v, err
	}
	for day := q.From; day.Before(q.Until); day = day.AddDate(0, 0, 1) {
		v.Days = append(v.Days, blog.DayViews{Day: day, ViewCount: days[day.Format(time.DateOnly)]})
	}
	return v, nil
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
