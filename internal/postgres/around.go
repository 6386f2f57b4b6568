package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// briefColumns are what scanBrief reads, of the table articles.
const briefColumns = `
	articles.id, articles.slug, articles.title, articles.excerpt, articles.language, articles.words, articles.series,
	articles.part, articles.published, articles.translation_of is not null`

func scanBrief(row pgx.CollectableRow) (b blog.Brief, err error) {
	err = row.Scan(&b.ID, &b.Slug, &b.Title, &b.Excerpt, &b.Language, &b.Words, &b.Series, &b.Part, &b.Published, &b.Translation)
	return b, err
}

// Series returns the published articles of a series in their order.
func (s *Store) Series(ctx context.Context, name string, limit int) ([]blog.Brief, error) {
	rows, err := s.pool.Query(ctx, `
		select `+briefColumns+` from articles
		where status = 'published' and series_key = $1 and series_key <> '' and not static
		order by part = 0, part, published, id
		limit $2`, blog.TagKey(name), limit)
	if err != nil {
		return nil, wrap("series", err)
	}
	parts, err := pgx.CollectRows(rows, scanBrief)
	return parts, wrap("series", err)
}

// SeriesNames returns the series that there are, each as its newest article
// writes it.
func (s *Store) SeriesNames(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		select distinct on (series_key) series from articles
		where status = 'published' and series_key <> ''
		order by series_key, published desc
		limit $1`, limit)
	if err != nil {
		return nil, wrap("series names", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap("series names", err)
}

// Bounds of the look for related articles: a tag that many have is looked for
// among the newest, a rare one everywhere.
const (
	relatedNewest = 100 // articles
	relatedRare   = 100 // articles of a tag
)

// relatedSQL weighs a tag by how rare it is.
const relatedSQL = `
		with newest as (
			select id, tag_keys, published from articles
			where status = 'published' and not static and translation_of is null
			order by published desc, id desc limit $5
		), shared as (
			select key, articles, 1 / ln(1 + articles) as weight from tags where key = any ($2) and articles > 0
		), rare as (
			select array_agg(key) as keys from shared where articles <= $6
		), found as (
			select id, tag_keys, published from newest where tag_keys && $2::text[]
			union
			select id, tag_keys, published from articles, rare
			where rare.keys is not null and status = 'published' and tag_keys && rare.keys
		)
		select ` + briefColumns + `
		from found join articles using (id)
		where articles.id <> $1 and articles.language = $3 and articles.translation_of is null and not articles.static
		  and articles.status = 'published' and (articles.series_key = '' or articles.series_key <> $4)
		order by (select sum(weight) from shared where key = any (found.tag_keys)) desc, found.published desc, id desc
		limit $7`

// Related returns posts in the same language that have tags in common with an
// article, those first that have the most or the rarest.
func (s *Store) Related(ctx context.Context, a blog.Article, limit int) ([]blog.Brief, error) {
	keys := blog.TagKeys(a.Tags)
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, relatedSQL, a.ID, keys, a.Language, blog.TagKey(a.Series), relatedNewest, relatedRare, limit)
	if err != nil {
		return nil, wrap("related", err)
	}
	related, err := pgx.CollectRows(rows, scanBrief)
	return related, wrap("related", err)
}

// Pinned returns the published posts that are pinned, the last pinned first.
func (s *Store) Pinned(ctx context.Context, limit int) ([]blog.Article, error) {
	rows, err := s.pool.Query(ctx, `
		select `+articleColumns+` from articles
		where pinned is not null and status = 'published' and not static and translation_of is null
		order by pinned desc, id desc
		limit $1`, limit)
	if err != nil {
		return nil, wrap("pinned", err)
	}
	articles, err := pgx.CollectRows(rows, scanArticle)
	return articles, wrap("pinned", err)
}
