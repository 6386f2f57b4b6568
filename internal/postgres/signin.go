package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

const signInColumns = `id, account_id, device, network, method, created, seen, confirmed`

func scanSignIn(row pgx.CollectableRow) (in auth.SignIn, err error) {
	err = row.Scan(&in.ID, &in.Account, &in.Device, &in.Network, &in.Method, &in.Created, &in.Seen, &in.Confirmed)
	return in, err
}

// SignIn returns one, or blog.ErrNotFound.
func (s *Store) SignIn(ctx context.Context, id uuid.UUID) (auth.SignIn, error) {
	rows, err := s.pool.Query(ctx, `select `+signInColumns+` from sign_ins where id = $1`, id)
	if err != nil {
		return auth.SignIn{}, wrap("sign-in", err)
	}
	in, err := pgx.CollectExactlyOneRow(rows, scanSignIn)
	return in, wrap("sign-in", err)
}

// maxSignIns is how many are listed of an account.
const maxSignIns = 100

// SignIns returns those of an account, seen last first.
func (s *Store) SignIns(ctx context.Context, account uuid.UUID, since time.Time) ([]auth.SignIn, error) {
	rows, err := s.pool.Query(ctx, `
		select `+signInColumns+` from sign_ins where account_id = $1 and created > $2 order by seen desc, id desc limit $3`,
		account, since, maxSignIns)
	if err != nil {
		return nil, wrap("sign-ins", err)
	}
	list, err := pgx.CollectRows(rows, scanSignIn)
	return list, wrap("sign-ins", err)
}

// AddSignIn writes one down, and tells when the account never signed in from
// there. The first time of all is nothing to be told.
func (s *Store) AddSignIn(ctx context.Context, in auth.SignIn, strange auth.Event) error {
	return wrap("add sign-in", s.tx(ctx, func(tx pgx.Tx) error {
		var before, fresh bool
		err := tx.QueryRow(ctx, `select last_login is not null from accounts where id = $1 for update`, in.Account).Scan(&before)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			insert into devices (account_id, device, network, seen) values ($1, $2, $3, $4)
			on conflict (account_id, device, network) do update set seen = excluded.seen
			returning xmax = 0`, in.Account, in.Device, in.Network, in.Created).Scan(&fresh)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into sign_ins (`+signInColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			in.ID, in.Account, in.Device, in.Network, in.Method, in.Created, in.Seen, in.Confirmed)
		if err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `update accounts set last_login = $2 where id = $1`, in.Account, in.Created); err != nil {
			return err
		}
		if !before || !fresh {
			return nil
		}
		return s.insertEvent(ctx, tx, strange)
	}))
}

// SeeSignIn notes when one was last used.
func (s *Store) SeeSignIn(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.pool.Exec(ctx, `update sign_ins set seen = greatest(seen, $2) where id = $1`, id, at)
	return wrap("see sign-in", err)
}

// ConfirmSignIn notes when somebody proved again who they are.
func (s *Store) ConfirmSignIn(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.pool.Exec(ctx, `update sign_ins set confirmed = $2, seen = $2 where id = $1`, id, at)
	return wrap("confirm sign-in", err)
}

// EndSignIns ends one of an account, or with uuid.Nil all but one. An event
// without an action is not written.
func (s *Store) EndSignIns(ctx context.Context, account, one, but uuid.UUID, e auth.Event) (n int, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		n, err = endSignIns(ctx, tx, account, one, but)
		if err != nil || n == 0 || e.Audit.Action == "" {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	})
	return n, wrap("end sign-ins", err)
}

func endSignIns(ctx context.Context, tx pgx.Tx, account, one, but uuid.UUID) (int, error) {
	tag, err := tx.Exec(ctx, `
		delete from sign_ins where account_id = $1 and ($2::uuid is null and id <> $3 or id = $2)`,
		account, nullID(one), but)
	return int(tag.RowsAffected()), err
}

// ChangePassword stores a new hash and ends all sign-ins of the account.
func (s *Store) ChangePassword(ctx context.Context, account uuid.UUID, hash string, e auth.Event) error {
	return wrap("change password", s.tx(ctx, func(tx pgx.Tx) error {
		if err := setPassword(ctx, tx, account, hash); err != nil {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	}))
}

func setPassword(ctx context.Context, tx pgx.Tx, account uuid.UUID, hash string) error {
	tag, err := tx.Exec(ctx, `update accounts set password = $2 where id = $1`, account, hash)
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrNotFound
	}
	if err == nil {
		_, err = endSignIns(ctx, tx, account, uuid.Nil, uuid.Nil)
	}
	return err
}

// How long what is known of sign-ins is kept.
const (
	keepSignIns = 30 * 24 * time.Hour // as long as a session lives
	keepDevices = 180 * 24 * time.Hour
)

// forgetSignIns removes what has no use any more.
func (s *Store) forgetSignIns(ctx context.Context, now time.Time) error {
	for _, old := range []struct {
		sql    string
		before time.Time
	}{
		{`delete from sign_ins where created < $1`, now.Add(-keepSignIns)},
		{`delete from devices where seen < $1`, now.Add(-keepDevices)},
		{`delete from ceremonies where expires < $1`, now},
		{`delete from tries where last < $1`, now.Add(-auth.KeepTries)},
	} {
		if _, err := s.pool.Exec(ctx, old.sql, old.before); err != nil {
			return err
		}
	}
	return nil
}
