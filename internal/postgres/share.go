package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// SetShareImage stores the name of the picture made of an article for shared
// links, "" for none, and returns the one before if nothing else has it.
func (s *Store) SetShareImage(ctx context.Context, article uuid.UUID, name string) (old string, err error) {
	changed := false
	err = s.tx(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `
			select share_image from articles where id = $1 for update`, article).Scan(&old); err != nil {
			return err
		}
		if changed = old != name; !changed {
			old = ""
			return nil
		}
		if _, err := tx.Exec(ctx, `update articles set share_image = $2 where id = $1`, article, name); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			select case when exists (select from articles where share_image = $1) or exists (select from media where name = $1)
				then '' else $1 end`, old).Scan(&old)
	})
	if err != nil {
		return "", wrap("share picture", err)
	}
	if changed {
		s.changed(blog.PageArticle(article))
	}
	return old, nil
}

// redrawnShared is how many articles, the newest, get their pictures anew when
// the look of the blog changes; the others do when they are edited next.
const redrawnShared = 200

// redrawShared asks for pictures that show the blog as it is now.
func (s *Store) redrawShared(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `
		select id from articles where status = 'published' and share_image <> ''
		order by published desc, id desc limit $1`, redrawnShared)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.enqueue(ctx, tx, blog.ShareImage{Article: id}); err != nil {
			return err
		}
	}
	return nil
}
