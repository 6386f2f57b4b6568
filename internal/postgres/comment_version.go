package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// maxVersions is how many earlier versions of a comment are kept.
const maxVersions = 50

// CommentVersions returns what a comment was before its edits, newest first.
func (s *Store) CommentVersions(ctx context.Context, comment uuid.UUID) ([]blog.CommentVersion, error) {
	rows, err := s.pool.Query(ctx, `
		select number, html, text, warning, attachments, language, at
		from comment_versions where comment_id = $1 order by number desc`, comment)
	if err != nil {
		return nil, wrap("comment versions", err)
	}
	versions, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v blog.CommentVersion, err error) {
		var html string
		err = row.Scan(&v.Number, &html, &v.Text, &v.Warning, &v.Attachments, &v.Language, &v.At)
		v.HTML = markup.SafeFromStore(html)
		return v, err
	})
	return versions, wrap("comment versions", err)
}

// keepVersion writes down what a locked comment is, unless the edit changes
// nothing that readers see of it.
func keepVersion(ctx context.Context, tx pgx.Tx, old, after blog.Comment) error {
	at := old.Published
	if !old.Edited.IsZero() {
		at = old.Edited
	}
	_, err := tx.Exec(ctx, `
		with kept as (
			insert into comment_versions (comment_id, number, html, text, warning, attachments, language, at)
			select $1, coalesce((select max(number) from comment_versions where comment_id = $1), 0) + 1, html, text, warning,
				attachments, language, $2
			from comments
			where id = $1 and (html, warning, attachments) is distinct from ($3, $4, $5)
			returning number
		)
		delete from comment_versions using kept
		where comment_id = $1 and comment_versions.number <= kept.number - $6::int`,
		old.ID, at, after.HTML.String(), after.Warning, orEmpty(after.Attachments), maxVersions)
	if err != nil {
		return fmt.Errorf("keep version: %w", err)
	}
	return nil
}

// forgetVersions ends the earlier versions of comments that are deleted.
func forgetVersions(ctx context.Context, tx pgx.Tx, comments ...uuid.UUID) error {
	if _, err := tx.Exec(ctx, `delete from comment_versions where comment_id = any ($1)`, comments); err != nil {
		return fmt.Errorf("forget versions: %w", err)
	}
	return nil
}
