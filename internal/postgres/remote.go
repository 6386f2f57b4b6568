package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// SaveRemoteActor inserts or refreshes an actor of another server with its
// keys. A deleted one, and one of ours, stays as it is.
func (s *Store) SaveRemoteActor(ctx context.Context, a federation.RemoteActor) (uuid.UUID, error) {
	var id uuid.UUID
	var changed bool
	err := s.tx(ctx, func(tx pgx.Tx) (err error) {
		var fixed bool
		id, changed, fixed, err = lockRemote(ctx, tx, a)
		if err != nil || fixed {
			return err
		}
		if id == uuid.Nil {
			if id, err = uuid.NewV7(); err != nil {
				return err
			}
		}
		if id, err = upsertRemote(ctx, tx, id, a); err != nil {
			return err
		}
		if err := changeMedia(ctx, tx, id, actorMedia(id, a.URI, a.Emojis)); err != nil {
			return err
		}
		if err := saveKeys(ctx, tx, a); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into hosts (host) select host from actors where id = $1 and host <> '' on conflict do nothing`, id)
		return err
	})
	if err != nil {
		return uuid.Nil, wrap("save remote actor", err)
	}
	if changed {
		s.changed(blog.PageActor(id))
	}
	return id, nil
}

// lockRemote tells whether an actor is there, whether pages show it otherwise
// than it is now, and whether it may not be changed.
func lockRemote(ctx context.Context, tx pgx.Tx, a federation.RemoteActor) (id uuid.UUID, changed, fixed bool, err error) {
	err = tx.QueryRow(ctx, `
		select id, (name, handle, url, avatar_url) <> ($2, $3, $4, $5) or emojis is distinct from $8 or not $6 and domain <> $7,
			deleted is not null or kind <> 'remote'
		from actors where uri = $1 for no key update`,
		a.URI, a.Name, a.Handle, a.URL, a.AvatarURL, a.Unconfirmed, a.Domain, a.Emojis).Scan(&id, &changed, &fixed)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return id, changed, fixed, err
}

// upsertRemote returns the id of the row, which somebody else may have
// inserted meanwhile. A new picture is fetched again.
func upsertRemote(ctx context.Context, tx pgx.Tx, id uuid.UUID, a federation.RemoteActor) (uuid.UUID, error) {
	err := tx.QueryRow(ctx, `
		insert into actors (
			id, uri, kind, type, handle, domain, name, summary, url, avatar_url, inbox, shared_inbox, outbox,
			followers, featured, also_known_as, moved_to, emojis, born, created, fetched)
		values ($1, $2, 'remote', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $18, $19, now(),
			case when not $17 then now() end)
		on conflict (uri) do update set
			type = excluded.type, name = excluded.name, summary = excluded.summary, url = excluded.url,
			handle = case when $17 and actors.fetched is not null then actors.handle else excluded.handle end,
			domain = case when $17 and actors.fetched is not null then actors.domain else excluded.domain end,
			avatar = case when actors.avatar_url = excluded.avatar_url then actors.avatar else '' end,
			avatar_tried = case when actors.avatar_url = excluded.avatar_url then actors.avatar_tried end,
			avatar_url = excluded.avatar_url, inbox = excluded.inbox, shared_inbox = excluded.shared_inbox,
			outbox = excluded.outbox, followers = excluded.followers, featured = excluded.featured,
			also_known_as = excluded.also_known_as, moved_to = excluded.moved_to, emojis = excluded.emojis,
			born = least(actors.born, excluded.born),
			fetched = coalesce(excluded.fetched, actors.fetched)
		returning id`,
		id, a.URI, a.Type, a.Handle, a.Domain, a.Name, a.Summary, a.URL, a.AvatarURL, a.Inbox, a.SharedInbox, a.Outbox,
		a.Followers, a.Featured, orEmpty(a.AlsoKnownAs), a.MovedTo, a.Unconfirmed,
		a.Emojis, nullTime(a.Born)).Scan(&id)
	return id, err
}

// saveKeys drops keys that the actor no longer lists. A key that is another
// actor's stays theirs.
func saveKeys(ctx context.Context, tx pgx.Tx, a federation.RemoteActor) error {
	ids, pems := []string{}, []string{}
	for _, k := range a.Keys {
		ids, pems = append(ids, k.ID), append(pems, k.PEM)
	}
	if _, err := tx.Exec(ctx, `
		delete from keys where actor_uri = $1 and id <> all ($2)`, a.URI, ids); err != nil {
		return fmt.Errorf("drop old keys: %w", err)
	}
	_, err := tx.Exec(ctx, `
		insert into keys (id, actor_uri, pem, fetched)
		select distinct on (k.id) k.id, $1, k.pem, now()
		from unnest($2::text[], $3::text[]) k (id, pem) where k.pem <> '' order by k.id
		on conflict (id) do update set pem = excluded.pem, fetched = excluded.fetched
		where keys.actor_uri = excluded.actor_uri`, a.URI, ids, pems)
	if err != nil {
		return fmt.Errorf("save keys: %w", err)
	}
	return nil
}

// RemoteActor returns an actor of another server as it is stored, without its
// keys; blog.ErrGone for a deleted one.
func (s *Store) RemoteActor(ctx context.Context, uri string) (federation.RemoteActor, error) {
	var a federation.RemoteActor
	var gone bool
	err := s.pool.QueryRow(ctx, `
		select id, uri, type, handle, domain, name, summary, url, avatar_url, inbox, shared_inbox, outbox, followers,
			featured, also_known_as, moved_to, emojis, fetched is null, deleted is not null
		from actors where uri = $1 and kind = 'remote'`, uri).Scan(
		&a.ID, &a.URI, &a.Type, &a.Handle, &a.Domain, &a.Name, &a.Summary, &a.URL, &a.AvatarURL, &a.Inbox,
		&a.SharedInbox, &a.Outbox, &a.Followers, &a.Featured, &a.AlsoKnownAs, &a.MovedTo, &a.Emojis, &a.Unconfirmed, &gone)
	if err == nil && gone {
		err = blog.ErrGone
	}
	return a, wrap("remote actor", err)
}

// Key returns a stored public key, inbox.ErrNoKey without one.
func (s *Store) Key(ctx context.Context, keyID string) (httpsig.Key, error) {
	var owner, pem string
	err := s.pool.QueryRow(ctx, `
		select k.actor_uri, k.pem from keys k
		where k.id = $1 and not exists (select from actors a where a.uri = k.actor_uri and a.deleted is not null)`,
		keyID).Scan(&owner, &pem)
	if errors.Is(err, pgx.ErrNoRows) {
		return httpsig.Key{}, inbox.ErrNoKey
	}
	if err != nil {
		return httpsig.Key{}, wrap("key", err)
	}
	public, err := httpsig.ParsePublicKey(pem)
	if err != nil {
		// It is of no use as it is stored: fetching it again may help.
		return httpsig.Key{}, fmt.Errorf("%w: %w", inbox.ErrNoKey, err)
	}
	return httpsig.Key{ID: keyID, Owner: owner, Public: public}, nil
}

// KnownActors returns those of the actors that are stored.
func (s *Store) KnownActors(ctx context.Context, uris []string) (map[string]federation.KnownActor, error) {
	rows, err := s.pool.Query(ctx, `
		select id, uri, kind, handle, inbox, followers, fetched, deleted is not null
		from actors where uri = any ($1)`, planned, uris)
	if err != nil {
		return nil, wrap("known actors", err)
	}
	known := map[string]federation.KnownActor{}
	var a federation.KnownActor
	targets := []any{&a.ID, &a.URI, &a.Kind, &a.Handle, &a.Inbox, &a.Followers, orZero(&a.Fetched), &a.Deleted}
	_, err = pgx.ForEachRow(rows, targets, func() error {
		known[a.URI] = a
		return nil
	})
	return known, wrap("known actors", err)
}
