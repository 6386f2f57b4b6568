package migrations_test

import (
	"context"
	"errors"
	"testing"

	"kabar/internal/pgserver"
	"kabar/migrations"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
)

// empty is a database without any schema.
func empty(t *testing.T) *pgxpool.Pool {
	t.Helper()
	s, err := pgserver.Start(t.Context(), pgserver.Options{Dir: t.TempDir(), Unsafe: true})
	check(t, err)
	t.Cleanup(func() { check(t, s.Stop(context.Background())) })
	pool, err := pgxpool.New(t.Context(), s.URL())
	check(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUpByNodesThatStartAtOnce(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	results := make(chan error)
	const nodes = 4
	for range nodes {
		go func() { results <- migrations.Up(context.Background(), pool) }()
	}
	for range nodes {
		check(t, <-results)
	}

	want := []string{"articles", "deliveries", "inbound", "river_job", "sessions"}
	rows, err := pool.Query(t.Context(), `
		SELECT tablename FROM pg_tables
		WHERE schemaname = 'public' AND tablename = ANY ($1) ORDER BY 1`, want)
	check(t, err)
	var got []string
	for rows.Next() {
		var name string
		check(t, rows.Scan(&name))
		got = append(got, name)
	}
	check(t, rows.Err())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	version, err := migrations.Version(t.Context(), pool)
	check(t, err)
	if version < 1 {
		t.Errorf("version %d", version)
	}
}

func TestUpRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	check(t, migrations.Up(t.Context(), pool))
	_, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	check(t, err)
	if err := migrations.Up(t.Context(), pool); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// A database has what a later number made before what an earlier one makes.
func TestUpFillsGaps(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	check(t, migrations.Up(t.Context(), pool))
	latest, err := migrations.Version(t.Context(), pool)
	check(t, err)
	down, _ := sections(t, "00029_audit.sql")
	_, err = pool.Exec(t.Context(), down+"; delete from goose_db_version where version_id = 29")
	check(t, err)
	check(t, migrations.Up(t.Context(), pool))
	var chained bool
	check(t, pool.QueryRow(t.Context(), "select to_regproc('audit_chain') is not null").Scan(&chained))
	version, err := migrations.Version(t.Context(), pool)
	check(t, err)
	if !chained || version != latest {
		t.Errorf("chained %t, version %d, want %d", chained, version, latest)
	}
}
