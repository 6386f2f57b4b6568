package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// SlugTaken reports whether an article other than except has the slug, or had
// it once.
func (s *Store) SlugTaken(ctx context.Context, slug string, except uuid.UUID) (bool, error) {
	var taken bool
	err := s.pool.QueryRow(ctx, `
		select exists (select from slugs where slug = $1 and article_id <> $2)`, slug, except).Scan(&taken)
	return taken, wrap("slug", err)
}

// takeSlug gives the article its slug for good. Slugs of a draft that nobody
// has seen are given back.
func takeSlug(ctx context.Context, tx pgx.Tx, a blog.Article) error {
	if a.ObjectURI == "" {
		if err := freeSlugs(ctx, tx, a.ID, a.Slug); err != nil {
			return err
		}
	}
	tag, err := tx.Exec(ctx, `
		insert into slugs (slug, article_id, created) values ($1, $2, $3)
		on conflict (slug) do update set slug = excluded.slug
		where slugs.article_id = excluded.article_id`, a.Slug, a.ID, a.Changed)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("%w: %w", &blog.Invalid{Field: "slug", Problem: "slug-taken", Detail: a.Slug}, blog.ErrConflict)
	}
	return nil
}

// freeSlugs gives the slugs of an article back, all but one.
func freeSlugs(ctx context.Context, tx pgx.Tx, article uuid.UUID, keep string) error {
	_, err := tx.Exec(ctx, `delete from slugs where article_id = $1 and slug <> $2`, article, keep)
	return err
}
