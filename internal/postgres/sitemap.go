package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// SitemapParts returns the parts of the sitemap, the oldest first: each has the
// months whose public pages are together at most size, or one month.
func (s *Store) SitemapParts(ctx context.Context, size int) ([]blog.SitemapPart, error) {
	rows, err := s.pool.Query(ctx, `
		select month::timestamp, pages, changed from article_months where pages > 0 order by month`)
	if err != nil {
		return nil, wrap("parts of the sitemap", err)
	}
	var parts []blog.SitemapPart
	var month, changed time.Time
	var pages, room int
	_, err = pgx.ForEachRow(rows, []any{&month, &pages, &changed}, func() error {
		if room -= pages; room < 0 || len(parts) == 0 {
			parts = append(parts, blog.SitemapPart{From: month})
			room = size - pages
		}
		last := &parts[len(parts)-1]
		last.Until = month.AddDate(0, 1, 0)
		if changed.After(last.Changed) {
			last.Changed = changed
		}
		return nil
	})
	return parts, wrap("parts of the sitemap", err)
}

// SitemapPages returns the public pages of a part, at most limit, in the order
// of time.
func (s *Store) SitemapPages(ctx context.Context, part blog.SitemapPart, limit int) ([]blog.SitemapPage, error) {
	rows, err := s.pool.Query(ctx, `
		select a.slug, coalesce(a.updated, a.published), a.cover, coalesce(others.languages, '[]')
		from articles a
		left join lateral (
			select jsonb_agg(jsonb_build_object('language', g.language, 'slug', g.slug) order by g.language) as languages
			from articles o join articles g on g.status = 'published' and (g.id = o.id or g.translation_of = o.id)
			where o.id = coalesce(a.translation_of, a.id) and o.status = 'published'
			having count(*) > 1) others on true
		where a.status = 'published' and a.published >= $1 and a.published < $2
		order by a.published, a.id
		limit $3`, part.From, part.Until, limit)
	if err != nil {
		return nil, wrap("pages of the sitemap", err)
	}
	pages, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p blog.SitemapPage, err error) {
		err = row.Scan(&p.Slug, &p.Changed, &p.Cover, &p.Languages)
		return p, err
	})
	return pages, wrap("pages of the sitemap", err)
}
