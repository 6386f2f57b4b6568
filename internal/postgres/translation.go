package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Translations returns the public translations of articles by their ids, in the
// order of their languages.
func (s *Store) Translations(ctx context.Context, originals ...uuid.UUID) (map[uuid.UUID][]blog.Article, error) {
	rows, err := s.pool.Query(ctx, `
		select `+articleColumns+` from articles
		where translation_of = any ($1) and status = 'published'
		order by language, id`, originals)
	if err != nil {
		return nil, wrap("translations", err)
	}
	found, err := pgx.CollectRows(rows, scanArticle)
	if err != nil {
		return nil, wrap("translations", err)
	}
	by := map[uuid.UUID][]blog.Article{}
	for _, a := range found {
		by[a.TranslationOf] = append(by[a.TranslationOf], a)
	}
	return by, nil
}

// Translated returns when translations of an article were last published,
// edited or taken back, whatever date they bear; zero if there never was one.
func (s *Store) Translated(ctx context.Context, original uuid.UUID) (at time.Time, err error) {
	err = s.pool.QueryRow(ctx, `
		select max(changed) from articles
		where translation_of = $1 and published is not null`, original).Scan(orZero(&at))
	return at, wrap("translated", err)
}
