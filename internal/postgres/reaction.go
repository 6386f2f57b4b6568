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
	return s.reactions(ctx, "reactions", `
		select * from reactions where article_id = $1 and ($2 = '' or kind = $2)
		union all
		select * from reactions where comment_id = $1 and ($2 = '' or kind = $2)`,
		`order by reactions.created desc, reactions.id desc limit $3`, subject, kind, limit)
}

// ReactionList returns a part of all who did one thing, newest first.
func (s *Store) ReactionList(ctx context.Context, q blog.ReactionQuery) ([]blog.Reaction, error) {
	from := "(" + newestReactions("article_id") + ") union all (" + newestReactions("comment_id") + ")"
	if q.Kind == "quote" {
		from = `
			select q.id, 'quote' as kind, q.actor_id, '' as content, coalesce(nullif(q.url, ''), q.object_uri) as emoji_url,
				q.published as created
			from comments q
			where q.quotes <> '' and q.article_id is not null and ` + shownBy("q") + ` and $2 = 'quote' and $3 = $3
			  and q.quotes = coalesce(
				(select object_uri from articles where id = $1), (select object_uri from comments where id = $1))`
	}
	return s.reactions(ctx, "list reactions", from, `
		where (reactions.created, reactions.id) < (coalesce($4::timestamptz, 'infinity'), $5)
		order by reactions.created desc, reactions.id desc limit $6`,
		q.Subject, q.Kind, q.Content, nullTime(q.Before.At), q.Before.ID, q.Limit)
}

// newestReactions goes down the index of the subject's column and ends at the
// limit, whatever the number of reactions: $1 to $6 are those of ReactionList.
func newestReactions(column string) string {
	return `
		select r.id, r.kind, r.actor_id, r.content, r.emoji_url, r.created
		from reactions r join actors a on a.id = r.actor_id and a.deleted is null
		where r.` + column + ` = $1 and r.kind = $2 and ($3 = '' or r.content = $3)
		  and (r.created, r.id) < (coalesce($4::timestamptz, 'infinity'), $5)
		order by r.created desc, r.id desc limit $6`
}

// reactions reads those of a part of the table, without those of deleted actors.
func (s *Store) reactions(ctx context.Context, op, from, rest string, args ...any) ([]blog.Reaction, error) {
	rows, err := s.pool.Query(ctx, `
		select reactions.id, reactions.kind, reactions.content, reactions.emoji_url, reactions.created, `+actorColumns+`
		from (`+from+`) reactions
		join actors on actors.id = reactions.actor_id and actors.deleted is null
		`+rest, args...)
	if err != nil {
		return nil, wrap(op, err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r blog.Reaction, err error) {
		err = row.Scan(append([]any{&r.ID, &r.Kind, &r.Content, &r.URL, &r.Created}, actorTargets(&r.Actor)...)...)
		return r, err
	})
	return found, wrap(op, err)
}

// OurReactions tells which of like and boost the blog gave to comments.
func (s *Store) OurReactions(ctx context.Context, comments []uuid.UUID) (map[uuid.UUID]map[string]bool, error) {
	rows, err := s.pool.Query(ctx, `
		select r.comment_id, r.kind from reactions r join actors a on a.id = r.actor_id and a.kind = 'blog'
		where r.comment_id = any ($1) and r.kind in ('like', 'boost')`, planned, comments)
	if err != nil {
		return nil, wrap("our reactions", err)
	}
	ours := map[uuid.UUID]map[string]bool{}
	var comment uuid.UUID
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&comment, &kind}, func() error {
		if ours[comment] == nil {
			ours[comment] = map[string]bool{}
		}
		ours[comment][kind] = true
		return nil
	})
	return ours, wrap("our reactions", err)
}
