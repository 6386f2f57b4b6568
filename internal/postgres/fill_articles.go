package postgres

// Article n of all was published eight hours before the next.
var fillArticleSteps = []fillStep{
	{"texts", `
		create temporary table written on commit drop as
		select n, pg_temp.id(at, n, 5) as id, at, 'artikel-' || n as slug, size,
			@origin || '/ap/objects/' || pg_temp.id(at, n, 6) as uri,
			(select id from accounts where name = 'penulis-' || 1 + n % 5) as writer,
			array['kopi', 'tag-' || floor(300 * power(pg_temp.share(n, 7), 2))::int] as tags,
			(select string_agg(said, '. ' order by w) from generate_series(1, 25) w join sentences on sentences.n = pg_temp.pick(s.n * 1000 + w, 8, 4000)) as text
		from unnest(@sizes::int[]) with ordinality s (size, n),
			lateral (select @now::timestamptz - (@articles::int - n + 1) * interval '8 hours' as at) t`, false},
	{"articles by number", `create unique index on written (n); analyze written`, true},
	{"articles", `
		insert into articles (id, object_uri, slug, status, title, excerpt, markdown, html, text, words, language, tags, tag_keys, actor_id, account_id,
			authors, created, changed, published, updated, likes, boosts, comments, series, series_key, part)
		select w.id, w.uri, w.slug, 'published', initcap(left(w.text, 40)) || ' ' || w.n, left(w.text, 160), w.text, '<p>' || w.text || '</p>', w.text, 300,
			case when w.n % 3 = 0 then 'en' else 'id' end, w.tags, w.tags, blog.id, w.writer, array[w.writer], w.at - interval '1 hour', w.at, w.at,
			case when w.n % 5 = 0 then w.at + interval '1 day' end, 0, 0, 0,
			case when w.n % 10 = 0 then 'Seri ' || w.n / 100 else '' end, case when w.n % 10 = 0 then 'seri ' || w.n / 100 else '' end, (w.n % 100 / 10)::int
		from written w, (select id from actors where kind = 'blog') blog
		order by w.n`, false},
	{"drafts", `
		insert into articles (id, slug, status, title, excerpt, markdown, html, text, words, language, actor_id, account_id, authors, created, changed)
		select pg_temp.id(w.at, w.n, 9), 'konsep-' || w.n, 'draft', 'Konsep ' || w.n, '', w.text, '<p>' || w.text || '</p>', w.text, 300, 'id', blog.id, w.writer,
			array[w.writer], w.at, w.at
		from written w, (select id from actors where kind = 'blog') blog where w.n % 20 = 0`, false},
	{"slugs", `insert into slugs (slug, article_id, created) select slug, id, created from articles`, true},
	{"revisions", `
		insert into revisions (article_id, number, title, summary, markdown, html, language, tags, account_id, created, public)
		select id, 1, title, summary, markdown, html, language, tags, account_id, created, status = 'published' from articles`, true},
	{"objects", `insert into objects (id, kind, subject, published) select uri, 'article', id, at from written`, true},
	{"activities", `
		insert into activities (id, uri, actor_id, type, object_uri, json, listed, created)
		select pg_temp.id(w.at, w.n, 10), @origin || '/ap/activities/' || pg_temp.id(w.at, w.n, 10), blog.id, 'Create', w.uri,
			convert_to(jsonb_build_object('@context', 'https://www.w3.org/ns/activitystreams', 'id', @origin || '/ap/activities/' || pg_temp.id(w.at, w.n, 10),
				'type', 'Create', 'actor', blog.uri, 'to', jsonb_build_array('https://www.w3.org/ns/activitystreams#Public'), 'object', jsonb_build_object('id', w.uri, 'type', 'Article', 'attributedTo', blog.uri, 'content', w.text))::text, 'UTF8'),
			true, w.at
		from written w, (select id, uri from actors where kind = 'blog') blog
		order by w.n`, false},
	{"crawls", `insert into crawls (article_id, last_at, step, found) select id, at + interval '1 day', 9, 0 from written`, true},
	{"views", `
		insert into views (day, page, referrer, views, visitors)
		select (@now::timestamptz)::date - (i * 3 + pg_temp.pick(w.n, 11, 3))::int, w.id::text,
			(array['', 'mastodon.invalid', 'search.invalid', 'kabar.invalid', 'forum.invalid'])[1 + i % 5], 1 + pg_temp.pick(w.n * 100 + i, 12, 90), 1
		from written w, generate_series(0, @views::int - 1) i
		union all
		select (@now::timestamptz)::date - i, 'front', '', 50 + i, 20 from generate_series(0, 364) i`, false},
	{"periods of views", `select move_views(max(day) + 1) from views`, true},
}
