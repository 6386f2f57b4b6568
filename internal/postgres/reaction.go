package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Reactions returns likes, boosts or emoji (kind; "" = all of them) that an
// article or a comment got, newest first.
func (s *Store) Reactions(ctx context.Context, subject uuid.UUID, kind string, limit int) ([]blog.Reaction, error) {
	// The two halves each use their own index; one of them is always empty.
	rows, err := s.pool.Query(ctx, `
		select reactions.kind, reactions.content, reactions.created, `+actorColumns+`
		from (
			select * from reactions where article_id = $1 and ($2 = '' or kind = $2)
			union all
			select * from reactions where comment_id = $1 and ($2 = '' or kind = $2)
		) reactions
		join actors on actors.id = reactions.actor_id and actors.deleted is null
		order by reactions.created desc, reactions.id desc
		limit $3`, subject, kind, limit)
	if err != nil {
		return nil, wrap("reactions", err)
	}
	reactions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r blog.Reaction, err error) {
		err = row.Scan(append([]any{&r.Kind, &r.Content, &r.Created}, actorTargets(&r.Actor)...)...)
		return r, err
	})
	return reactions, wrap("reactions", err)
}
