package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// bylineColumns are what readers may know of an account.
const bylineColumns = `
	accounts.id, accounts.name, accounts.role, accounts.created,
	accounts.public, accounts.display_name, accounts.bio, accounts.avatar, accounts.website, accounts.fediverse`

// bylineFields are where they go.
func bylineFields(a *blog.Account) []any {
	return []any{
		&a.ID, &a.Name, &a.Role, &a.Created, &a.Public, &a.Display, &a.Bio, &a.Avatar, &a.Website, &a.Fediverse,
	}
}

func scanByline(row pgx.CollectableRow) (a blog.Account, err error) {
	err = row.Scan(bylineFields(&a)...)
	return a, err
}

// Profiles returns those of the accounts that have a public profile.
func (s *Store) Profiles(ctx context.Context, ids []uuid.UUID) ([]blog.Account, error) {
	rows, err := s.pool.Query(ctx, `
		select `+bylineColumns+` from accounts
		where public and id = any ($1)
		order by created, id`, ids)
	if err != nil {
		return nil, wrap("profiles", err)
	}
	accounts, err := pgx.CollectRows(rows, scanByline)
	return accounts, wrap("profiles", err)
}

// ProfileByName finds an account with a public profile by its name, in any
// case.
func (s *Store) ProfileByName(ctx context.Context, name string) (blog.Account, error) {
	return s.profile(ctx, `lower(name) = lower($1)`, name)
}

// ProfileByHandle finds the oldest account with a public profile by its handle
// elsewhere.
func (s *Store) ProfileByHandle(ctx context.Context, handle string) (blog.Account, error) {
	return s.profile(ctx, `fediverse <> '' and lower(fediverse) = lower($1) order by created, id limit 1`, handle)
}

func (s *Store) profile(ctx context.Context, where string, args ...any) (blog.Account, error) {
	rows, err := s.pool.Query(ctx, `select `+bylineColumns+` from accounts where public and `+where, args...)
	if err != nil {
		return blog.Account{}, wrap("profile", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanByline)
	return a, wrap("profile", err)
}

// Bylines returns who has a public profile, those of the most posts first.
func (s *Store) Bylines(ctx context.Context, limit int) ([]blog.Byline, error) {
	rows, err := s.pool.Query(ctx, `
		select `+bylineColumns+`, coalesce(articles, 0)
		from accounts left join author_counts on account_id = accounts.id
		where public
		order by coalesce(articles, 0) desc, created, id
		limit $1`, limit)
	if err != nil {
		return nil, wrap("bylines", err)
	}
	bylines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b blog.Byline, err error) {
		err = row.Scan(append(bylineFields(&b.Account), &b.Articles)...)
		return b, err
	})
	return bylines, wrap("bylines", err)
}

// SetProfile stores what readers see of an account. Every list may show it.
func (s *Store) SetProfile(ctx context.Context, account uuid.UUID, p blog.Profile, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update accounts set public = $2, display_name = $3, bio = $4, avatar = $5, website = $6, fediverse = $7
			where id = $1`, account, p.Public, p.Display, p.Bio, p.Avatar, p.Website, p.Fediverse)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("set profile", err)
	}
	s.changed(blog.PageList)
	return nil
}
