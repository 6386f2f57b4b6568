package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// Passkeys returns those of an account, oldest first.
func (s *Store) Passkeys(ctx context.Context, account uuid.UUID) ([]auth.Passkey, error) {
	rows, err := s.pool.Query(ctx, `
		select id, account_id, name, credential, created, used, copied from passkeys
		where account_id = $1 order by created, id`, account)
	if err != nil {
		return nil, wrap("passkeys", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p auth.Passkey, err error) {
		err = row.Scan(&p.ID, &p.Account, &p.Name, &p.Credential, &p.Created, orZero(&p.Used), &p.Copied)
		return p, err
	})
	return list, wrap("passkeys", err)
}

// AddPasskey stores one. An id that is known, whoever has it, is
// blog.ErrConflict.
func (s *Store) AddPasskey(ctx context.Context, p auth.Passkey, hashes []string, e auth.Event) (stored bool, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into passkeys (id, account_id, name, credential, created) values ($1, $2, $3, $4, $5)
			on conflict (id) do nothing`, p.ID, p.Account, p.Name, p.Credential, p.Created)
		if err == nil && tag.RowsAffected() == 0 {
			err = blog.ErrConflict
		}
		if err == nil {
			stored, err = firstCodes(ctx, tx, p.Account, hashes)
		}
		if err != nil {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	})
	return stored, wrap("add passkey", err)
}

// UsePasskey stores what its use changed.
func (s *Store) UsePasskey(ctx context.Context, p auth.Passkey, before uint32) error {
	tag, err := s.pool.Exec(ctx, `
		update passkeys set credential = $2, used = $3
		where id = $1 and not copied and coalesce((credential #>> '{authenticator,signCount}')::bigint, 0) = $4`,
		p.ID, p.Credential, p.Used, int64(before))
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrConflict
	}
	return wrap("use passkey", err)
}

// CopyPasskey marks one as copied.
func (s *Store) CopyPasskey(ctx context.Context, id []byte, e auth.Event) error {
	return wrap("copied passkey", s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update passkeys set copied = true where id = $1 and not copied`, id)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	}))
}

// RemovePasskey takes one off an account.
func (s *Store) RemovePasskey(ctx context.Context, account uuid.UUID, id []byte, e auth.Event) error {
	return wrap("remove passkey", s.tx(ctx, func(tx pgx.Tx) error {
		var name string
		err := tx.QueryRow(ctx, `
			delete from passkeys where account_id = $1 and id = $2 returning name`, account, id).Scan(&name)
		if err == nil {
			err = dropCodes(ctx, tx, account)
		}
		if err != nil {
			return err
		}
		e.Audit.Detail["name"] = name
		return s.insertEvent(ctx, tx, e)
	}))
}

// SetCeremony keeps what a passkey is asked.
func (s *Store) SetCeremony(ctx context.Context, id uuid.UUID, data []byte, expires time.Time) error {
	_, err := s.pool.Exec(ctx, `
		insert into ceremonies (id, data, expires) values ($1, $2::jsonb, $3)`, id, string(data), expires)
	return wrap("set ceremony", err)
}

// TakeCeremony takes it: of two who come at once, one gets it.
func (s *Store) TakeCeremony(ctx context.Context, id uuid.UUID, now time.Time) ([]byte, error) {
	var data []byte
	err := s.pool.QueryRow(ctx, `
		delete from ceremonies where id = $1 and expires > $2 returning data::text`, id, now).Scan(&data)
	return data, wrap("take ceremony", err)
}
