package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// ClaimServers takes servers that are to be asked what they run. One is not
// taken again before retry has passed, so that a server that never answers
// costs little. Blocked and suspended ones are left alone.
func (s *Store) ClaimServers(ctx context.Context, now time.Time, retry time.Duration, limit int) ([]federation.Server, error) {
	rows, err := s.pool.Query(ctx, `
		with due as (
			select h.host, a.uri
			from hosts h
			join lateral (
				select uri from actors where host = h.host and kind = 'remote' and deleted is null limit 1) a on true
			where h.software_next <= $1 and h.suspended is null and not `+refusedHost("h.host")+`
			order by h.software_next limit $3
			for no key update of h skip locked)
		update hosts set software_next = $2
		from due where hosts.host = due.host
		returning due.host, due.uri`, now, now.Add(retry), limit)
	if err != nil {
		return nil, wrap("claim servers", err)
	}
	servers, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f federation.Server, err error) {
		err = row.Scan(&f.Host, &f.Actor)
		return f, err
	})
	return servers, wrap("claim servers", err)
}

// ReleaseServers lets claimed servers be claimed again at once.
func (s *Store) ReleaseServers(ctx context.Context, servers []federation.Server) error {
	hosts := make([]string, len(servers))
	for i, f := range servers {
		hosts[i] = f.Host
	}
	_, err := s.pool.Exec(ctx, `update hosts set software_next = '-infinity' where host = any ($1)`, hosts)
	return wrap("release servers", err)
}

// SetSoftware notes what servers run, and that they are asked again at next.
// Once small, a server stays so: everybody takes the compact form.
func (s *Store) SetSoftware(ctx context.Context, servers []federation.Server, next time.Time) error {
	var tags []string
	for _, f := range servers {
		var changed bool
		err := s.pool.QueryRow(ctx, `
			update hosts h set software = $2, small = h.small or $3, software_next = $4
			from (select host, software from hosts where host = $1) old where h.host = old.host
			returning old.software <> $2`, f.Host, f.Software, f.Small, next).Scan(&changed)
		if err != nil {
			return wrap("set software", err)
		}
		if !changed {
			continue
		}
		shown, err := s.pagesOf(ctx, f.Host)
		if err != nil {
			return wrap("set software", err)
		}
		tags = append(tags, shown...)
	}
	s.changed(tags...)
	return nil
}

// pagesOf are the tags of the pages that people of a host have spoken on.
func (s *Store) pagesOf(ctx context.Context, host string) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		select a.id from actors a
		where a.host = $1 and a.kind = 'remote' and exists (select from comments c where c.actor_id = a.id)`, host)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var id uuid.UUID
		err := row.Scan(&id)
		return blog.PageActor(id), err
	})
}
