package postgres

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// nodeColumns are what a page shows of a comment, and what its place is. A page
// has hundreds, so it reads no more, and each of their authors once.
const nodeColumns = `
	comments.id, comments.object_uri, comments.article_id, comments.parent_id, comments.root_id, comments.depth,
	comments.actor_id, comments.account_id, comments.local, comments.html, comments.text, comments.warning,
	comments.sensitive, comments.language, comments.url, nullif(comments.attachments, '[]'), comments.visibility,
	comments.state, comments.published, comments.edited, comments.created, comments.likes, comments.boosts,
	comments.type, comments.quotes, comments.emojis, comments.quoted, comments.answers`

// nodes reads comments without their authors, and without what hangs below
// them, which Left counts.
func nodes(ctx context.Context, db querier, sql string, args ...any) ([]*blog.Node, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*blog.Node, error) {
		n := &blog.Node{}
		c := &n.Comment
		var html string
		err := row.Scan(
			&c.ID, &c.ObjectURI, &c.ArticleID, &c.ParentID, &c.RootID, &c.Depth,
			&c.Actor.ID, &c.AccountID, &c.Local, &html, &c.Text, &c.Warning,
			&c.Sensitive, &c.Language, &c.URL, &c.Attachments, &c.Visibility,
			&c.State, &c.Published, orZero(&c.Edited), &c.Created, &c.Likes, &c.Boosts,
			&c.Type, &c.Quotes, &c.Emojis, &c.Quoted, &n.Left,
		)
		if c.HTML = markup.SafeFromStore(html); !c.Shown() {
			*c = placeholder(*c)
		}
		return n, err
	})
}

// placeholder is the place of a comment without anything of it.
func placeholder(c blog.Comment) blog.Comment {
	return blog.Comment{
		ID: c.ID, ArticleID: c.ArticleID, ParentID: c.ParentID, RootID: c.RootID, Depth: c.Depth,
		Visibility: c.Visibility, State: c.State, Published: c.Published, Created: c.Created,
	}
}

// nameActors reads who wrote the comments.
func (s *Store) nameActors(ctx context.Context, nodes []*blog.Node) error {
	actors := map[uuid.UUID]blog.Actor{}
	blog.Walk(nodes, func(n *blog.Node) {
		if n.Comment.Shown() {
			actors[n.Comment.Actor.ID] = blog.Actor{}
		}
	})
	if err := s.readActors(ctx, actors); err != nil {
		return err
	}
	blog.Walk(nodes, func(n *blog.Node) { n.Comment.Actor = actors[n.Comment.Actor.ID] })
	return nil
}

// bare are ids as pgx writes them fastest: it asks a uuid.UUID for its text, and
// reads that again.
func bare(ids []uuid.UUID) [][16]byte {
	list := make([][16]byte, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

// readActors fills in the actors whose ids are there.
func (s *Store) readActors(ctx context.Context, actors map[uuid.UUID]blog.Actor) error {
	if len(actors) == 0 {
		return nil
	}
	rows, err := s.pool.Query(ctx, `select `+actorColumns+` from actors where id = any ($1)`, planned, bare(slices.Collect(maps.Keys(actors))))
	if err != nil {
		return err
	}
	var a blog.Actor
	_, err = pgx.ForEachRow(rows, actorTargets(&a), func() error {
		actors[a.ID] = a
		a = blog.Actor{}
		return nil
	})
	return err
}
