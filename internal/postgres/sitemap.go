package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// SitemapParts returns the first id and the last change of each part of size
// public pages.
func (s *Store) SitemapParts(ctx context.Context, size int) ([]blog.SitemapPart, error) {
	rows, err := s.pool.Query(ctx, `
		select (array_agg(id order by id))[1], max(coalesce(updated, published))
		from (
			select id, updated, published, (row_number() over (order by id) - 1) / $1 as part
			from articles where status = 'published') numbered
		group by part order by part`, size)
	if err != nil {
		return nil, wrap("parts of the sitemap", err)
	}
	parts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p blog.SitemapPart, err error) {
		err = row.Scan(&p.First, &p.Changed)
		return p, err
	})
	return parts, wrap("parts of the sitemap", err)
}

// SitemapPages returns at most size public pages from the first id of a part on.
func (s *Store) SitemapPages(ctx context.Context, part blog.SitemapPart, size int) ([]blog.SitemapPage, error) {
	rows, err := s.pool.Query(ctx, `
		select a.slug, coalesce(a.updated, a.published), a.cover, coalesce(t.languages, '[]')
		from articles a
		left join (
			select o.id as original,
				jsonb_agg(jsonb_build_object('language', g.language, 'slug', g.slug) order by g.language) as languages
			from articles o join articles g on g.status = 'published' and (g.id = o.id or g.translation_of = o.id)
			where o.status = 'published'
			  and exists (select from articles n where n.translation_of = o.id and n.status = 'published')
			group by o.id) t on t.original = coalesce(a.translation_of, a.id)
		where a.status = 'published' and a.id >= $1
		order by a.id
		limit $2`, part.First, size)
	if err != nil {
		return nil, wrap("pages of the sitemap", err)
	}
	pages, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p blog.SitemapPage, err error) {
		err = row.Scan(&p.Slug, &p.Changed, &p.Cover, &p.Languages)
		return p, err
	})
	return pages, wrap("pages of the sitemap", err)
}
