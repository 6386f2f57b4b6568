// Package pgtest gives every test a migrated database of its own, in a real
// PostgreSQL that starts with the first test that asks and ends with the
// process. Databases are copies of one template, so tests can run in parallel.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"kabar/internal/pgserver"
	"kabar/migrations"

	"github.com/jackc/pgx/v5/pgxpool"
)

// New is a pool on a new database, which is dropped when the test ends.
// The pool's Config().ConnString() leads to the same database.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return open(t, URL(t))
}

// URL is the connection string of a new database, which is dropped when the
// test ends.
func URL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := fmt.Sprintf("test_%d", s.count.Add(1))
	s.exec(t, "CREATE DATABASE "+name+" TEMPLATE kabar")
	t.Cleanup(func() { s.exec(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return inDatabase(s.url, name)
}

// NewDurable is a pool on a server of the test's own with the durability of a
// real one, for benchmarks and for tests of crashes.
func NewDurable(t testing.TB) *pgxpool.Pool {
	t.Helper()
	s, err := pgserver.Start(context.Background(), pgserver.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	pool := open(t, s.URL())
	if err := migrations.Up(context.Background(), pool); err != nil {
		t.Fatal(err)
	}
	return pool
}

func open(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	config.MaxConns = 10
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func inDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // pgserver made it
	}
	u.Path = "/" + name
	return u.String()
}

// server is the one of this process. Its own database, migrated, is the
// template; nobody connects to it again.
type server struct {
	url   string
	admin *pgxpool.Pool
	count atomic.Int64
}

var shared = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "kabar-pgtest-")
	if err != nil {
		return nil, err
	}
	if err := removeAfterExit(dir); err != nil {
		return nil, err
	}
	run, err := pgserver.Start(ctx, pgserver.Options{Dir: dir, Unsafe: true})
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, run.URL()); err != nil {
		return nil, err
	}
	admin, err := pgxpool.New(ctx, inDatabase(run.URL(), "postgres"))
	if err != nil {
		return nil, err
	}
	return &server{url: run.URL(), admin: admin}, nil
})

func migrate(ctx context.Context, url string) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	return migrations.Up(ctx, pool)
}

// removeAfterExit leaves a shell behind that removes dir once this process has
// ended, in whatever way: a test binary has no hook for its end. The server,
// which ends at the same moment, may write a little longer.
func removeAfterExit(dir string) error {
	const script = `read _; until rm -rf "$1" 2>/dev/null; do sleep 0.1; done`
	var pipe [2]int // the end for writing is never closed but by the kernel
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", "-c", script, "sh", dir)
	stdin := os.NewFile(uintptr(pipe[0]), "pipe")
	defer stdin.Close()
	cmd.Stdin = stdin
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd.Start()
}

func (s *server) exec(t testing.TB, sql string) {
	t.Helper()
	if _, err := s.admin.Exec(context.Background(), sql); err != nil {
		t.Fatalf("pgtest: %s: %v", sql, err)
	}
}
