package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// PublicRevisions returns the revisions of an article that were public, newest
// first.
func (s *Store) PublicRevisions(ctx context.Context, article uuid.UUID, limit int) ([]blog.RevisionLine, error) {
	rows, err := s.pool.Query(ctx, `
		select number, title, created, length(markdown) - coalesce(lag(length(markdown)) over past, 0), lag(number) over past is null
		from revisions where article_id = $1 and public
		window past as (order by number)
		order by number desc
		limit $2`, article, limit)
	if err != nil {
		return nil, wrap("public revisions", err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l blog.RevisionLine, err error) {
		err = row.Scan(&l.Number, &l.Title, &l.Created, &l.Grown, &l.First)
		return l, err
	})
	return lines, wrap("public revisions", err)
}

// PublicRevision returns a revision that was public, and the one before it; nil
// for the first.
func (s *Store) PublicRevision(ctx context.Context, article uuid.UUID, number int) (at blog.Revision, before *blog.Revision, err error) {
	rows, err := s.pool.Query(ctx, `
		select `+revisionColumns+` from revisions
		where article_id = $1 and public and number <= $2
		order by number desc
		limit 2`, article, number)
	if err != nil {
		return at, nil, wrap("public revision", err)
	}
	found, err := pgx.CollectRows(rows, scanRevision)
	switch {
	case err != nil:
		return at, nil, wrap("public revision", err)
	case len(found) == 0 || found[0].Number != number:
		return at, nil, wrap("public revision", blog.ErrNotFound)
	case len(found) == 2:
		before = &found[1]
	}
	return found[0], before, nil
}

const revisionColumns = `article_id, number, title, summary, markdown, html, language, tags, account_id, created`

func scanRevision(row pgx.CollectableRow) (r blog.Revision, err error) {
	var html string
	err = row.Scan(&r.ArticleID, &r.Number, &r.Title, &r.Summary, &r.Markdown, &html, &r.Language, &r.Tags,
		&r.AccountID, &r.Created)
	r.HTML = markup.SafeFromStore(html)
	return r, err
}
