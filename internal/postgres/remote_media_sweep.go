package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// MediaBounds say how many copies of remote files are kept.
type MediaBounds struct {
	Bytes  int64     // of all copies together
	Unused time.Time // those that no page asked for since then go
}

// sweepBatch is how many copies go at a time.
const sweepBatch = 500

// SweepRemoteMedia removes copies: those that nothing shows any more, those of
// blocked servers, those that were not asked for lately, and beyond the bound
// those that were not asked for the longest. remove deletes a file of the
// media store, which nothing else refers to. It returns how many copies went.
func (s *Store) SweepRemoteMedia(ctx context.Context, b MediaBounds, remove func(name string) error) (int, error) {
	if err := s.dropUses(ctx); err != nil {
		return 0, wrap("sweep remote media", err)
	}
	var tags []string
	var gone int
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Nobody refers to a file anew between the look for that and its end.
		if _, err := tx.Exec(ctx, `lock table remote_media in share row exclusive mode`); err != nil {
			return err
		}
		evicted, names, err := evictMedia(ctx, tx, b)
		if err != nil {
			return err
		}
		unshown, err := mediaNames(ctx, tx, `
			delete from remote_media where id in (
				select id from remote_media
				where not exists (select from remote_media_uses u where u.media_id = remote_media.id)
				  and (claimed is null or claimed < now() - interval '1 hour') limit $1)
			returning id, name, placeholder`, sweepBatch)
		if err != nil {
			return err
		}
		for _, m := range unshown {
			names = append(names, m.name, m.placeholder)
		}
		if tags, err = pagesWithMedia(ctx, tx, evicted); err != nil {
			return err
		}
		gone = len(evicted) + len(unshown)
		return removeFiles(ctx, tx, names, remove)
	})
	if err != nil {
		return 0, wrap("sweep remote media", err)
	}
	s.changed(tags...)
	return gone, nil
}

// dropUses forgets who showed a file and is no more, and lets files of which
// a blocked server told first be those of another that shows them.
func (s *Store) dropUses(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, `
		delete from remote_media_uses u
		where not exists (select from comments where id = u.subject)
		  and not exists (select from actors where id = u.subject)
		  and not exists (select from reactions where id = u.subject)`); err != nil {
		return err
	}
	_, err := s.pool.Exec(ctx, `
		update remote_media m set server = a.host
		from remote_media_uses u left join comments c on c.id = u.subject join actors a on a.id in (u.subject, c.actor_id)
		where u.media_id = m.id and `+blockedHost("m.server")+` and not `+blockedHost("a.host"))
	return err
}

// mediaCopy names the files of a copy.
type mediaCopy struct {
	id                uuid.UUID
	name, placeholder string
}

func mediaNames(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]mediaCopy, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m mediaCopy, err error) {
		err = row.Scan(&m.id, &m.name, &m.placeholder)
		return m, err
	})
}

// evictMedia lets go of copies, not of what is known of them: a page that asks
// for one starts it anew.
func evictMedia(ctx context.Context, tx pgx.Tx, b MediaBounds) (evicted []uuid.UUID, names []string, err error) {
	copies, err := mediaNames(ctx, tx, `
		with aged as (
			select id, name, placeholder, used, sum(bytes) over (order by used desc, id) as total
			from remote_media where name <> ''
		), over as (
			select m.id, aged.name, aged.placeholder from remote_media m join aged using (id)
			where aged.total > $1 or m.used < $2 or `+blockedHost("m.host")+` or `+blockedHost("m.server")+`
			order by m.used limit $3
		)
		update remote_media set name = '', placeholder = '', type = '', bytes = 0, tries = 0, next_at = null
		from over where remote_media.id = over.id
		returning over.id, over.name, over.placeholder`, b.Bytes, b.Unused, sweepBatch)
	for _, m := range copies {
		evicted, names = append(evicted, m.id), append(names, m.name, m.placeholder)
	}
	return evicted, names, err
}

// removeFiles removes those of the files that nothing refers to: equal content
// has the same name, whoever brought it.
func removeFiles(ctx context.Context, tx pgx.Tx, names []string, remove func(string) error) error {
	rows, err := tx.Query(ctx, `
		select distinct n.name from unnest($1::text[]) n (name)
		where n.name <> ''
		  and not exists (select from remote_media where name = n.name)
		  and not exists (select from remote_media where placeholder = n.name)
		  and not exists (select from actors where avatar = n.name)
		  and not exists (select from media where media.name = n.name
			or variants @> jsonb_build_array(jsonb_build_object('name', n.name)))
		  and not exists (select from settings where value ->> 'icon' = n.name)`, names)
	if err != nil {
		return err
	}
	unused, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range unused {
		if err := remove(name); err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	return nil
}
