package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const accountColumns = `
	id, name, email, password, role, language, created, last_login,
	public, display_name, bio, avatar, website, fediverse`

func scanAccount(row pgx.CollectableRow) (a blog.Account, err error) {
	err = row.Scan(&a.ID, &a.Name, &a.Email, &a.Password, &a.Role, &a.Language, &a.Created, orZero(&a.LastLogin),
		&a.Public, &a.Display, &a.Bio, &a.Avatar, &a.Website, &a.Fediverse)
	return a, err
}

// Accounts returns everybody who may enter the Studio, oldest first.
func (s *Store) Accounts(ctx context.Context) ([]blog.Account, error) {
	rows, err := s.pool.Query(ctx, `select `+accountColumns+` from accounts order by created, id`)
	if err != nil {
		return nil, wrap("accounts", err)
	}
	accounts, err := pgx.CollectRows(rows, scanAccount)
	return accounts, wrap("accounts", err)
}

// Account returns one by id.
func (s *Store) Account(ctx context.Context, id uuid.UUID) (blog.Account, error) {
	return s.account(ctx, `id = $1`, id)
}

// AccountByName returns one by the name to sign in with, or by its e-mail
// address, in any case. An address is no name; of two accounts with the same
// address it finds the older.
func (s *Store) AccountByName(ctx context.Context, name string) (blog.Account, error) {
	return s.account(ctx, `
		lower(name) = lower($1) or lower(email) = lower($1) and email <> ''
		order by created, id limit 1`, name)
}

func (s *Store) account(ctx context.Context, where string, args ...any) (blog.Account, error) {
	rows, err := s.pool.Query(ctx, `select `+accountColumns+` from accounts where `+where, args...)
	if err != nil {
		return blog.Account{}, wrap("account", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanAccount)
	return a, wrap("account", err)
}

// InsertAccount adds somebody. A name that is taken, in any case, is
// blog.ErrConflict wrapped with *blog.Invalid.
func (s *Store) InsertAccount(ctx context.Context, a blog.Account, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into accounts (id, name, email, password, role, language, created, last_login)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			a.ID, a.Name, a.Email, a.Password, a.Role, a.Language, a.Created, nullTime(a.LastLogin))
		if err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if uniqueViolation(err) == "accounts_name" {
		err = fmt.Errorf("%w: %w", &blog.Invalid{Field: "name", Problem: "name-taken", Detail: a.Name}, blog.ErrConflict)
	}
	if err != nil {
		return wrap("add account", err)
	}
	s.changed(blog.PageSite) // the first one makes the blog ready
	return nil
}

// SetPassword stores the hash of a new password and ends all sign-ins.
func (s *Store) SetPassword(ctx context.Context, id uuid.UUID, password string, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if err := setPassword(ctx, tx, id, password); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	return wrap("set password", err)
}
