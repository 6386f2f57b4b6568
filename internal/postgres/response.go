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
		select id, object_uri, likes, boosts, quoted from articles where id = any ($1)
		union all
		select id, object_uri, likes, boosts, quoted from comments where id = any ($1)
	), emojis as (
		select subject, content, emoji_url, count(*)::integer as n,
			row_number() over (partition by subject order by count(*) desc, min(created), content, emoji_url) as place
		from (
			select article_id as subject, content, emoji_url, created from reactions
			where kind = 'emoji' and article_id = any ($1)
			union all
			select comment_id, content, emoji_url, created from reactions
			where kind = 'emoji' and comment_id = any ($1)
		) e
		group by subject, content, emoji_url
	), counted as (
		select id as subject, object_uri, 1 as place, 'like' as kind, '' as content, '' as emoji_url, likes as n
		from subjects where likes > 0
		union all
		select id, object_uri, 2, 'boost', '', '', boosts from subjects where boosts > 0
		union all
		select id, object_uri, 3, 'quote', '', '', quoted from subjects where quoted > 0
		union all
		select subject, '', 3 + place, 'emoji', content, emoji_url, n from emojis where place <= $2
	)`

// responseFaces are the newest $3 people of each. Each of the three parts uses
// an index of its own, and two of them are always empty.
var responseFaces = `
	(
		select r.actor_id, r.created, r.id from reactions r join actors a on a.id = r.actor_id
		where counted.kind <> 'quote' and r.article_id = counted.subject and r.kind = counted.kind
		  and (r.kind <> 'emoji' or r.content = counted.content and r.emoji_url = counted.emoji_url) and a.deleted is null
		order by r.created desc limit $3
	) union all (
		select r.actor_id, r.created, r.id from reactions r join actors a on a.id = r.actor_id
		where counted.kind <> 'quote' and r.comment_id = counted.subject and r.kind = counted.kind
		  and (r.kind <> 'emoji' or r.content = counted.content and r.emoji_url = counted.emoji_url) and a.deleted is null
		order by r.created desc limit $3
	) union all (
		select q.actor_id, q.published, q.id from comments q
		where counted.kind = 'quote' and q.quotes = counted.object_uri and q.quotes <> '' and q.article_id is not null
		  and ` + shownBy("q") + `
		order by q.published desc limit $3
	)`

// Responses returns what people did to articles and comments.
func (s *Store) Responses(ctx context.Context, subjects []uuid.UUID, faces int) (map[uuid.UUID][]blog.Response, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, responseCounts+`
		select counted.subject, counted.kind, counted.content, counted.emoji_url, counted.n, face.id is not null,
			`+actorColumns+`
		from counted
			left join lateral (`+responseFaces+`) face on true
			-- Without a face anybody stands in, since columns of nobody cannot be read.
			join actors on actors.id = coalesce(face.actor_id, (select id from actors limit 1))
		order by counted.subject, counted.place, face.created desc, face.id desc`, planned, subjects, maxEmojis, faces)
	if err != nil {
		return nil, wrap("responses", err)
	}
	responses := map[uuid.UUID][]blog.Response{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (none struct{}, err error) {
		var subject uuid.UUID
		var r blog.Response
		var face blog.Actor
		var hasFace bool
		columns := []any{&subject, &r.Kind, &r.Content, &r.URL, &r.Count, &hasFace}
		if err := row.Scan(append(columns, actorTargets(&face)...)...); err != nil {
			return none, err
		}
		responses[subject] = addFace(responses[subject], r, face, hasFace)
		return none, nil
	})
	return responses, wrap("responses", err)
}

// addFace puts a row to the response it belongs to, or begins that.
func addFace(list []blog.Response, r blog.Response, face blog.Actor, hasFace bool) []blog.Response {
	last := len(list) - 1
	if last < 0 || list[last].Kind != r.Kind || list[last].Content != r.Content || list[last].URL != r.URL {
		list = append(list, r)
		last++
	}
	if hasFace {
		list[last].Faces = append(list[last].Faces, face)
	}
	return list
}
