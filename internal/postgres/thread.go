package postgres

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Thread returns a page of the conversation under a public article. What it
// reads is bounded by the page, whatever the size of the thread.
func (s *Store) Thread(ctx context.Context, q blog.ThreadQuery) (t blog.Thread, err error) {
	t.Nodes, err = s.answers(ctx, q, q.Answers+1)
	if err != nil {
		return blog.Thread{}, wrap("thread", err)
	}
	if len(t.Nodes) > q.Answers {
		t.Nodes = t.Nodes[:q.Answers]
		t.Next = t.Nodes[q.Answers-1].Cursor()
		if t.More, err = s.answersAfter(ctx, q, t.Next); err != nil {
			return blog.Thread{}, wrap("thread", err)
		}
	}
	if q.Order == blog.ByThread {
		err = s.grow(ctx, t.Nodes, q)
	} else {
		err = s.nameAbove(ctx, t.Nodes)
	}
	if err == nil {
		err = s.nameActors(ctx, t.Nodes)
	}
	return t, wrap("thread", err)
}

// answersPart is the part of a statement that picks the answers of a page, in
// order, with its parameters.
func answersPart(q blog.ThreadQuery, after blog.Cursor) (where, order string, args []any) {
	where = `
		where comments.article_id = $1
		  and exists (select from articles where articles.id = $1 and status = 'published')`
	order, args = `comments.published, comments.id`, []any{q.Article, nullTime(after.At), after.ID}
	switch {
	case q.Order != blog.ByThread:
		where += ` and ` + shownComment
	case q.In == uuid.Nil:
		where += ` and comments.parent_id is null and comments.stands`
	default:
		where += ` and comments.parent_id = $4 and comments.stands`
		args = append(args, q.In)
	}
	if q.Order == blog.NewestFirst {
		where += ` and (comments.published, comments.id) < (coalesce($2::timestamptz, 'infinity'), $3::uuid)`
		return where, `comments.published desc, comments.id desc`, args
	}
	where += ` and (comments.published, comments.id) > (coalesce($2::timestamptz, '-infinity'), $3::uuid)`
	return where, order, args
}

func (s *Store) answers(ctx context.Context, q blog.ThreadQuery, limit int) ([]*blog.Node, error) {
	where, order, args := answersPart(q, q.After)
	return nodes(ctx, s.pool, `select `+nodeColumns+` from comments`+where+`
		order by `+order+` limit `+strconv.Itoa(limit), args...)
}

// answersAfter counts the answers of the next page.
func (s *Store) answersAfter(ctx context.Context, q blog.ThreadQuery, at blog.Cursor) (n int, err error) {
	where, order, args := answersPart(q, at)
	err = s.pool.QueryRow(ctx, `select count(*) from (
		select from comments`+where+` order by `+order+` limit `+strconv.Itoa(q.Answers)+`) next`, args...).Scan(&n)
	return n, err
}

// grow reads what stands below nodes, level by level: one that finds no room
// any more keeps the rest in Left.
func (s *Store) grow(ctx context.Context, level []*blog.Node, q blog.ThreadQuery) error {
	room := q.Room - len(level)
	for depth := 1; depth < q.Levels && len(level) > 0; depth++ {
		above, rooms := spread(level, q.Siblings, room)
		if len(above) == 0 {
			return nil
		}
		below, err := nodes(ctx, s.pool, `
			select `+nodeColumns+`
			from unnest($1::uuid[], $2::bigint[]) with ordinality above (id, room, place)
			cross join lateral (
				select * from comments
				where parent_id = above.id and stands
				order by published, id limit above.room
			) comments
			order by above.place, comments.published, comments.id`, above, rooms)
		if err != nil {
			return err
		}
		hang(level, below)
		level, room = below, room-len(below)
	}
	return nil
}

// spread gives the comments that have answers their parts of the room.
func spread(level []*blog.Node, siblings, room int) (above [][16]byte, rooms []int64) {
	for _, n := range level {
		if part := min(n.Left, siblings, room); part > 0 {
			above, rooms = append(above, n.Comment.ID), append(rooms, int64(part))
			room -= part
		}
	}
	return above, rooms
}

// hang puts answers below the comments they answer.
func hang(level, below []*blog.Node) {
	byID := make(map[uuid.UUID]*blog.Node, len(level))
	for _, n := range level {
		byID[n.Comment.ID] = n
	}
	for _, n := range below {
		above := byID[n.Comment.ParentID]
		above.Replies = append(above.Replies, n)
		above.Left = max(above.Left-1, 0)
	}
}

// nameAbove finds what the comments answer.
func (s *Store) nameAbove(ctx context.Context, nodes []*blog.Node) error {
	var ids []uuid.UUID
	for _, n := range nodes {
		if n.Comment.ParentID != uuid.Nil {
			ids = append(ids, n.Comment.ParentID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := comments(ctx, s.pool, `where comments.id = any ($1) and `+shownComment, ids)
	byID := make(map[uuid.UUID]*blog.Comment, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	for _, n := range nodes {
		n.Above = byID[n.Comment.ParentID]
	}
	return err
}

// ThreadAt returns a comment of a public article with what stands below it,
// inside those above it, at most `levels` of them. One that does not stand is
// blog.ErrNotFound.
func (s *Store) ThreadAt(ctx context.Context, id uuid.UUID, levels int, q blog.ThreadQuery) (*blog.Node, error) {
	// Parents in a circle end with the levels, and then say nothing twice.
	chain, err := nodes(ctx, s.pool, `
		with recursive up as (
			select id as up_id, parent_id as up_parent, 0 as level from comments
			where id = $2 and article_id = $1 and stands
			  and exists (select from articles where articles.id = $1 and status = 'published')
			union all
			select p.id, p.parent_id, up.level + 1
			from up join comments p on p.id = up.up_parent
			where up.level < $3
		)
		select `+nodeColumns+` from comments
		join (select up_id, min(level) as level from up group by up_id) up on up_id = comments.id
		order by up.level desc`, q.Article, id, levels)
	if err == nil && len(chain) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return nil, wrap("thread at a comment", err)
	}
	last := len(chain) - 1
	for i, n := range chain[:last] {
		n.Replies, n.Left = []*blog.Node{chain[i+1]}, max(n.Left-1, 0)
	}
	err = s.grow(ctx, chain[last:], q)
	for _, name := range []func(context.Context, []*blog.Node) error{s.nameActors, s.nameAbove} {
		if err == nil {
			err = name(ctx, chain[:1])
		}
	}
	return chain[0], wrap("thread at a comment", err)
}
