package migrations_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/migrations"
)

// owned is an empty database as a managed server may give it: its role owns the
// tables, and may not install extensions.
func owned(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := empty(t)
	_, err := pool.Exec(t.Context(), `
		create role tenant login;
		grant create on schema public to tenant`)
	check(t, err)
	config := pool.Config().Copy()
	config.ConnConfig.User = "tenant"
	tenant, err := pgxpool.NewWithConfig(t.Context(), config)
	check(t, err)
	t.Cleanup(tenant.Close)
	return tenant
}

func TestSearchWithAndWithoutExtension(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   func(*testing.T) *pgxpool.Pool
		want []string
	}{
		{"a role that may install it", empty, []string{"pg_trgm", "search_words_like", "slugs_like"}},
		{"a role that may not", owned, []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pool := test.in(t)
			check(t, migrations.Up(context.Background(), pool))
			got := []string{}
			check(t, pool.QueryRow(t.Context(), `
				select coalesce(array_agg(name order by name), '{}') from (
					select extname::text as name from pg_extension where extname = 'pg_trgm'
					union all select indexname::text from pg_indexes where indexname in ('search_words_like', 'slugs_like')) found`).Scan(&got))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What was published before there was a search is found.
func TestSearchOfWhatIsThere(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	check(t, migrations.Up(t.Context(), pool))
	_, err := pool.Exec(t.Context(), `
		insert into actors (id, uri, kind, type, created) values (gen_random_uuid(), 'x', 'blog', 'Person', now());
		insert into articles (id, slug, status, title, markdown, html, text, language, actor_id, created, changed, published)
		select gen_random_uuid(), s, s, 'Kopi', '', '', 'pagi', 'id', actors.id, now(), now(), now()
		from actors, unnest(array['published', 'draft', 'deleted']) s`)
	check(t, err)
	down, up := sections(t, "00019_search.sql")
	for _, script := range []string{down, up} {
		_, err := pool.Exec(t.Context(), script)
		check(t, err)
	}
	var found int
	check(t, pool.QueryRow(t.Context(), `
		select count(*) from search_documents where (head || body) @@ to_tsquery('indonesian', 'kopi & pagi')`).Scan(&found))
	if found != 1 {
		t.Errorf("found %d", found)
	}
}

// sections are the two parts of a migration.
func sections(t *testing.T, name string) (down, up string) {
	t.Helper()
	file, err := os.ReadFile(name)
	check(t, err)
	up, down, _ = strings.Cut(string(file), "-- +goose Down")
	return down, up
}
