package migrations_test

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/postgres"
	"kabar/migrations"
)

// aBlog is a small blog as the first schema can hold it: a comment with an
// answer, a follower, what was sent and what came in.
const aBlog = `
	insert into settings (key, value) values ('origin', '"https://b.test"'), ('title', '"Kabar"'), ('handle', '"blog"');
	insert into accounts (id, name, role, created) values ('00000000-0000-7000-8000-0000000000a1', 'ratri', 'owner', '2026-01-01');
	insert into actors (id, uri, kind, type, handle, domain, name, private_key, inbox, created, fetched) values
		('00000000-0000-7000-8000-0000000000b1', 'https://b.test/ap/actors/1', 'blog', 'Person', 'blog', 'b.test', 'Kabar', 'pem', '', '2026-01-01', null),
		('00000000-0000-7000-8000-0000000000b2', 'https://a.test/u/ann', 'remote', 'Person', 'ann', 'a.test', 'Ann', '', 'https://a.test/inbox', '2026-01-01', '2026-01-01');
	insert into objects (id, kind, subject, published) values
		('https://b.test/ap/objects/1', 'article', '00000000-0000-7000-8000-0000000000c1', '2026-01-02'),
		('https://a.test/n/1', 'comment', '00000000-0000-7000-8000-0000000000d1', '2026-01-03');
	insert into articles (id, object_uri, slug, status, title, markdown, html, text, words, language, tags, tag_keys, actor_id, account_id, created, changed, published, likes, comments)
		values ('00000000-0000-7000-8000-0000000000c1', 'https://b.test/ap/objects/1', 'kopi', 'published', 'Kopi', 'Teks.', '<p>Teks.</p>', 'Teks.', 1, 'id', '{Kopi}', '{kopi}',
			'00000000-0000-7000-8000-0000000000b1', '00000000-0000-7000-8000-0000000000a1', '2026-01-02', '2026-01-02', '2026-01-02', 1, 2);
	insert into slugs (slug, article_id) values ('kopi', '00000000-0000-7000-8000-0000000000c1');
	insert into revisions (article_id, number, title, summary, markdown, html, language, tags, created)
		values ('00000000-0000-7000-8000-0000000000c1', 1, 'Kopi', '', 'Teks.', '<p>Teks.</p>', 'id', '{Kopi}', '2026-01-02');
	insert into comments (id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, html, text, visibility, state, published, created) values
		('00000000-0000-7000-8000-0000000000d1', 'https://a.test/n/1', '00000000-0000-7000-8000-0000000000c1', null, '00000000-0000-7000-8000-0000000000d1', 0,
			'https://b.test/ap/objects/1', '00000000-0000-7000-8000-0000000000b2', '<p>Satu</p>', 'Satu', 'public', 'visible', '2026-01-03', '2026-01-03'),
		('00000000-0000-7000-8000-0000000000d2', 'https://a.test/n/2', '00000000-0000-7000-8000-0000000000c1', '00000000-0000-7000-8000-0000000000d1', '00000000-0000-7000-8000-0000000000d1', 1,
			'https://a.test/n/1', '00000000-0000-7000-8000-0000000000b2', '<p>Dua</p>', 'Dua', 'public', 'visible', '2026-01-04', '2026-01-04');
	insert into reactions (id, kind, actor_id, article_id, object_uri, activity_uri, created) values ('00000000-0000-7000-8000-0000000000e1', 'like',
		'00000000-0000-7000-8000-0000000000b2', '00000000-0000-7000-8000-0000000000c1', 'https://b.test/ap/objects/1', 'https://a.test/like/1', '2026-01-03');
	insert into followers (target_id, actor_id, follow_uri, created)
		values ('00000000-0000-7000-8000-0000000000b1', '00000000-0000-7000-8000-0000000000b2', 'https://a.test/follow/1', '2026-01-02');
	insert into activities (id, uri, actor_id, type, object_uri, json, listed, created) values ('00000000-0000-7000-8000-0000000000f1', 'https://b.test/ap/activities/1',
		'00000000-0000-7000-8000-0000000000b1', 'Create', 'https://b.test/ap/objects/1', '{}', true, '2026-01-02');
	insert into hosts (host, next_at) values ('a.test', '2026-01-02');
	insert into deliveries (activity_id, host, inbox, object_uri, type, next_at, created)
		values ('00000000-0000-7000-8000-0000000000f1', 'a.test', 'https://a.test/inbox', 'https://b.test/ap/objects/1', 'Create', '2026-01-02', '2026-01-02');
	insert into inbound (activity_uri, actor, signer, host, type, raw, received, next_at)
		values ('https://a.test/like/2', 'https://a.test/u/ann', 'https://a.test/u/ann', 'a.test', 'Like', '{}', '2026-01-05', '2026-01-05');
	insert into media (name, type, created) values ('aa.webp', 'image/webp', '2026-01-02');
	insert into blocks (kind, value, created) values ('domain', 'bad.test', '2026-01-02');
	insert into audit (id, at, action) values ('00000000-0000-7000-8000-000000000011', '2026-01-02', 'article.create')`

