package postgres

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// write puts entries into the audit log, each in a transaction of its own.
func write(t *testing.T, s *Store, actions ...string) {
	t.Helper()
	for _, action := range actions {
		check(t, s.tx(t.Context(), func(tx pgx.Tx) error { return insertAudit(t.Context(), tx, audit(action)) }))
	}
}

func chain(t *testing.T, s *Store, known string) blog.AuditChain {
	t.Helper()
	c, err := s.AuditChain(t.Context(), known)
	check(t, err)
	return c
}

// The role that the program itself works as, which owns the table, changes
// and removes no entry.
func TestAuditIsAppendOnly(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	write(t, s, "first", "second")
	before := chain(t, s, "")
	for _, statement := range []string{
		`update audit set action = 'other'`,
		`update audit set detail = '{}' where false`,
		`delete from audit where action = 'first'`,
		`truncate audit`,
		`truncate accounts cascade`,
		`insert into audit (id, at, action) select id, at, 'other' from audit on conflict (id) do update set action = excluded.action`,
		`set session_replication_role = replica; delete from audit`,
	} {
		_, err := s.pool.Exec(t.Context(), statement)
		differ(t, statement, "42501", code(err))
	}
	differ(t, "the log", before, chain(t, s, ""))
}

func TestAuditIsChained(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	differ(t, "nothing", blog.AuditChain{}, chain(t, s, ""))
	write(t, s, "first", "second")
	noted := chain(t, s, "").Head
	lost := errors.New("rolled back")
	err := s.tx(t.Context(), func(tx pgx.Tx) error {
		return errors.Join(insertAudit(t.Context(), tx, audit("lost")), lost)
	})
	if !errors.Is(err, lost) {
		t.Error(err)
	}
	_, err = s.pool.Exec(t.Context(), `
		insert into audit (id, at, action, subject, detail)
		select gen_random_uuid(), clock_timestamp(), 'many', e'"],[\u00e9\n', '{"b": "1", "a": "2"}' from generate_series(1, 3)`)
	check(t, err)
	got := chain(t, s, noted)
	differ(t, "chain", blog.AuditChain{Entries: 5, Head: got.Head, Known: 2}, got)
	differ(t, "not there", int64(0), chain(t, s, noted[1:]+"0").Known)
}

// Entries of transactions that run at once get one place each.
func TestAuditIsChainedAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const writers, each = 8, 10
	var done sync.WaitGroup
	errs := make(chan error, writers*each)
	for range writers {
		done.Go(func() {
			for range each {
				errs <- s.tx(t.Context(), func(tx pgx.Tx) error { return insertAudit(t.Context(), tx, audit("at once")) })
			}
		})
	}
	done.Wait()
	for range writers * each {
		check(t, <-errs)
	}
	got := chain(t, s, "")
	differ(t, "chain", blog.AuditChain{Entries: writers * each, Head: got.Head}, got)
}

// Who may change the database can take the guards away; the hashes tell then.
func TestAuditShowsTampering(t *testing.T) {
	t.Parallel()
	rewrite := `
		create temporary table kept as select * from audit;
		alter table audit disable trigger audit_append_only;
		delete from audit;
		update kept set action = 'other' where number = 2;
		insert into audit (id, at, account_id, action, subject, detail)
		select id, at, account_id, action, subject, detail from kept order by number`
	tests := []struct {
		name, in string
		broken   int64
		known    int64 // where the entry stands that was the last before
	}{
		{"nothing", ``, 0, 4},
		{"another action", `update audit set action = 'other' where number = 2`, 2, 4},
		{"another time", `update audit set at = at + interval '1 microsecond' where number = 1`, 1, 4},
		{"another subject", `update audit set subject = 'other' where number = 3`, 3, 4},
		{"more detail", `update audit set detail = '{"a": "b"}' where number = 4`, 4, 4},
		{"one is removed", `delete from audit where number = 2`, 3, 4},
		{"the first is removed", `delete from audit where number = 1`, 2, 4},
		{"one is removed, the others move up", `delete from audit where number = 2; update audit set number = number - 1 where number > 2`, 2, 3},
		{"one is made to fit", `update audit set action = 'other' where number = 2;
			update audit a set hash = audit_hash((select hash from audit b where b.number = 1), a) where number = 2`, 3, 4},
		{"the end is cut off", `delete from audit where number = 4`, 0, 0},
		{"all is written anew", rewrite, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			write(t, s, "first", "second", "third", "fourth")
			noted := chain(t, s, "").Head
			_, err := s.pool.Exec(t.Context(), `alter table audit disable trigger audit_append_only; `+tt.in)
			check(t, err)
			got := chain(t, s, noted)
			differ(t, "first that is broken", tt.broken, got.Broken)
			differ(t, "the one that was noted", tt.known, got.Known)
		})
	}
}
