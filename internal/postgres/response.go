package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// maxEmojis is how many different emoji an article or comment shows.
const maxEmojis = 20

// responseCounts are the responses of the subjects $1. Likes, boosts and quotes
// have counters; emoji are counted here. A custom emoji is its picture: the same
// name may be another one elsewhere.
const responseCounts = `
	with subjects as (
		select 'article' as of, id, object_uri, likes, boosts, quoted from articles where id = any ($1)
		union all
		select 'comment', id, object_uri, likes, boosts, quoted from comments where id = any ($1)
	), emojis as (
		select of, subject, content, emoji_url, count(*)::integer as n,
			row_number() over (partition by subject order by count(*) desc, min(created), content, emoji_url) as place
		from (
			select 'article' as of, article_id as subject, content, emoji_url, created from reactions
			where kind = 'emoji' and article_id = any ($1)
			union all
			select 'comment', comment_id, content, emoji_url, created from reactions
			where kind = 'emoji' and comment_id = any ($1)
		) e
		group by of, subject, content, emoji_url
	), counted as (
		select of, id as subject, object_uri, 1 as place, 'like' as kind, '' as content, '' as emoji_url, likes as n
		from subjects where likes > 0
		union all
		select of, id, object_uri, 2, 'boost', '', '', boosts from subjects where boosts > 0
		union all
		select of, id, object_uri, 3, 'quote', '', '', quoted from subjects where quoted > 0
		union all
		select of, subject, '', 3 + place, 'emoji', content, emoji_url, n from emojis where place <= $2
	)`

// responseFaces are the newest $3 people of each. Each of the three parts uses
// an index of its own, and two of them are passed over.
var responseFaces = `
	(
		select r.actor_id, r.created, r.id from reactions r
		where counted.of = 'article' and counted.kind <> 'quote' and r.article_id = counted.subject and r.kind = counted.kind
		  and (r.kind <> 'emoji' or r.content = counted.content and r.emoji_url = counted.emoji_url)
		order by r.created desc limit $3
	) union all (
		select r.actor_id, r.created, r.id from reactions r
		where counted.of = 'comment' and counted.kind <> 'quote' and r.comment_id = counted.subject and r.kind = counted.kind
		  and (r.kind <> 'emoji' or r.content = counted.content and r.emoji_url = counted.emoji_url)
		order by r.created desc limit $3
	) union all (
		select q.actor_id, q.published, q.id from comments q
		where counted.kind = 'quote' and q.quotes = counted.object_uri and q.quotes <> '' and q.article_id is not null
		  and ` + shownBy("q") + `
		order by q.published desc limit $3
	)`

// Responses returns what people did to articles and comments. On a page mostly
// the same people did it, so they are read by themselves, each once.
func (s *Store) Responses(ctx context.Context, subjects []uuid.UUID, faces int) (map[uuid.UUID][]blog.Response, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, responseCounts+`
		select counted.subject, counted.kind, counted.content, counted.emoji_url, counted.n,
			array(select face.actor_id from (`+responseFaces+`) face order by face.created desc, face.id desc limit $3)
		from counted
		order by counted.subject, counted.place`, planned, bare(subjects), maxEmojis, faces)
	if err != nil {
		return nil, wrap("responses", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[response])
	if err != nil {
		return nil, wrap("responses", err)
	}
	actors := map[uuid.UUID]blog.Actor{}
	for _, r := range found {
		for _, id := range r.Faces {
			actors[id] = blog.Actor{}
		}
	}
	if err := s.readActors(ctx, actors); err != nil {
		return nil, wrap("responses", err)
	}
	responses := map[uuid.UUID][]blog.Response{}
	for _, r := range found {
		responses[r.Subject] = append(responses[r.Subject], r.with(actors))
	}
	return responses, nil
}

// response is a row of responseCounts with who is shown.
type response struct {
	Subject            uuid.UUID
	Kind, Content, URL string
	Count              int
	Faces              []uuid.UUID
}

func (r response) with(actors map[uuid.UUID]blog.Actor) blog.Response {
	made := blog.Response{Kind: r.Kind, Content: r.Content, URL: r.URL, Count: r.Count}
	for _, id := range r.Faces {
		if a := actors[id]; a.ID != uuid.Nil && a.Deleted.IsZero() {
			made.Faces = append(made.Faces, a)
		}
	}
	return made
}