// kept is what must be there whatever schema the blog comes from.
const kept = `
	select (select string_agg(slug || ' ' || title || ' ' || likes || ' ' || comments, ',') from articles) || '|' ||
		(select string_agg(text || ' ' || depth || ' ' || state, ',' order by id) from comments) || '|' ||
		(select count(*) || ' followers' from followers) || '|' || (select count(*) || ' reactions' from reactions) || '|' ||
		(select string_agg(type || ' ' || state, ',') from deliveries) || '|' || (select string_agg(type, ',') from inbound where next_at is not null) || '|' ||
		(select string_agg(private_key, ',' order by id) from actors where kind = 'blog') || '|' || (select string_agg(name, ',') from media) || '|' ||
		(select string_agg(kind || ' ' || value, ',') from blocks) || '|' || (select string_agg(action, ',') from audit) || '|' ||
		(select string_agg(name || ' ' || role, ',') from accounts)`

// TestUpgrade brings a blog of each schema there ever was to the present one,
// which is then the same as a fresh one, and loses nothing.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	root := empty(t)
	fresh := database(t, root, "fresh")
	check(t, migrations.Up(t.Context(), fresh))
	want := schema(t, fresh)
	for _, version := range versions(t) {
		pool := database(t, root, fmt.Sprint("v", version))
		check(t, migrations.UpTo(t.Context(), pool, version))
		if _, err := pool.Exec(t.Context(), aBlog); err != nil {
			t.Fatalf("a blog in schema %d: %v", version, err)
		}
		if err := migrations.Up(t.Context(), pool); err != nil {
			t.Errorf("from schema %d: %v", version, err)
			continue
		}
		if diff := gocmp.Diff(want, schema(t, pool)); diff != "" {
			t.Errorf("the schema that comes from %d is another: %s", version, diff)
		}
		var got string
		check(t, pool.QueryRow(t.Context(), kept).Scan(&got))
		if want := "kopi Kopi 1 2|Satu 0 visible,Dua 1 visible|1 followers|1 reactions|Create waiting|Like|pem|aa.webp|domain bad.test|article.create|ratri owner"; got != want {
			t.Errorf("from schema %d: %s", version, gocmp.Diff(want, got))
		}
		recounted(t, pool, version)
	}
}

// recounted looks whether what later schemas count was counted.
func recounted(t *testing.T, pool *pgxpool.Pool, version int64) {
	t.Helper()
	store, err := postgres.Open(t.Context(), pool.Config().ConnString())
	check(t, err)
	defer store.Close()
	wrong, err := store.Recount(t.Context())
	check(t, err)
	if len(wrong) > 0 {
		t.Errorf("from schema %d: %v", version, wrong)
	}
}

// database makes a database beside that of root.
func database(t *testing.T, root *pgxpool.Pool, name string) *pgxpool.Pool {
	t.Helper()
	_, err := root.Exec(t.Context(), "create database "+pgx.Identifier{name}.Sanitize())
	check(t, err)
	at, err := url.Parse(root.Config().ConnString())
	check(t, err)
	at.Path = "/" + name
	pool, err := pgxpool.New(t.Context(), at.String())
	check(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// versions are the numbers of all migrations.
func versions(t *testing.T) (numbers []int64) {
	t.Helper()
	files, err := os.ReadDir(".")
	check(t, err)
	for _, file := range files {
		if number, ok := strings.CutSuffix(file.Name(), ".sql"); ok {
			n, err := strconv.ParseInt(number[:5], 10, 64)
			check(t, err)
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, cmp.Compare)
	return numbers
}

// schema is everything in a database that is no row, a line each.
func schema(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `
		select format('column %s.%s %s null %s default %s generated %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
				pg_get_expr(d.adbin, d.adrelid), a.attgenerated)
		from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
		union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
		union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
			where connamespace = 'public'::regnamespace
		union all select format('trigger %s %s', tgenabled, pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
			where not tgisinternal and c.relnamespace = 'public'::regnamespace
		union all select format('function %s %s', oid::regprocedure, md5(prosrc)) from pg_proc where pronamespace = 'public'::regnamespace
		union all select format('options %s %s', relname, reloptions) from pg_class where relnamespace = 'public'::regnamespace and reloptions is not null
		order by 1`)
	check(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return lines
}
