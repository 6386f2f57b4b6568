package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Certificate returns what SaveCertificate kept under the name;
// blog.ErrNotFound if there is nothing.
func (s *Store) Certificate(ctx context.Context, name string) (data []byte, err error) {
	err = s.pool.QueryRow(ctx, `select data from certificates where name = $1`, name).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, blog.ErrNotFound
	}
	return data, wrap("certificate", err)
}

// SaveCertificate keeps a certificate with its key, or an answer to its
// issuer, for all nodes.
func (s *Store) SaveCertificate(ctx context.Context, name string, data []byte) error {
	_, err := s.pool.Exec(ctx, `
		insert into certificates (name, data) values ($1, $2)
		on conflict (name) do update set data = excluded.data, changed = now()`, name, data)
	return wrap("save certificate", err)
}

// DeleteCertificate forgets what is kept under the name, if anything is.
func (s *Store) DeleteCertificate(ctx context.Context, name string) error {
	_, err := s.pool.Exec(ctx, `delete from certificates where name = $1`, name)
	return wrap("delete certificate", err)
}
