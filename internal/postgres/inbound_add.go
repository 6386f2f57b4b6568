package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// AddInbound puts an activity on disk, with those that come at the same time in
// one statement, since every answer of 202 waits for it; the same statement
// looks at the blocks. A known one is taken again if it follows who is not
// followed, or ends a follow that is there.
func (s *Store) AddInbound(ctx context.Context, in federation.Inbound, domains []string) error {
	return wrap("add inbound", s.arriving.add(ctx, arrival{in, domains}))
}

// arrival is an activity with the domains by which it may be blocked.
type arrival struct {
	federation.Inbound
	domains []string
}

// maxArrivals is how many activities are put on disk in one statement.
const maxArrivals = 100

// addInbound writes activities of different ids, in the order of these: two
// nodes that write the same ones wait for each other and never deadlock.
func (s *Store) addInbound(ctx context.Context, list []arrival) ([]error, error) {
	rows, err := s.pool.Query(ctx, `
		with arrived as (
			select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::bytea[],
				$9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[])
			with ordinality as a (activity_uri, actor, signer, host, type, object_uri, forwarded, raw, received, signed, content_type, domains, place)
		), blocked as (
			select place from arrived a
			where exists (
				select from blocks b
				where b.severity = 'block' and b.kind = 'actor' and b.value in (a.actor, a.signer)
			) or exists (
				select from blocks b
				where b.severity = 'block' and b.kind = 'domain' and b.value = any (string_to_array(a.domains, ' '))
			) or `+allowListed+` and not exists (
				select from blocks b
				where b.severity = 'allow' and b.kind = 'domain' and b.value = any (string_to_array(a.domains, ' ')))
		), added as (
			insert into inbound (
				activity_uri, actor, signer, host, type, object_uri, forwarded, raw, received, next_at, signed, content_type)
			select activity_uri, actor, signer, host, type, object_uri, forwarded, raw, received, received, signed, content_type
			from arrived where place not in (select place from blocked)
			order by activity_uri
			-- Misskey gives each Follow of one person by another, and its Undo, the
			-- same id as the time before. The very same request again is none of that.
			on conflict (activity_uri) do update set
				raw = excluded.raw, signed = excluded.signed, received = excluded.received, next_at = excluded.next_at,
				done = null, attempts = 0, outcome = '', detail = ''
			where inbound.done is not null and inbound.signed < excluded.signed and inbound.actor = excluded.actor and inbound.type = excluded.type
				and inbound.type = case when exists (
					select from followers f
					join actors a on a.id = f.actor_id
					join actors ours on ours.id = f.target_id
					where a.uri = excluded.actor and excluded.object_uri in (f.follow_uri, ours.uri))
				then 'Undo' else 'Follow' end
		)
		select place from blocked`, arrivalColumns(list)...)
	if err != nil {
		return nil, err
	}
	each := make([]error, len(list))
	var place int
	_, err = pgx.ForEachRow(rows, []any{&place}, func() error {
		each[place-1] = blog.ErrForbidden
		return nil
	})
	return each, err
}

// arrivalColumns are the columns of activities, each a list.
func arrivalColumns(list []arrival) []any {
	n := len(list)
	uris, actors, signers, hosts := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	types, objects, contentTypes, domains := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	forwarded, raws := make([]bool, n), make([][]byte, n)
	received, signed := make([]time.Time, n), make([]time.Time, n)
	for i, in := range list {
		uris[i], actors[i], signers[i], hosts[i] = in.ActivityURI, in.Actor, in.Signer, in.Host
		types[i], objects[i], contentTypes[i], domains[i] = in.Type, in.ObjectURI, in.ContentType, strings.Join(in.domains, " ")
		forwarded[i], raws[i], received[i], signed[i] = in.Forwarded, in.Raw, in.Received, in.Signed
	}
	return []any{uris, actors, signers, hosts, types, objects, forwarded, raws, received, signed, contentTypes, domains}
}
