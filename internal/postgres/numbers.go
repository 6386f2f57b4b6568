package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

var _ blog.Numbers = (*Store)(nil)

// TagCounts returns the tags of published posts, those of the most first, each
// in the spelling of the last one saved with it.
func (s *Store) TagCounts(ctx context.Context, limit int) ([]blog.TagCount, error) {
	rows, err := s.pool.Query(ctx, `
		select name, articles from tags where articles > 0
		order by articles desc, key
		limit $1`, limit)
	if err != nil {
		return nil, wrap("count tags", err)
	}
	counts, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t blog.TagCount, err error) {
		err = row.Scan(&t.Tag, &t.Articles)
		return t, err
	})
	return counts, wrap("count tags", err)
}

// LocalComments counts the answers of our authors that readers see.
func (s *Store) LocalComments(ctx context.Context) (int, error) {
	return s.count(ctx, "count local comments", `select `+kept("local", ofBlog))
}
