package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/secret"
)

// seal makes unreadable what is for the purpose; what is empty stays so.
func (s *Store) seal(purpose, text string) string {
	if s.Secrets == nil || text == "" {
		return text
	}
	return s.Secrets.Seal(purpose, text)
}

// unseal reads what seal wrote, and what was written before there was a key.
func (s *Store) unseal(purpose, text string) (string, error) {
	if !secret.Sealed(text) {
		return text, nil
	}
	if s.Secrets == nil {
		return "", secret.ErrKey
	}
	return s.Secrets.Open(purpose, text)
}

// What is sealed for one actor opens for no other.
func rsaPurpose(actor uuid.UUID) string     { return "actor rsa " + actor.String() }
func ed25519Purpose(actor uuid.UUID) string { return "actor ed25519 " + actor.String() }

func (s *Store) sealKeys(actor uuid.UUID, k federation.LocalKeys) federation.LocalKeys {
	return federation.LocalKeys{RSA: s.seal(rsaPurpose(actor), k.RSA), Ed25519: s.seal(ed25519Purpose(actor), k.Ed25519)}
}

func (s *Store) unsealKeys(actor uuid.UUID, k federation.LocalKeys) (federation.LocalKeys, error) {
	rsa, err := s.unseal(rsaPurpose(actor), k.RSA)
	if err != nil {
		return federation.LocalKeys{}, fmt.Errorf("key of actor %s: %w", actor, err)
	}
	ed25519, err := s.unseal(ed25519Purpose(actor), k.Ed25519)
	if err != nil {
		return federation.LocalKeys{}, fmt.Errorf("key of actor %s: %w", actor, err)
	}
	return federation.LocalKeys{RSA: rsa, Ed25519: ed25519}, nil
}

// secretSetting is the row that names the key that this database is sealed with.
const secretSetting = "secret_key"

// SecretKeyID is the id of the key that private keys are sealed with; "" as
// long as they are not.
func (s *Store) SecretKeyID(ctx context.Context) (id string, err error) {
	err = s.pool.QueryRow(ctx, `
		select coalesce((select value #>> '{}' from settings where key = $1), '')`, secretSetting).Scan(&id)
	return id, wrap("read the secret key's id", err)
}

// UseSecretKey notes that the first of Secrets seals from now on, and seals
// with it what is not. Of several nodes that start at once with different
// keys, the first wins; the others get its id, and must not go on without that
// key. It is idempotent.
func (s *Store) UseSecretKey(ctx context.Context) (id string, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `
			insert into settings (key, value) values ($1, to_jsonb($2::text))
			on conflict (key) do nothing`, secretSetting, s.Secrets.ID()); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `select value #>> '{}' from settings where key = $1 for update`, secretSetting).Scan(&id); err != nil {
			return err
		}
		if !s.Secrets.Has(id) {
			return nil
		}
		id = s.Secrets.ID()
		if _, err := tx.Exec(ctx, `
			update settings set value = to_jsonb($2::text), updated = now() where key = $1 and value <> to_jsonb($2::text)`,
			secretSetting, id); err != nil {
			return err
		}
		return errors.Join(s.sealActors(ctx, tx), s.sealCertificates(ctx, tx), s.sealApps(ctx, tx))
	})
	return id, wrap("use the secret key", err)
}

// sealActors brings all private keys under the first of Secrets.
func (s *Store) sealActors(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select id, private_key, private_ed25519 from actors where private_key <> '' for update`)
	if err != nil {
		return err
	}
	type owned struct {
		ID uuid.UUID
		federation.LocalKeys
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o owned, err error) {
		err = row.Scan(&o.ID, &o.RSA, &o.Ed25519)
		return o, err
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		if s.Secrets.Current(o.RSA) && (o.Ed25519 == "" || s.Secrets.Current(o.Ed25519)) {
			continue
		}
		plain, err := s.unsealKeys(o.ID, o.LocalKeys)
		if err != nil {
			return err
		}
		if err := s.setKeys(ctx, tx, o.ID, plain); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) setKeys(ctx context.Context, db querier, actor uuid.UUID, k federation.LocalKeys) error {
	sealed := s.sealKeys(actor, k)
	_, err := db.Exec(ctx, `update actors set private_key = $2, private_ed25519 = $3 where id = $1`, actor, sealed.RSA, sealed.Ed25519)
	return err
}

// RenewKeys gives each actor of ours that has keys new ones, sealed with the
// first of Secrets, without reading the old; what else was sealed is forgotten.
// It returns how many actors there were.
func (s *Store) RenewKeys(ctx context.Context, renew func() (federation.LocalKeys, error), job blog.ActorChanged, audit blog.AuditEntry) (n int, err error) {
	err = s.tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `select id from actors where private_key <> '' for update`)
		if err != nil {
			return err
		}
		actors, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		n = len(actors)
		for _, actor := range actors {
			keys, err := renew()
			if err != nil {
				return err
			}
			if err := s.setKeys(ctx, tx, actor, keys); err != nil {
				return err
			}
		}
		for _, sealed := range []string{"certificates", "authenticators"} {
			if _, err := tx.Exec(ctx, `delete from `+sealed); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `
			insert into settings (key, value) values ($1, to_jsonb($2::text))
			on conflict (key) do update set value = excluded.value, updated = now()`, secretSetting, s.Secrets.ID()); err != nil {
			return err
		}
		if err := insertAudit(ctx, tx, audit); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, job)
	})
	return n, wrap("renew keys", err)
}
