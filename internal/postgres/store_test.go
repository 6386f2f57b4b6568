package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/internal/pgtest"
)

// newStore is a store on a database of the test's own.
func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), pgtest.URL(t))
	check(t, err)
	t.Cleanup(s.Close)
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// differ compares what was wanted with what was got.
func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// at is a time some minutes after the first of all.
func at(minutes int) time.Time {
	return time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

func (s *Store) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := s.pool.Exec(context.Background(), sql, args...)
	check(t, err)
}

// addActor inserts an actor; the uri is made from the handle and the domain.
func addActor(t *testing.T, s *Store, kind blog.Kind, handle, domain string) blog.Actor {
	t.Helper()
	a := blog.Actor{
		ID: newID(), URI: "https://" + domain + "/users/" + handle, Kind: kind, Type: "Person", Handle: handle,
		Domain: domain, Name: "The " + handle, Created: at(0),
	}
	s.exec(t, `
		insert into actors (id, uri, kind, type, handle, domain, name, inbox, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.URI, a.Kind, a.Type, a.Handle, a.Domain, a.Name, a.URI+"/inbox", a.Created)
	return a
}

func addBlogActor(t *testing.T, s *Store) blog.Actor {
	t.Helper()
	return addActor(t, s, blog.BlogActor, "blog", "b.test")
}

func audit(action string) blog.AuditEntry {
	return blog.AuditEntry{ID: newID(), At: at(0), Action: action, Detail: map[string]string{}}
}

// hear collects the tags that the store reports.
func hear(s *Store) *[]string {
	var heard []string
	s.Changed = func(tags ...string) { heard = append(heard, tags...) }
	return &heard
}

// queued returns the arguments of the waiting jobs of one kind, oldest first.
func queued(t *testing.T, s *Store, kind string) []string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), `select args::text from river_job where kind = $1 order by id`, kind)
	check(t, err)
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return jobs
}

// actions returns what was audited, oldest first.
func actions(t *testing.T, s *Store) []string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), `select action from audit order by id`)
	check(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return names
}

func safe(html string) markup.Safe { return markup.SafeFromStore(html) }

func TestOpenWithoutServer(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), "postgres://kabar@127.0.0.1:1/kabar")
	if !errors.Is(err, blog.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestOpenBoundsItsSessions(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	s, err := Open(t.Context(), url)
	check(t, err)
	t.Cleanup(s.Close)
	check(t, s.Ping(t.Context()))
	for name, want := range map[string]string{
		"application_name": "kabar", "statement_timeout": "30s", "lock_timeout": "10s",
		"idle_in_transaction_session_timeout": "1min",
	} {
		var got string
		check(t, s.pool.QueryRow(t.Context(), "show "+name).Scan(&got))
		differ(t, name, want, got)
	}
	differ(t, "connections", int32(maxConns), s.Pool().Config().MaxConns)
}

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   error
		want error
	}{
		{"nothing", nil, nil},
		{"no row", pgx.ErrNoRows, blog.ErrNotFound},
		{"unique", &pgconn.PgError{Code: "23505", ConstraintName: "slugs_pkey"}, blog.ErrConflict},
		{"gone stays gone", blog.ErrGone, blog.ErrGone},
		{"shutting down", &pgconn.PgError{Code: "57P01"}, blog.ErrUnavailable},
		{"connection exception", &pgconn.PgError{Code: "08006"}, blog.ErrUnavailable},
		{"cut off", fmt.Errorf("read: %w", io.ErrUnexpectedEOF), blog.ErrUnavailable},
		{"cancelled", context.Canceled, context.Canceled},
	}
	for _, tt := range tests {
		if got := wrap("op", tt.in); !errors.Is(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	var invalid *blog.Invalid
	if err := wrap("op", &pgconn.PgError{Code: "22021"}); !errors.As(err, &invalid) {
		t.Errorf("a text with a NUL is %v", err)
	}
	if err := wrap("op", &pgconn.PgError{Code: "42601"}); errors.Is(err, blog.ErrUnavailable) {
		t.Errorf("a syntax error is no lost connection: %v", err)
	}
}

func TestTxSurvivesADeadlock(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	tries := 0
	err := s.tx(t.Context(), func(tx pgx.Tx) error {
		if tries++; tries == 1 {
			return &pgconn.PgError{Code: "40P01"}
		}
		return insertAudit(t.Context(), tx, audit("second try"))
	})
	check(t, err)
	differ(t, "audit", []string{"second try"}, actions(t, s))
}

func TestAuditIsPaged(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var want []blog.AuditEntry
	for i, action := range []string{"first", "second", "third"} {
		e := audit(action)
		e.At = at(i / 2) // two at the same time
		want = append([]blog.AuditEntry{e}, want...)
		check(t, s.tx(t.Context(), func(tx pgx.Tx) error { return insertAudit(t.Context(), tx, e) }))
	}
	var got []blog.AuditEntry
	for cursor := (blog.Cursor{}); len(got) < 3; cursor = (blog.Cursor{At: got[len(got)-1].At, ID: got[len(got)-1].ID}) {
		page, err := s.Audit(t.Context(), blog.AuditQuery{Before: cursor, Limit: 1})
		check(t, err)
		got = append(got, page...)
	}
	differ(t, "audit", want, got)
}
