package postgres

// Comment n of all is the k-th of its article. A block of them hangs together
// as parents, depths and roots say.
var fillConversationSteps = []fillStep{
	{"conversations", `
		create temporary table said on commit drop as
		select before + k as n, a.n as article, k, before + k - j + nullif((@parents::int[])[j + 1], -1) as parent,
			(@depths::int[])[j + 1] as depth, before + k - j + (@roots::int[])[j + 1] as root,
			a.at + power((k + 1)::float8 / (a.size + 1), 2) * least(@now::timestamptz - a.at, interval '60 days') as at,
			j % 25 <> 24 as shown, k % 50 = 7 as ours
		from (select n, at, size, sum(size) over (order by n) - size as before from written) a,
			generate_series(0, a.size - 1) k, lateral (select k % @block::int as j) b`, false},
	{"comments by number", `create unique index on said (n); analyze said`, true},
	{"answers", `
		create temporary table answered on commit drop as
		select parent as n, count(*)::int as answers from said where shown and parent is not null group by 1`, true},
	{"without triggers", `analyze answered; alter table comments disable trigger user`, true},
	{"comments", `
		insert into comments (id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, account_id, local, html, text, policy, language,
			url, visibility, state, published, created, changed, inbound_id, likes, answers)
		select c.id, c.uri, case when not private then w.id end, case when not private then above.id end, case when not private then below.id end,
			case when private then 0 else s.depth end, coalesce(above.uri, w.uri), case when s.ours then blog.id else p.id end, case when s.ours then w.writer end, s.ours,
			'<p>' || said || '</p>', said, @policy::int, 'id', c.uri, case when private then 'direct' else 'public' end,
			case when s.shown or private then 'visible' else (array['waiting', 'hidden', 'spam', 'waiting'])[1 + pg_temp.pick(s.n, 20, 4)] end,
			s.at, s.at, s.at, case when not s.ours then s.n + 1 end, case when s.n % 3 = 0 then 1 else 0 end, coalesce(a.answers, 0)
		from said s
			join written w on w.n = s.article
			join people p on p.n = floor(@people::int * power(pg_temp.share(s.n, 21), 2))::int
			left join said up on up.n = s.parent
			left join said top on top.n = s.root
			left join answered a on a.n = s.n
			cross join (select id, uri from actors where kind = 'blog') blog
			cross join lateral (select pg_temp.id(s.at, s.n, 22) as id, case when s.ours then @origin || '/ap/objects/' || pg_temp.id(s.at, s.n, 22)
				else p.uri || '/statuses/' || s.n end as uri, not s.shown and not s.ours and s.n % 5 = 4 as private) c
			cross join lateral (select pg_temp.id(up.at, up.n, 22) as id, null::text as uri where up.n is not null
				union all select null, null where up.n is null) above
			cross join lateral (select pg_temp.id(top.at, top.n, 22) as id) below
			join sentences t on t.n = pg_temp.pick(s.n, 23, 4000)
		order by s.n`, false},
	{"with triggers", `alter table comments enable trigger user; analyze comments`, true},
	{"objects of comments", `insert into objects (id, kind, subject, published) select object_uri, 'comment', id, published from comments where local`, true},
	{"deleted objects", `
		insert into objects (id, kind, deleted)
		select 'https://host-' || n % @hosts::int || '.invalid/deleted/' || n, 'unknown', @now::timestamptz - n * interval '10 minutes'
		from generate_series(1, 20 * @other::int) n`, false},
	{"likes and boosts", `
		insert into reactions (id, kind, actor_id, article_id, object_uri, activity_uri, created)
		select pg_temp.id(c.at, w.n * 1000000 + i * 10 + tenths, 24), kind, p.id, w.id, w.uri, p.uri || '/' || kind || '/' || w.n, c.at
		from written w cross join (values ('like', 7), ('boost', 2)) k (kind, tenths)
			cross join lateral generate_series(1, least(w.size * tenths / 10, @people::int)) i
			join people p on p.n = (pg_temp.pick(w.n, 25, @people::int) + i) % @people::int
			cross join lateral (select w.at + pg_temp.share(w.n * 100000 + i, 26) * (@now::timestamptz - w.at) as at) c`, false},
	{"likes of comments", `
		insert into reactions (id, kind, actor_id, comment_id, object_uri, activity_uri, created)
		select pg_temp.id(s.at, s.n, 27), 'like', p.id, c.id, c.object_uri, p.uri || '/likes/c' || s.n, s.at + interval '1 minute'
		from said s join comments c on c.id = pg_temp.id(s.at, s.n, 22) join people p on p.n = (s.n * 7) % @people::int
		where s.n % 3 = 0`, false},
	{"counters", `
		with heard as (
			select article_id, count(*)::int as n from comments
			where state = 'visible' and visibility in ('public', 'unlisted') group by 1
		), liked as (
			select article_id, count(*) filter (where kind = 'like')::int as likes, count(*) filter (where kind = 'boost')::int as boosts
			from reactions where article_id is not null group by 1
		)
		update articles a set comments = coalesce(h.n, 0), likes = coalesce(l.likes, 0), boosts = coalesce(l.boosts, 0)
		from written w left join heard h on h.article_id = w.id left join liked l on l.article_id = w.id
		where a.id = w.id`, true},
	{"comments by state", `
		insert into comment_counts (state, slot, comments) select state, 0, count(*) from comments group by state`, true},
	{"numbers", `
		insert into counts (what, of, slot, n) select what, of, 0, count(*) from comments c, counted(c) group by 1, 2`, true},
	{"verdicts", `
		insert into comment_history (comment_id, at, account_id, was, state)
		select id, created + interval '1 hour', null, 'waiting', state from comments where state <> 'visible'`, true},
	{"versions", `
		insert into comment_versions (comment_id, number, html, text, warning, attachments, language, at)
		select id, 1, html, text, '', '[]', 'id', created from comments where inbound_id % 50 = 0`, true},
}
