package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// FollowerServers returns the servers with the most followers, those first,
// and how many servers there are in all.
func (s *Store) FollowerServers(ctx context.Context, limit int) (servers []blog.ServerFollowers, total int, err error) {
	rows, err := s.pool.Query(ctx, `
		select s.domain, coalesce(h.software, ''), s.followers, `+kept("servers", ofBlog)+`
		from follower_servers s left join hosts h on h.host = s.host
		where s.followers > 0
		order by s.followers desc, s.domain
		limit $1`, limit)
	if err != nil {
		return nil, 0, wrap("count servers of followers", err)
	}
	servers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f blog.ServerFollowers, err error) {
		err = row.Scan(&f.Domain, &f.Software, &f.Followers, &total)
		return f, err
	})
	return servers, total, wrap("count servers of followers", err)
}

// FollowersByHost counts the followers that each of these hosts, as they stand
// in the ledger, delivers to.
func (s *Store) FollowersByHost(ctx context.Context, hosts []string) (map[string]int, error) {
	rows, err := s.pool.Query(ctx, `
		select h.host, found.n
		from unnest($1::text[]) h (host) cross join lateral (
			select count(*) as n from actors a
			where a.kind = 'remote' and substring(coalesce(nullif(a.shared_inbox, ''), a.inbox) from '^https?://([^/?#]+)') = h.host
			  and exists (select from followers f where f.actor_id = a.id)) found
		where found.n > 0`, slices.Compact(slices.Sorted(slices.Values(hosts))))
	if err != nil {
		return nil, wrap("count followers by host", err)
	}
	counts := map[string]int{}
	var host string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&host, &n}, func() error {
		counts[host] = n
		return nil
	})
	return counts, wrap("count followers by host", err)
}
