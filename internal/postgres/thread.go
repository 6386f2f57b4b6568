package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Thread returns the comments under a public article in whole branches: at
// most `branches` answers to the article itself, oldest first, from after the
// cursor on, each with all that hangs below it. Removed comments appear,
// without their content, only where something shown hangs below them.
func (s *Store) Thread(
	ctx context.Context, article uuid.UUID, after blog.Cursor, branches int,
) ([]blog.Comment, blog.Cursor, error) {
	roots, next, err := s.threadRoots(ctx, article, after, branches)
	if err != nil || len(roots) == 0 {
		return nil, blog.Cursor{}, wrap("thread", err)
	}
	found, err := comments(ctx, s.pool, `
		where comments.article_id = $1 and comments.root_id = any ($2)
		order by comments.published, comments.id`, article, roots)
	if err != nil {
		return nil, blog.Cursor{}, wrap("thread", err)
	}
	return withPlaceholders(found), next, nil
}

// threadRoots returns the first comments of the branches that readers see
// something of, and the place of the last one if there are more.
func (s *Store) threadRoots(
	ctx context.Context, article uuid.UUID, after blog.Cursor, branches int,
) (roots []uuid.UUID, next blog.Cursor, err error) {
	rows, err := s.pool.Query(ctx, `
		select id, published from comments c
		where article_id = $1 and parent_id is null and root_id = id
		  and (published, id) > (coalesce($2::timestamptz, '-infinity'), $3)
		  and (`+shownBy("c")+` or exists (
			select from comments below where below.root_id = c.id and below.article_id = $1 and `+shownBy("below")+`))
		  and exists (select from articles where articles.id = $1 and status = 'published')
		order by published, id
		limit $4`, article, nullTime(after.At), after.ID, branches+1)
	if err != nil {
		return nil, next, err
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c blog.Cursor, err error) {
		err = row.Scan(&c.ID, &c.At)
		return c, err
	})
	if len(places) > branches {
		places = places[:branches]
		next = places[len(places)-1]
	}
	for _, place := range places {
		roots = append(roots, place.ID)
	}
	return roots, next, err
}

// withPlaceholders keeps what is shown and, emptied, what stands between that
// and the article. Each comment is passed once, so parents in a circle end it.
func withPlaceholders(found []blog.Comment) []blog.Comment {
	byID := make(map[uuid.UUID]*blog.Comment, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	needed := make(map[uuid.UUID]bool, len(found))
	for i := range found {
		if !found[i].Shown() {
			continue
		}
		for c := &found[i]; c != nil && !needed[c.ID]; c = byID[c.ParentID] {
			needed[c.ID] = true
		}
	}
	kept := found[:0]
	for _, c := range found {
		switch {
		case !needed[c.ID]:
		case c.Shown():
			kept = append(kept, c)
		default:
			kept = append(kept, placeholder(c))
		}
	}
	return kept
}

// placeholder is the place of a comment without anything of it.
func placeholder(c blog.Comment) blog.Comment {
	return blog.Comment{
		ID: c.ID, ArticleID: c.ArticleID, ParentID: c.ParentID, RootID: c.RootID, Depth: c.Depth,
		Visibility: c.Visibility, State: c.State, Published: c.Published, Created: c.Created,
	}
}
