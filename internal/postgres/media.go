package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const mediaColumns = `
	name, variants, type, width, height, bytes, description, blurhash, focus_x, focus_y, filename, account_id, created`

func scanMedia(row pgx.CollectableRow) (m blog.Media, err error) {
	err = row.Scan(&m.Name, &m.Variants, &m.Type, &m.Width, &m.Height, &m.Bytes, &m.Description, &m.Blurhash,
		&m.Focus.X, &m.Focus.Y, &m.Filename, &m.AccountID, &m.Created)
	return m, err
}

// Media returns what is known of a file in the media store, by the name of its
// main file.
func (s *Store) Media(ctx context.Context, name string) (blog.Media, error) {
	rows, err := s.pool.Query(ctx, `select `+mediaColumns+` from media where name = $1`, name)
	if err != nil {
		return blog.Media{}, wrap("media", err)
	}
	m, err := pgx.CollectExactlyOneRow(rows, scanMedia)
	return m, wrap("media", err)
}

// MediaByNames returns those that are there, in one query.
func (s *Store) MediaByNames(ctx context.Context, names []string) (map[string]blog.Media, error) {
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `select `+mediaColumns+` from media where name = any ($1)`, names)
	if err != nil {
		return nil, wrap("media", err)
	}
	found, err := pgx.CollectRows(rows, scanMedia)
	by := make(map[string]blog.Media, len(found))
	for _, m := range found {
		by[m.Name] = m
	}
	return by, wrap("media", err)
}

// SetMediaFocus says which part of a picture stays when it is cropped.
func (s *Store) SetMediaFocus(ctx context.Context, name string, focus blog.Focus) error {
	return s.one(ctx, "focus of a picture", `update media set focus_x = $2, focus_y = $3 where name = $1`, name, focus.X, focus.Y)
}

// InsertMedia writes down a stored file. The same content has the same name:
// a second upload keeps the first one's row and description.
func (s *Store) InsertMedia(ctx context.Context, m blog.Media) error {
	_, err := s.pool.Exec(ctx, `
		insert into media
			(name, variants, type, width, height, bytes, description, blurhash, filename, account_id, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (name) do update set description = excluded.description
		where media.description = ''`,
		m.Name, orEmpty(m.Variants), m.Type, m.Width, m.Height, m.Bytes, m.Description, m.Blurhash, m.Filename,
		nullID(m.AccountID), m.Created)
	return wrap("insert media", err)
}

// SetMediaDescription says what a picture shows.
func (s *Store) SetMediaDescription(ctx context.Context, name, description string) error {
	return s.one(ctx, "describe media", `update media set description = $2 where name = $1`, name, description)
}
