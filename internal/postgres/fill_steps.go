package postgres

// fillStep is one statement. A plain one takes no arguments and may be several.
type fillStep struct {
	name  string
	sql   string
	plain bool
}

func fillSteps() []fillStep {
	steps := []fillStep{{"chance", fillChance, true}}
	steps = append(steps, fillPeopleSteps...)
	steps = append(steps, fillArticleSteps...)
	steps = append(steps, fillConversationSteps...)
	steps = append(steps, fillTrafficSteps...)
	return append(steps, fillOtherSteps...)
}

// fillChance is what everything hangs on. For a number and a salt, pick is a
// number from 0 to below, share one from 0 to 1, id a UUID of a time (version 7).
const fillChance = `
	set local statement_timeout = 0;
	set local idle_in_transaction_session_timeout = 0;
	set local work_mem = '64MB';
	create function pg_temp.pick(n bigint, salt integer, below bigint) returns bigint immutable language sql as
		'select (hashint8extended(n, SEED * 1000 + salt) & 9223372036854775807) % below';
	create function pg_temp.share(n bigint, salt integer) returns double precision immutable language sql as
		'select (hashint8extended(n, SEED * 1000 + salt) & 4294967295) / 4294967296.0::float8';
	create function pg_temp.id(at timestamptz, n bigint, salt integer) returns uuid immutable language sql as
		$$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(m, 1, 3) || '8' || substr(m, 4, 15))::uuid
		   from md5(concat(SEED, ' ', salt, ' ', n)) m $$;`

// Of a person the number says everything else: who is n of people.
var fillPeopleSteps = []fillStep{
	{"sentences", `
		create temporary table sentences on commit drop as
		select n - 1 as n, said from unnest(@sentences::text[]) with ordinality s (said, n)`, false},
	{"sentences by number", `create unique index on sentences (n); analyze sentences`, true},
	{"accounts", `
		insert into accounts (id, name, role, created, public, display_name)
		select pg_temp.id(@now::timestamptz - interval '10 years', n, 1), 'penulis-' || n, case n when 1 then 'owner' else 'author' end,
			@now::timestamptz - interval '10 years', true, 'Penulis ' || n
		from generate_series(1, 5) n`, false},
	{"people", `
		create temporary table people on commit drop as
		select n, pg_temp.id(at, n, 2) as id, at, host, 'https://' || host || '/users/u' || n as uri
		from generate_series(0, @people::int - 1) n,
			lateral (select @now::timestamptz - (@people::int - n) * interval '30 minutes' as at,
				'host-' || floor(@hosts::int * power(pg_temp.share(n, 3), 2))::int || '.invalid' as host) p`, false},
	{"people by number", `create unique index on people (n); analyze people`, true},
	{"actors", `
		insert into actors (id, uri, kind, type, handle, domain, name, summary, url, avatar_url, avatar, inbox, shared_inbox, outbox, followers,
			created, fetched, avatar_tried)
		select id, uri, 'remote', 'Person', 'u' || n, host, 'Orang ' || n, '<p>Menulis dari ' || host || '</p>', 'https://' || host || '/@u' || n,
			'https://' || host || '/avatars/' || n || '.png', case when n % 4 > 0 then md5(uri) || '.webp' else '' end, uri || '/inbox',
			'https://' || host || '/inbox', uri || '/outbox', uri || '/followers', at, at + interval '1 day', at
		from people`, false},
	{"keys", `
		insert into keys (id, actor_uri, pem, fetched)
		select uri || '#main-key', uri, repeat(md5(uri), 14), at from people`, false},
	{"hosts", `
		insert into hosts (host, signature, software, software_next, failures, next_at, paused_until, failing_since, last_success, last_status, seen)
		select 'host-' || n || '.invalid', 'cavage', 'mastodon', @now::timestamptz + pg_temp.pick(n, 4, 1000) * interval '10 minutes', case when ill then 9 else 0 end,
			case when ill then @now::timestamptz + interval '5 hours' end, case when ill then @now::timestamptz + interval '5 hours' end,
			case when ill then @now::timestamptz - interval '2 days' end, @now::timestamptz - interval '3 days', case when ill then 502 else 202 end,
			@now::timestamptz - interval '3 years'
		from generate_series(0, @hosts::int - 1) n, lateral (select n % 50 = 49 as ill) i`, false},
	{"followers", `
		insert into followers (target_id, actor_id, follow_uri, created)
		select blog.id, p.id, p.uri || '#follow', p.at
		from people p, (select id from actors where kind = 'blog') blog
		where p.n < @follow::int`, false},
}
