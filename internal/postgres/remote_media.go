package postgres

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// remoteMediaID is the key of a file on another server: of a fixed length, and
// known without asking for it.
func remoteMediaID(address string) uuid.UUID {
	return uuid.NewHash(sha256.New(), uuid.NameSpaceURL, []byte(address), 8)
}

// RemoteFiles returns the copies of those of the addresses that have one.
// Their use is noted, once a day each; what was never tried, or given up for
// want of use, is due now.
func (s *Store) RemoteFiles(ctx context.Context, addresses []string) (map[string]blog.RemoteFile, error) {
	files := make(map[string]blog.RemoteFile, len(addresses))
	if len(addresses) == 0 {
		return files, nil
	}
	byID := make(map[uuid.UUID]string, len(addresses))
	for _, address := range addresses {
		byID[remoteMediaID(address)] = address
	}
	rows, err := s.pool.Query(ctx, `
		select id, name, type, width, height, blurhash, placeholder,
			used < now() - interval '1 day' or name = '' and tries = 0 and next_at is null
		from remote_media where id = any ($1)`, slices.Collect(maps.Keys(byID)))
	if err != nil {
		return nil, wrap("remote files", err)
	}
	var id uuid.UUID
	var f blog.RemoteFile
	var note bool
	var noted []uuid.UUID
	targets := []any{&id, &f.Name, &f.Type, &f.Width, &f.Height, &f.Blurhash, &f.Placeholder, &note}
	if _, err := pgx.ForEachRow(rows, targets, func() error {
		if f.Name != "" {
			files[byID[id]] = f
		}
		if note {
			noted = append(noted, id)
		}
		return nil
	}); err != nil {
		return nil, wrap("remote files", err)
	}
	return files, wrap("note use of remote files", s.noteUse(ctx, noted))
}

// noteUse leaves rows alone that somebody else is writing: it comes again.
func (s *Store) noteUse(ctx context.Context, media []uuid.UUID) error {
	if len(media) == 0 {
		return nil
	}
	_, err := s.pool.Exec(ctx, `
		update remote_media set
			used = now(), next_at = case when name = '' and tries = 0 then coalesce(next_at, now()) else next_at end
		where id in (select id from remote_media where id = any ($1) order by id for no key update skip locked)`, media)
	return err
}

// RemoteMedia is a file on another server that is to be copied.
type RemoteMedia struct {
	ID    uuid.UUID
	URL   string
	Emoji bool // is shown in the size of one
	Tries int  // in vain, before this one

	// What became of it.
	Copy  blog.RemoteFile // without a Name: it could not be had
	Bytes int             // of the copy
	Next  time.Time       // next try; zero = never
}

// serverCopies is how many files of which one server told are fetched at a
// time, so that those of a slow one leave room for others.
const serverCopies = 2

// ClaimRemoteMedia takes files to be copied, never of a blocked server. What
// is neither written nor given back is taken again when the lease is over.
func (s *Store) ClaimRemoteMedia(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]RemoteMedia, error) {
	rows, err := s.pool.Query(ctx, `
		with busy as (
			select server, count(*) as n from remote_media
			where claimed > $2 and next_at is not null group by 1
		), due as (
			select id, next_at, row_number() over (partition by server order by next_at, id) + coalesce(busy.n, 0) as place
			from remote_media m left join busy using (server)
			where next_at <= $1 and (claimed is null or claimed <= $2)
			  and not `+blockedHost("m.host")+` and not `+blockedHost("m.server")+`
		)
		update remote_media set claimed = $1
		where id in (
			select id from remote_media join due using (id)
			where place <= $3 order by due.next_at limit $4
			for no key update of remote_media skip locked)
		returning id, url, emoji, tries`, now, now.Add(-lease), serverCopies, limit)
	if err != nil {
		return nil, wrap("claim remote media", err)
	}
	claimed, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m RemoteMedia, err error) {
		err = row.Scan(&m.ID, &m.URL, &m.Emoji, &m.Tries)
		return m, err
	})
	return claimed, wrap("claim remote media", err)
}

// ReleaseRemoteMedia lets claimed files be claimed again at once.
func (s *Store) ReleaseRemoteMedia(ctx context.Context, media []RemoteMedia) error {
	ids := make([]uuid.UUID, len(media))
	for i, m := range media {
		ids[i] = m.ID
	}
	_, err := s.pool.Exec(ctx, `update remote_media set claimed = null where id = any ($1)`, ids)
	return wrap("release remote media", err)
}

// SetRemoteMedia writes what became of claimed files. The pages that show
// those that were copied are dropped.
func (s *Store) SetRemoteMedia(ctx context.Context, media []RemoteMedia) error {
	var copied []uuid.UUID
	for _, m := range media {
		tag, err := s.pool.Exec(ctx, `
			update remote_media set
				name = $2, type = $3, width = $4, height = $5, bytes = $6, blurhash = $7, placeholder = $8, next_at = $9,
				claimed = null, tries = case when $2 = '' then tries + 1 else 0 end
			where id = $1`,
			m.ID, m.Copy.Name, m.Copy.Type, m.Copy.Width, m.Copy.Height, m.Bytes, m.Copy.Blurhash, m.Copy.Placeholder,
			nullTime(m.Next))
		if err != nil {
			return wrap("set remote media", err)
		}
		if m.Copy.Name != "" && tag.RowsAffected() == 1 {
			copied = append(copied, m.ID)
		}
	}
	tags, err := pagesWithMedia(ctx, s.pool, copied)
	if err != nil {
		return wrap("pages with remote media", err)
	}
	s.changed(tags...)
	return nil
}

// pagesWithMedia returns the tags of the pages that show files.
func pagesWithMedia(ctx context.Context, db querier, media []uuid.UUID) ([]string, error) {
	if len(media) == 0 {
		return nil, nil
	}
	rows, err := db.Query(ctx, `
		with subjects as (select distinct subject as id from remote_media_uses where media_id = any ($1))
		select article_id, null::uuid from comments join subjects using (id) where article_id is not null
		union
		select null, id from actors join subjects using (id)
		union
		select coalesce(r.article_id, c.article_id), null
		from reactions r join subjects using (id) left join comments c on c.id = r.comment_id
		where coalesce(r.article_id, c.article_id) is not null`, media)
	if err != nil {
		return nil, err
	}
	var tags []string
	var article, actor *uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&article, &actor}, func() error {
		if article != nil {
			tags = append(tags, blog.PageArticle(*article))
		} else {
			tags = append(tags, blog.PageActor(*actor))
		}
		return nil
	})
	return tags, err
}
