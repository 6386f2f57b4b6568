package faults

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"kabar/internal/postgres"
	"kabar/internal/program"
	"kabar/migrations"
)

// oldSchema is that of the first version that had conversations, and filled what
// a blog of some years has.
const oldSchema = 8

// TestMigrateKilled kills the program while it brings a filled database to its
// schema, again and again. In the end everything is there.
func TestMigrateKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv("KABAR_FAULTS") == "" {
		t.Skip("make faults runs it")
	}
	for round := range rounds() {
		name := "kill -9 while migrating"
		t.Run(fmt.Sprint(round+1), func(t *testing.T) {
			t.Parallel()
			tr := newTrial(t, seed(name, round))
			outside(tr)
			t.Cleanup(tr.stop)
			report(name, tr.migrate())
		})
	}
}

func (tr *trial) migrate() tally {
	pool := tr.pool()
	must(tr.t, older(tr.t.Context(), pool))
	rows := tr.fill(pool)
	kills := 0
	for p := tr.begun(); ; p = tr.begun() {
		// Each time it lives a little longer, so that every step is met.
		select {
		case <-p.Ended():
			tr.t.Fatalf("it gave up:\n%s", p.Output())
		case <-time.After(time.Duration(50+40*kills)*time.Millisecond + tr.upTo(60*time.Millisecond)):
		}
		version, err := migrations.Version(tr.t.Context(), pool)
		must(tr.t, err)
		must(tr.t, p.Signal(syscall.SIGKILL))
		_, err = p.Wait()
		must(tr.t, err)
		if kills++; version == newest(tr.t) {
			break
		}
	}
	tr.start()
	result := tally{acknowledged: rows}
	var there int
	must(tr.t, pool.QueryRow(tr.t.Context(), `select (select count(*) from comments) + (select count(*) from reactions)`).Scan(&there))
	result.lost, result.doubled = max(rows-there, 0), max(there-rows, 0)
	store, err := postgres.Open(tr.t.Context(), tr.database)
	must(tr.t, err)
	defer store.Close()
	wrong, err := store.Recount(tr.t.Context())
	must(tr.t, err)
	if result.lost+result.doubled+len(wrong) > 0 {
		tr.t.Errorf("%d of %d rows are there; %v", there, rows, wrong)
	}
	tr.t.Logf("seed %d, killed %d times", firstSeed(), kills)
	return result
}

// begun starts the program, and does not wait.
func (tr *trial) begun() *program.Process {
	tr.t.Helper()
	p, err := program.Start(tr.env, nil, "serve")
	must(tr.t, err)
	return p
}

// newest is the number of the last migration there is.
func newest(t *testing.T) int64 {
	t.Helper()
	files, err := filepath.Glob("../../migrations/*.sql")
	must(t, err)
	number, _, _ := strings.Cut(filepath.Base(slices.Max(files)), "_")
	version, err := strconv.ParseInt(number, 10, 64)
	must(t, err)
	return version
}

// older brings an empty database to the old schema.
func older(ctx context.Context, pool *pgxpool.Pool) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("../../migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, oldSchema)
	return err
}

// fill writes an article with a large conversation, and returns how many rows
// have to be there in the end.
func (tr *trial) fill(pool *pgxpool.Pool) int {
	tr.t.Helper()
	const people, comments = 500, 40_000
	for _, statement := range []string{
		`insert into actors (id, uri, kind, type, handle, domain, created)
			values ('00000000-0000-7000-8000-000000000001', '` + tr.url + `/ap/actors/1', 'blog', 'Person', 'blog', 'b.test', now())`,
		`insert into actors (id, uri, kind, type, handle, domain, created)
			select gen_random_uuid(), 'https://s' || n % 50 || '.test/u' || n, 'remote', 'Person', 'u' || n, 's' || n % 50 || '.test', now()
			from generate_series(1, ` + fmt.Sprint(people) + `) n`,
		`insert into followers (target_id, actor_id, follow_uri, created)
			select '00000000-0000-7000-8000-000000000001', id, uri || '#follow', now() from actors where kind = 'remote'`,
		`insert into articles (id, object_uri, slug, status, title, markdown, html, text, language, tags, tag_keys, actor_id,
				created, changed, published, likes, comments)
			select gen_random_uuid(), '` + tr.url + `/ap/objects/' || n, 'kabar-' || n, 'published', 'Kabar ' || n, 'Isi.', '<p>Isi.</p>',
				'Isi.', 'id', '{Kopi}', '{kopi}', '00000000-0000-7000-8000-000000000001', now(), now(), now(), 0, 0
			from generate_series(1, 200) n`,
		`insert into comments (id, object_uri, article_id, in_reply_to, actor_id, html, text, visibility, state, published, created)
			select gen_random_uuid(), 'https://far.test/' || n, a.id, a.object_uri,
				(select id from actors where uri = 'https://s' || (n % 500 + 1) % 50 || '.test/u' || n % 500 + 1), '<p>Ya.</p>', 'Ya.', 'public', 'visible', now(), now()
			from generate_series(1, ` + fmt.Sprint(comments) + `) n join articles a on a.slug = 'kabar-' || n % 200 + 1`,
		`update comments set root_id = id`,
		`insert into reactions (id, kind, actor_id, article_id, object_uri, activity_uri, created)
			select gen_random_uuid(), 'like', p.id, a.id, a.object_uri, p.uri || '#like' || a.slug, now()
			from actors p, articles a where p.kind = 'remote' and a.slug like '%5'`,
		`update articles a set comments = (select count(*) from comments c where c.article_id = a.id),
			likes = (select count(*) from reactions r where r.article_id = a.id)`,
	} {
		_, err := pool.Exec(tr.t.Context(), statement)
		must(tr.t, err)
	}
	var rows int
	must(tr.t, pool.QueryRow(tr.t.Context(), `select (select count(*) from comments) + (select count(*) from reactions)`).Scan(&rows))
	return rows
}
