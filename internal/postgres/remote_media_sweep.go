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
	if err := s.passOn(ctx); err != nil {
		return 0, wrap("sweep remote media", err)
	}
	var tags []string
	var gone int
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Nobody refers to a file anew between the look for that and its end.
		if _, err := tx.Exec(ctx, `lock table remote_media in share row exclusive mode`); err != nil {
			return err
		}
		// The planner takes copies of blocked servers for many, which few are.
		if _, err := tx.Exec(ctx, `set local enable_seqscan = off`); err != nil {
			return err
		}
		evicted, names, err := evictMedia(ctx, tx, b)
		if err != nil {
			return err
		}
		unshown, err := deleteOrphans(ctx, tx)
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

// newlyBlocked are the servers whose copies may not all be gone yet: one that
// was on its way when its server was blocked may come within the hour.
const newlyBlocked = `(
	select value from blocks
	where kind = 'domain' and severity = 'block' and (swept is null or swept > now() - interval '1 hour'))`

// mediaOf are the files whose host or server, as the column says, is the domain of
// a block b or below it. Each way to match goes down an index of its own.
func mediaOf(column string) string {
	from := `reverse(regexp_replace(` + column + `, ':[0-9]+$', '')) collate "C"`
	return `
		select id, name from remote_media where ` + column + ` = b.value
		union all
		select id, name from remote_media where (` + from + `) = reverse(b.value)
		union all
		select id, name from remote_media where (` + from + `) >= reverse(b.value) || '.' and (` + from + `) < reverse(b.value) || '/'`
}

// passOn lets files of which a blocked server told first be those of another
// that shows them.
func (s *Store) passOn(ctx context.Context) error {
	rows, err := s.pool.Query(ctx, `
		with told as materialized (
			select distinct m.id from `+newlyBlocked+` b cross join lateral (`+mediaOf("server")+`) m
		)
		select told.id, heir.host from told cross join lateral (
			select a.host from remote_media_uses u left join comments c on c.id = u.subject join actors a on a.id in (u.subject, c.actor_id)
			where u.media_id = told.id and a.host is not null and not `+blockedHost("a.host")+`
			limit 1) heir`)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	var heirs []string
	var id uuid.UUID
	var heir string
	if _, err := pgx.ForEachRow(rows, []any{&id, &heir}, func() error {
		ids, heirs = append(ids, id), append(heirs, heir)
		return nil
	}); err != nil || len(ids) == 0 {
		return err
	}
	_, err = s.pool.Exec(ctx, `
		update remote_media m set server = heirs.host
		from unnest($1::uuid[], $2::text[]) heirs (id, host) where m.id = heirs.id`, ids, heirs)
	return err
}

// deleteOrphans forgets files that nothing shows any more. Those that are shown
// again are none.
func deleteOrphans(ctx context.Context, tx pgx.Tx) ([]mediaCopy, error) {
	return mediaNames(ctx, tx, `
		with looked as (
			select id, exists (select from remote_media_uses u where u.media_id = m.id) as shown
			from remote_media m
			where orphan and (claimed is null or claimed < now() - interval '1 hour')
			limit $1
		), kept as (
			update remote_media m set orphan = false from looked where m.id = looked.id and shown
		)
		delete from remote_media m using looked where m.id = looked.id and not shown
		returning m.id, m.name, m.placeholder`, sweepBatch)
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
	for _, which := range []string{
		`select m.id from ` + newlyBlocked + ` b cross join lateral (` + mediaOf("host") + ` union all ` + mediaOf("server") + `) m
		where m.name <> '' limit $3`,
		`select id from remote_media where name <> '' and used < $2 order by used limit $3`,
		`select id from (
			select id, sum(bytes) over (order by used, id) - bytes as before
			from (select id, bytes, used from remote_media where name <> '' order by used, id limit $3) oldest) aged
		where before < (select sum(bytes) from remote_media_bytes) - $1`,
	} {
		copies, err := mediaNames(ctx, tx, `
			with over as (
				select id, name, placeholder from remote_media
				where id in (`+which+`) and $1::bigint is not null and $2::timestamptz is not null and $3::integer is not null
			)
			update remote_media set name = '', placeholder = '', type = '', bytes = 0, tries = 0, next_at = null
			from over where remote_media.id = over.id
			returning over.id, over.name, over.placeholder`, b.Bytes, b.Unused, sweepBatch)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range copies {
			evicted, names = append(evicted, m.id), append(names, m.name, m.placeholder)
		}
	}
	if len(evicted) < sweepBatch {
		_, err = tx.Exec(ctx, `
			update blocks set swept = now() where kind = 'domain' and severity = 'block' and swept is null`)
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
		  and not exists (select from actors where avatar = n.name and avatar <> '')
		  and not exists (select from media where media.name = n.name)
		  and not exists (select from media where variants @> jsonb_build_array(jsonb_build_object('name', n.name)))
		  and not exists (select from settings where value ->> 'icon' = n.name)`, planned, names)
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
