package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// ChangedComments names comments that changed for readers after a time; one that
// they never saw is no such change.
func (s *Store) ChangedComments(
	ctx context.Context, article uuid.UUID, after time.Time, limit int,
) ([]blog.ChangedComment, error) {
	rows, err := s.pool.Query(ctx, `
		select comments.id, comments.changed
		from articles left join comments on comments.article_id = articles.id and comments.changed > $2
			and (`+shownComment+` or comments.gone > $2)
		where articles.id = $1 and articles.status = 'published' and not articles.static and articles.translation_of is null
		order by comments.changed limit $3`, article, after, limit)
	if err != nil {
		return nil, wrap("changed comments", err)
	}
	var id *uuid.UUID
	var at *time.Time
	public, changed := false, []blog.ChangedComment{}
	_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
		public = true
		if id != nil {
			changed = append(changed, blog.ChangedComment{ID: *id, At: *at})
		}
		return nil
	})
	if err == nil && !public {
		err = pgx.ErrNoRows
	}
	return changed, wrap("changed comments", err)
}

// LastChange is when comments of an article changed last.
func (s *Store) LastChange(ctx context.Context, article uuid.UUID) (last time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select max(changed) from comments where article_id = $1`, article).Scan(orZero(&last))
	return last, wrap("last change", err)
}
