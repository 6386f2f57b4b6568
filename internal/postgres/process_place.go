package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// Places returns what stands at the targets. An article is found by every
// object id it ever had and by every slug, its translations' too; a comment by its object id or ours.
func (s *Store) Places(ctx context.Context, targets []federation.Target) (map[federation.Target]federation.Place, error) {
	var uris, slugs []string
	var ids []uuid.UUID
	for _, t := range targets {
		switch {
		case t.URI != "":
			uris = append(uris, t.URI)
		case t.Slug != "":
			slugs = append(slugs, t.Slug)
		case t.Comment != uuid.Nil:
			ids = append(ids, t.Comment)
		}
	}
	rows, err := s.pool.Query(ctx, `
		select o.id, '', null::uuid, a.object_uri, a.id, null::uuid, null::uuid, null::uuid, 0, a.status <> 'published', false
		from objects o join articles a on a.id = o.subject
		where o.id = any ($1) and o.kind = 'article'
		union all
		select '', s.slug, null, a.object_uri, a.id, null, null, null, 0, a.status <> 'published', false
		from slugs s join articles t on t.id = s.article_id join articles a on a.id = coalesce(t.translation_of, t.id)
		where s.slug = any ($2) and t.status <> 'draft' and not t.static
		union all
		select c.object_uri, '', null, c.object_uri, c.article_id, c.id, c.parent_id, c.root_id, c.depth,
			coalesce(a.status <> 'published', false), c.article_id is null and (c.mention or c.local)
		from comments c left join articles a on a.id = c.article_id
		where c.object_uri = any ($1)
		union all
		select '', '', c.id, c.object_uri, c.article_id, c.id, c.parent_id, c.root_id, c.depth,
			coalesce(a.status <> 'published', false), c.article_id is null and (c.mention or c.local)
		from comments c left join articles a on a.id = c.article_id
		where c.id = any ($3)`, planned, uris, slugs, ids)
	if err != nil {
		return nil, wrap("places", err)
	}
	places := map[federation.Target]federation.Place{}
	var t federation.Target
	var p federation.Place
	columns := []any{
		&t.URI, &t.Slug, &t.Comment, &p.ObjectURI, &p.ArticleID, &p.CommentID, &p.ParentID, &p.RootID,
		&p.Depth, &p.Gone, &p.Detached,
	}
	_, err = pgx.ForEachRow(rows, columns, func() error {
		places[t] = p
		t, p = federation.Target{}, federation.Place{}
		return nil
	})
	return places, wrap("places", err)
}
