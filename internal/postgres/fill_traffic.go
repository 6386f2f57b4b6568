package postgres

// What came in: the activity of each comment, and of the last month many more.
// What went out: the newest articles to everybody.
var fillTrafficSteps = []fillStep{
	{"activities of comments", `
		insert into inbound (id, activity_uri, actor, signer, host, type, object_uri, raw, received, signed, attempts, done, outcome)
		overriding system value
		select c.inbound_id, c.object_uri || '/activity', a.uri, a.uri, a.host, 'Create', c.object_uri,
			convert_to(jsonb_build_object('@context', 'https://www.w3.org/ns/activitystreams', 'id', c.object_uri || '/activity', 'type', 'Create', 'actor', a.uri,
				'to', 'https://www.w3.org/ns/activitystreams#Public', 'object', jsonb_build_object('id', c.object_uri, 'type', 'Note', 'attributedTo', a.uri,
				'inReplyTo', c.in_reply_to, 'content', c.html))::text, 'UTF8'),
			c.created, c.created, 1, c.created, 'comment'
		from comments c join actors a on a.id = c.actor_id
		where c.inbound_id is not null
		order by c.inbound_id`, true},
	{"other activities", `
		insert into inbound (id, activity_uri, actor, signer, host, type, object_uri, raw, received, signed, attempts, done, outcome)
		overriding system value
		select i.n + last, x.uri, p.uri, p.uri, p.host, type, '', convert_to('{"@context":"https://www.w3.org/ns/activitystreams","id":"' || x.uri
			|| '","type":"' || type || '","actor":"' || p.uri || '","to":["https://www.w3.org/ns/activitystreams#Public"],"object":"' || p.uri || '/statuses/' || md5(i.n::text)
			|| '","signature":{"type":"RsaSignature2017","signatureValue":"' || repeat(md5(i.n::text), 4) || '"}}', 'UTF8'),
			x.at, x.at, 1, x.at, outcome
		from (select last, held, generate_series(1, @inbound::int - held) as n from (select coalesce(max(id), 0) as last, count(*) as held from inbound) i) i
			join people p on p.n = floor(@people::int * power(pg_temp.share(i.n, 30), 3))::int
			cross join lateral (select (array['Like', 'Like', 'Announce', 'Delete', 'Update'])[1 + i.n % 5] as type,
				(array['like', 'like', 'boost', 'ignored', 'ignored'])[1 + i.n % 5] as outcome,
				p.uri || '#' || i.n as uri, @now::timestamptz - (@inbound::int - held - i.n)::float8 / (@inbound::int - held + 1) * interval '29 days' as at) x`, false},
	{"numbers of activities", `select setval(pg_get_serial_sequence('inbound', 'id'), (select max(id) from inbound))`, true},
	{"ledger", `
		insert into deliveries (activity_id, host, inbox, object_uri, type, state, attempts, next_at, created, last_at, last_status)
		select a.id, h.host, 'https://' || h.host || '/inbox', a.object_uri, 'Create', case when ill and a.age <= 20 then 'waiting' when ill then 'expired' else 'delivered' end,
			case when ill then 9 else 1 end, a.created, a.created, a.created + interval '2 seconds', case when ill then 502 else 202 end
		from (select *, row_number() over (order by id desc) as age from activities) a
			cross join lateral (select host, failures > 0 as ill from hosts) h
		where a.age <= 167`, true},
}

// Everything that grows beside.
var fillOtherSteps = []fillStep{
	{"audit log", `
		insert into audit (id, at, account_id, action, subject)
		select pg_temp.id(at, n, 40), at, (select id from accounts where name = 'penulis-' || 1 + n % 5),
			(array['comment.hide', 'comment.approve', 'article.publish', 'block.add', 'settings.set'])[1 + n % 5], 'https://host-' || n % 1000 || '.invalid/' || n
		from generate_series(1, 40 * @other::int) n, lateral (select @now::timestamptz - n * interval '20 minutes' as at) t`, false},
	{"reports", `
		insert into reports (id, actor_uri, objects, content, created, comments, state, resolved)
		select pg_temp.id(c.created, row_number() over (order by c.created), 41), a.uri, array[c.object_uri], 'Tidak sopan', c.created + interval '1 hour', array[c.id],
			case when row_number() over (order by c.created desc) <= 30 then 'open' else 'resolved' end,
			case when row_number() over (order by c.created desc) <= 30 then null else c.created + interval '2 hours' end
		from comments c join actors a on a.id = c.actor_id where c.inbound_id % 200 = 1`, true},
	{"blocks", `
		insert into blocks (kind, value, reason, created, swept, severity)
		select case when n % 10 = 0 then 'actor' else 'domain' end, case when n % 10 = 0 then 'https://bad-' || n || '.invalid/users/x' else 'bad-' || n || '.invalid' end,
			'spam', @now::timestamptz - n * interval '1 hour', @now::timestamptz - interval '2 hours', case when n % 3 = 0 then 'silence' else 'block' end
		from generate_series(1, @other::int) n`, false},
	{"quotes", `
		insert into quotes (id, object_uri, actor_id, target_uri, owner_id, state, created)
		select pg_temp.id(t.at, i, 42), p.uri || '/quotes/' || i, p.id, w.uri, blog.id, case when i % 100 = 0 then 'waiting' else 'approved' end, t.at
		from generate_series(1, 2 * @other::int) i join written w on w.n = 1 + pg_temp.pick(i, 43, @articles::int) join people p on p.n = i % @people::int
			cross join (select id from actors where kind = 'blog') blog
			cross join lateral (select w.at + interval '1 day' as at) t`, false},
	{"media", `
		insert into media (name, type, width, height, bytes, description, filename, account_id, created)
		select md5('media' || n) || '.webp', 'image/webp', 1200, 800, 90000, 'Foto ' || n, 'foto-' || n || '.jpg', (select id from accounts where name = 'penulis-1'),
			@now::timestamptz - n * interval '4 hours'
		from generate_series(1, 4 * @other::int) n`, false},
	{"remote media", `
		insert into remote_media (id, url, host, server, name, type, width, height, bytes, used)
		select md5('remote' || n)::uuid, 'https://' || host || '/avatars/' || n || '.png', host, host, md5(uri) || '.webp', 'image/webp', 96, 96, 6000,
			@now::timestamptz - pg_temp.pick(n, 44, 20) * interval '1 day'
		from people where n % 4 > 0`, false},
	{"uses of remote media", `insert into remote_media_uses (subject, media_id) select id, md5('remote' || n)::uuid from people where n % 4 > 0`, true},
	{"sessions", `
		insert into sessions (token, data, expiry)
		select md5('session' || n), 'x', @now::timestamptz + n * interval '1 minute' from generate_series(1, @other::int) n`, false},
	{"subscribers", `
		insert into subscribers (id, email, language, weekly, created, confirmed)
		select pg_temp.id(at, n, 45), 'reader-' || n || '@mail.invalid', 'id', n % 2 = 0, at, at
		from generate_series(1, 4 * @other::int) n, lateral (select @now::timestamptz - n * interval '1 hour' as at) t`, false},
	{"issues", `
		insert into issues (id, name, article_id, until, created)
		select pg_temp.id(at, n, 46), 'article:' || id, id, at, at from written where n > @articles::int - 10`, false},
	{"letters", `
		insert into letters (id, issue_id, subscriber_id, state, due, begun, tries, created)
		select gen_random_uuid(), i.id, s.id, 'sent', i.created, i.created, 1, i.created from issues i cross join subscribers s`, true},
}
