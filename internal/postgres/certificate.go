package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

func certificatePurpose(name string) string { return "certificate " + name }

// Certificate returns what SaveCertificate kept under the name;
// blog.ErrNotFound if there is nothing.
func (s *Store) Certificate(ctx context.Context, name string) ([]byte, error) {
	var data string
	err := s.pool.QueryRow(ctx, `select data from certificates where name = $1`, name).Scan(&data)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, blog.ErrNotFound
	case err != nil:
		return nil, wrap("certificate", err)
	}
	data, err = s.unseal(certificatePurpose(name), data)
	return []byte(data), err
}

// SaveCertificate keeps a certificate with its key, or an answer to its
// issuer, for all nodes: text, as PEM is.
func (s *Store) SaveCertificate(ctx context.Context, name string, data []byte) error {
	_, err := s.pool.Exec(ctx, `
		insert into certificates (name, data) values ($1, $2)
		on conflict (name) do update set data = excluded.data, changed = now()`, name, s.seal(certificatePurpose(name), string(data)))
	return wrap("save certificate", err)
}

// DeleteCertificate forgets what is kept under the name, if anything is.
func (s *Store) DeleteCertificate(ctx context.Context, name string) error {
	_, err := s.pool.Exec(ctx, `delete from certificates where name = $1`, name)
	return wrap("delete certificate", err)
}

// sealCertificates brings all that is kept under the first of Secrets.
func (s *Store) sealCertificates(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select name, data from certificates for update`)
	if err != nil {
		return err
	}
	kept := map[string]string{}
	var name, data string
	if _, err := pgx.ForEachRow(rows, []any{&name, &data}, func() error { kept[name] = data; return nil }); err != nil {
		return err
	}
	for name, data := range kept {
		if s.Secrets.Current(data) {
			continue
		}
		plain, err := s.unseal(certificatePurpose(name), data)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update certificates set data = $2 where name = $1`, name, s.seal(certificatePurpose(name), plain)); err != nil {
			return err
		}
	}
	return nil
}
