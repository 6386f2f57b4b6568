package migrations_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"kabar/migrations"
)

// Entries from before the log was chained are, in their order in time.
func TestAuditOfWhatIsThere(t *testing.T) {
	t.Parallel()
	pool := empty(t)
	check(t, migrations.Up(t.Context(), pool))
	down, up := sections(t, "00029_audit.sql")
	before := `
		insert into audit (id, at, action, detail) values
			('00000000-0000-7000-8000-000000000003', '2026-01-02', 'third', '{"b": "1", "a": "2"}'),
			('00000000-0000-7000-8000-000000000001', '2026-01-01', 'first', '{}'),
			('00000000-0000-7000-8000-000000000002', '2026-01-01', 'second', '{}')`
	after := `insert into audit (id, at, action) values ('00000000-0000-7000-8000-000000000000', '2025-01-01', 'fourth')`
	for _, script := range []string{down, before, up, after} {
		_, err := pool.Exec(t.Context(), script)
		check(t, err)
	}
	rows, err := pool.Query(t.Context(), `
		select action from audit a
		where number = 1 + (select count(*) from audit b where b.number < a.number)
		  and hash = audit_hash(coalesce((select hash from audit b where b.number = a.number - 1), ''), a)
		order by number`)
	check(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	if diff := cmp.Diff([]string{"first", "second", "third", "fourth"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
