package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// FillSample names things in a blog that was filled, for whoever asks for them.
type FillSample struct {
	Big, Usual FillArticle // the most discussed one, and one with about 100 comments
	Tag        string
	Series     string
	Writer     string // name of an account
	Month      time.Time
	Actor      uuid.UUID // the blog's
	Handle     string    // its name and domain
	Activity   uuid.UUID
	Thread     uuid.UUID   // a comment with answers
	Own        string      // object id of an answer of ours, answered most
	Said       blog.Cursor // a comment of the most discussed article, in the middle of all
	Like       blog.Cursor // a like of the most discussed article, in the middle of all
	Waiting    uuid.UUID   // a comment
	Person     blog.Cursor // a follower, in the middle of all
	Middle     blog.Cursor // an article, in the middle of all
	Comment    blog.Cursor // a comment, in the middle of all
	Words      string      // some that are found
	Host       string
}

// FillArticle is an article of a blog that was filled.
type FillArticle struct {
	ID   uuid.UUID
	Slug string
	URI  string
}

// Sample picks from a blog that was filled.
func (s *Store) Sample(ctx context.Context) (f FillSample, err error) {
	err = s.pool.QueryRow(ctx, `
		with numbered as (
			select *, row_number() over (order by published) as n, count(*) over () as all_of_them from articles where status = 'published'
		), big as (select * from numbered order by comments desc, id limit 1),
		usual as (select * from numbered order by abs(comments - 100), id limit 1),
		middle as (select * from numbered where n = (all_of_them + 1) / 2),
		thread as (select * from comments where article_id = (select id from big) and answers > 3 order by published limit 1)
		select big.id, big.slug, big.object_uri, usual.id, usual.slug, usual.object_uri,
			(select key from tags order by articles desc, key limit 1), coalesce((select series_key from articles where series_key <> '' order by series_key limit 1), ''),
			(select name from accounts where public order by name limit 1), middle.published,
			(select id from actors where kind = 'blog'), (select id from activities where object_uri = middle.object_uri limit 1),
			(select id from thread), (select id from comments where state = 'waiting' order by created desc limit 1),
			p.actor_id, p.created, middle.id, middle.published, c.id, c.created, split_part(middle.text, ' ', 1),
			(select host from hosts order by host limit 1),
			coalesce((select object_uri from comments where local and state = 'visible' and article_id = big.id order by answers desc, id limit 1), ''),
			l.id, l.created, m.id, m.published, (select handle || '@' || domain from actors where kind = 'blog')
		from big, usual, middle,
			lateral (select * from followers order by created offset (select count(*) / 2 from followers) limit 1) p,
			lateral (select * from comments order by created offset (select count(*) / 2 from comments) limit 1) c,
			lateral (select * from reactions where article_id = big.id and kind = 'like' order by created offset big.likes / 2 limit 1) l,
			lateral (select * from comments where article_id = big.id and state = 'visible' order by published offset big.comments / 2 limit 1) m`).
		Scan(&f.Big.ID, &f.Big.Slug, &f.Big.URI, &f.Usual.ID, &f.Usual.Slug, &f.Usual.URI, &f.Tag, &f.Series, &f.Writer, &f.Month,
			&f.Actor, &f.Activity, &f.Thread, &f.Waiting, &f.Person.ID, &f.Person.At, &f.Middle.ID, &f.Middle.At,
			&f.Comment.ID, &f.Comment.At, &f.Words, &f.Host, &f.Own, &f.Like.ID, &f.Like.At, &f.Said.ID, &f.Said.At, &f.Handle)
	return f, wrap("sample", err)
}
