package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// ActorsNamed returns those actors that have one of the given ids, ours or
// their own.
func (s *Store) ActorsNamed(ctx context.Context, ids []uuid.UUID, uris []string) ([]blog.Actor, error) {
	if len(ids)+len(uris) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `select `+actorColumns+` from actors where id = any ($1) or uri = any ($2)`, orEmpty(ids), orEmpty(uris))
	if err != nil {
		return nil, wrap("actors by name", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a blog.Actor, err error) {
		return a, row.Scan(actorTargets(&a)...)
	})
	return found, wrap("actors by name", err)
}

// CommentsNamed returns comments by their ids on their own servers.
func (s *Store) CommentsNamed(ctx context.Context, uris []string) (map[string]blog.Comment, error) {
	if len(uris) == 0 {
		return nil, nil
	}
	found, err := comments(ctx, s.pool, `where comments.object_uri = any ($1)`, uris)
	if err != nil {
		return nil, wrap("comments by name", err)
	}
	named := make(map[string]blog.Comment, len(found))
	for _, c := range found {
		named[c.ObjectURI] = c
	}
	return named, nil
}
