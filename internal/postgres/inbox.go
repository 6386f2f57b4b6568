package postgres

import (
	"context"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// CommentsByID returns comments in whatever state they are, by their ids; those
// that are not there are missing.
func (s *Store) CommentsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]blog.Comment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := comments(ctx, s.pool, `where comments.id = any ($1)`, ids)
	if err != nil {
		return nil, wrap("comments by id", err)
	}
	byID := make(map[uuid.UUID]blog.Comment, len(found))
	for _, c := range found {
		byID[c.ID] = c
	}
	return byID, nil
}

// CommentsAbove returns what a comment answers, what that answers and so on,
// the nearest first, at most limit.
func (s *Store) CommentsAbove(ctx context.Context, comment uuid.UUID, limit int) ([]blog.Comment, error) {
	found, err := comments(ctx, s.pool, `
		join (
			with recursive above as (
				select c.parent_id as id, 1 as step from comments c where c.id = $1 and c.parent_id is not null
				union all
				select c.parent_id, above.step + 1 from above join comments c on c.id = above.id
				where c.parent_id is not null and above.step < $2
			)
			select id, step from above
		) above on above.id = comments.id
		order by above.step`, comment, limit)
	return found, wrap("comments above", err)
}

// ArticleHeads returns of articles, by their ids, what a link to them needs.
func (s *Store) ArticleHeads(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]blog.Article, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `
		select id, slug, status, title, excerpt, language from articles where id = any ($1)`, ids)
	if err != nil {
		return nil, wrap("article heads", err)
	}
	heads := map[uuid.UUID]blog.Article{}
	var a blog.Article
	_, err = pgx.ForEachRow(rows, []any{&a.ID, &a.Slug, &a.Status, &a.Title, &a.Excerpt, &a.Language}, func() error {
		heads[a.ID] = a
		return nil
	})
	return heads, wrap("article heads", err)
}

// Visitors returns what visitors left about themselves, by their actors.
func (s *Store) Visitors(ctx context.Context, actors []uuid.UUID) (map[uuid.UUID]blog.Visitor, error) {
	if len(actors) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `
		select actor_id, email, name, website from visitors where actor_id = any ($1)`, actors)
	if err != nil {
		return nil, wrap("visitors", err)
	}
	found := map[uuid.UUID]blog.Visitor{}
	var id uuid.UUID
	var v blog.Visitor
	_, err = pgx.ForEachRow(rows, []any{&id, &v.Email, &v.Name, &v.Website}, func() error {
		found[id] = v
		return nil
	})
	return found, wrap("visitors", err)
}

// ActorRecord returns what somebody did here so far.
func (s *Store) ActorRecord(ctx context.Context, actor uuid.UUID) (blog.Record, error) {
	return s.record(ctx, `a.id = $1::uuid`, actor)
}

// ServerRecord returns what the people of a host and of those below it did here
// so far.
func (s *Store) ServerRecord(ctx context.Context, host string) (blog.Record, error) {
	return s.record(ctx, `a.kind = 'remote' and `+fromServer("a.host", "$1::text"), strings.ToLower(host))
}

// record sums up what the actors for whom a condition holds did, each down the
// indexes.
func (s *Store) record(ctx context.Context, who string, arg any) (r blog.Record, err error) {
	r.States = map[blog.State]int{}
	err = s.pool.QueryRow(ctx, `
		with people as materialized (
			select a.id, a.uri from actors a where `+who+`
		), theirs as materialized (
			select c.* from people p
				cross join lateral (select actor_id, state, created from comments where actor_id = p.id offset 0) c
		)
		select (select count(distinct actor_id) from theirs),
			(select count(*) from people p where exists (select from followers f where f.actor_id = p.id offset 0)),
			(select count(distinct r.report_id) from people p
				cross join lateral (select report_id from reported where uri = p.uri offset 0) r),
			(select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n from theirs group by 1) s),
			(select min(created) from theirs)`,
		planned, arg).Scan(&r.People, &r.Followers, &r.Reports, &r.States, orZero(&r.First))
	return r, wrap("record", err)
}

// KnownPeople returns those who follow or wrote here, whose handle or name has a
// part that begins with the text: those of a handle in their order, of others
// the first that are found.
func (s *Store) KnownPeople(ctx context.Context, text string, limit int) ([]blog.Actor, error) {
	asked := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "@"))
	const known = `
		from actors where kind = 'remote' and deleted is null and handle <> ''
		  and coalesce((select true from followers f where f.actor_id = actors.id limit 1),
			(select true from comments c where c.actor_id = actors.id limit 1)) and `
	rows, err := s.pool.Query(ctx, `
		with begun as materialized (
			select `+actorColumns+known+`(lower(handle || '@' || domain) collate "C") like $1 || '%'
			order by (lower(handle || '@' || domain) collate "C")
			limit $2
		), named as materialized (
			select `+actorColumns+known+`to_tsvector('simple', name) @@ to_tsquery('simple', $3)
			  and (lower(name) like $1 || '%' or lower(name) like '% ' || $1 || '%') and (select count(*) from begun) < $2
			limit $2
		)
		select * from (select * from begun union select * from named) found
		order by lower(handle) like $1 || '%' desc, lower(handle), domain
		limit $2`, planned, likeEscaper.Replace(asked), limit, beginnings(asked))
	if err != nil {
		return nil, wrap("known people", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a blog.Actor, err error) {
		err = row.Scan(actorTargets(&a)...)
		return a, err
	})
	return found, wrap("known people", err)
}

// beginnings is the tsquery of all words of a text, each only begun.
func beginnings(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i := range words {
		words[i] += ":*"
	}
	return strings.Join(words, " & ")
}
