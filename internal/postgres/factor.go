package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// Factors returns the second factors of an account.
func (s *Store) Factors(ctx context.Context, account uuid.UUID) (f auth.Factors, err error) {
	err = s.pool.QueryRow(ctx, `
		select exists (select from authenticators where account_id = $1 and confirmed),
			(select count(*) from passkeys where account_id = $1),
			(select count(*) from recovery_codes where account_id = $1 and used is null)`, account).
		Scan(&f.App, &f.Passkeys, &f.Codes)
	return f, wrap("factors", err)
}

// App returns the secret of an authenticator app.
func (s *Store) App(ctx context.Context, account uuid.UUID) (secret string, confirmed bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select secret, confirmed from authenticators where account_id = $1`, account).Scan(&secret, &confirmed)
	if err == nil {
		secret, err = s.unseal(appPurpose(account), secret)
	}
	return secret, confirmed, wrap("authenticator", err)
}

// SetApp begins to set one up, in place of another that was never confirmed.
func (s *Store) SetApp(ctx context.Context, account uuid.UUID, secret string, at time.Time) error {
	tag, err := s.pool.Exec(ctx, `
		insert into authenticators as a (account_id, secret, created) values ($1, $2, $3)
		on conflict (account_id) do update set secret = excluded.secret, created = excluded.created
		where not a.confirmed`, account, s.seal(appPurpose(account), secret), at)
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrConflict
	}
	return wrap("set authenticator", err)
}

// appPurpose binds a sealed secret to its account.
func appPurpose(account uuid.UUID) string { return "authenticator " + account.String() }

// sealApps brings the secrets of authenticator apps under the first of Secrets.
func (s *Store) sealApps(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select account_id, secret from authenticators for update`)
	if err != nil {
		return err
	}
	type app struct {
		Account uuid.UUID
		Secret  string
	}
	apps, err := pgx.CollectRows(rows, pgx.RowToStructByPos[app])
	if err != nil {
		return err
	}
	for _, a := range apps {
		if s.Secrets.Current(a.Secret) {
			continue
		}
		plain, err := s.unseal(appPurpose(a.Account), a.Secret)
		if err != nil {
			return fmt.Errorf("authenticator of account %s: %w", a.Account, err)
		}
		_, err = tx.Exec(ctx, `
			update authenticators set secret = $2 where account_id = $1`, a.Account, s.seal(appPurpose(a.Account), plain))
		if err != nil {
			return err
		}
	}
	return nil
}

// ConfirmApp ends the setting up. Recovery codes that are there stay.
func (s *Store) ConfirmApp(ctx context.Context, account uuid.UUID, step int64, hashes []string, e auth.Event) (stored bool, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update authenticators set confirmed = true, step = $2 where account_id = $1 and not confirmed`, account, step)
		if err == nil && tag.RowsAffected() == 0 {
			err = blog.ErrConflict
		}
		if err == nil {
			stored, err = firstCodes(ctx, tx, account, hashes)
		}
		if err != nil {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	})
	return stored, wrap("confirm authenticator", err)
}

// firstCodes stores recovery codes if none are left.
func firstCodes(ctx context.Context, tx pgx.Tx, account uuid.UUID, hashes []string) (stored bool, err error) {
	var left bool
	err = tx.QueryRow(ctx, `
		select exists (select from recovery_codes where account_id = $1 and used is null)`, account).Scan(&left)
	if err != nil || left {
		return false, err
	}
	return true, setCodes(ctx, tx, account, hashes)
}

func setCodes(ctx context.Context, tx pgx.Tx, account uuid.UUID, hashes []string) error {
	if _, err := tx.Exec(ctx, `delete from recovery_codes where account_id = $1`, account); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into recovery_codes (account_id, hash) select $1, h from unnest($2::text[]) h`, account, hashes)
	return err
}

// UseApp marks a step as used: of two who come with the same code, one gets
// true.
func (s *Store) UseApp(ctx context.Context, account uuid.UUID, step int64) (bool, error) {
	tag, err := s.pool.Exec(ctx, `
		update authenticators set step = $2 where account_id = $1 and confirmed and step < $2`, account, step)
	return tag.RowsAffected() == 1, wrap("use authenticator", err)
}

// RemoveApp takes it off.
func (s *Store) RemoveApp(ctx context.Context, account uuid.UUID, e auth.Event) error {
	return wrap("remove authenticator", s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from authenticators where account_id = $1`, account)
		if err == nil && tag.RowsAffected() == 0 {
			err = blog.ErrNotFound
		}
		if err == nil {
			err = dropCodes(ctx, tx, account)
		}
		if err != nil {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	}))
}

// dropCodes forgets the recovery codes of an account without a second factor.
func dropCodes(ctx context.Context, tx pgx.Tx, account uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		delete from recovery_codes where account_id = $1
			and not exists (select from authenticators where account_id = $1 and confirmed)
			and not exists (select from passkeys where account_id = $1)`, account)
	return err
}

// SetCodes stores new recovery codes in place of all others.
func (s *Store) SetCodes(ctx context.Context, account uuid.UUID, hashes []string, e auth.Event) error {
	return wrap("set recovery codes", s.tx(ctx, func(tx pgx.Tx) error {
		if err := setCodes(ctx, tx, account, hashes); err != nil {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	}))
}

// UseCode uses a recovery code up: of two who come with it, one gets true.
func (s *Store) UseCode(ctx context.Context, account uuid.UUID, hash string, at time.Time, e auth.Event) (used bool, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update recovery_codes set used = $3 where account_id = $1 and hash = $2 and used is null`, account, hash, at)
		used = tag.RowsAffected() == 1
		if err != nil || !used {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	})
	return used && err == nil, wrap("use recovery code", err)
}

// ResetFactors takes all factors off an account and ends its sign-ins.
func (s *Store) ResetFactors(ctx context.Context, account uuid.UUID, e auth.Event) error {
	return wrap("reset factors", s.tx(ctx, func(tx pgx.Tx) error {
		for _, table := range []string{"authenticators", "passkeys", "recovery_codes", "sign_ins"} {
			if _, err := tx.Exec(ctx, `delete from `+table+` where account_id = $1`, account); err != nil {
				return err
			}
		}
		return s.insertEvent(ctx, tx, e)
	}))
}
