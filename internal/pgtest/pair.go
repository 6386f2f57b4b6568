package pgtest

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"kabar/internal/pgserver"
)

// Pair is a migrated primary and a standby that follows it by streaming
// replication, each a server of its own.
type Pair struct {
	Primary, Replica string // connection strings, good for other processes too

	t        testing.TB
	dir      string // of the replica
	replica  *pgserver.Server
	launched bool
}

// NewPair starts a pair, which ends with the test.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	primary, dir := cluster(t)
	p := &Pair{Primary: primary.URL(), t: t, dir: folder(t)}
	if err := migrate(context.Background(), p.Primary); err != nil {
		t.Fatal(err)
	}
	p.copy(dir)
	p.StartReplica()
	t.Cleanup(func() {
		if p.launched {
			p.StopReplica()
		}
	})
	return p
}

// cluster starts an empty server, which is durable: whether a commit is
// visible before it is on disk is what a replica can tell.
func cluster(t testing.TB) (_ *pgserver.Server, dir string) {
	t.Helper()
	dir = folder(t)
	s, err := pgserver.Start(context.Background(), pgserver.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

// folder has a path that is short enough for a socket.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "kabar-pair-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// copy makes the replica's directory out of the running primary.
func (p *Pair) copy(primary string) {
	p.t.Helper()
	data := filepath.Join(p.dir, "data")
	out, err := exec.Command(filepath.Join(p.binaries(), "pg_basebackup"), "--dbname="+p.Primary, "--pgdata="+data,
		"--write-recovery-conf", "--checkpoint=fast", "--no-sync").CombinedOutput()
	if err != nil {
		p.t.Fatalf("pg_basebackup: %v: %s", err, out)
	}
	info, err := os.Stat(filepath.Join(primary, "data"))
	if err == nil {
		err = give(p.dir, int(info.Sys().(*syscall.Stat_t).Uid), int(info.Sys().(*syscall.Stat_t).Gid))
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// give lets everything below dir belong to somebody, as only root can and needs.
func give(dir string, uid, gid int) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}

// binaries is the folder of PostgreSQL's programs.
func (p *Pair) binaries() (dir string) {
	p.t.Helper()
	conn, err := pgx.Connect(context.Background(), p.Primary)
	if err == nil {
		err = conn.QueryRow(context.Background(), `select setting from pg_config where name = 'BINDIR'`).Scan(&dir)
		_ = conn.Close(context.Background()) // there is nothing to lose
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return dir
}

// StopReplica ends the replica, which cuts its sessions.
func (p *Pair) StopReplica() {
	p.t.Helper()
	p.launched = false
	if err := p.replica.Stop(context.Background()); err != nil {
		p.t.Error(err)
	}
}

// StartReplica starts it again; it follows where it was.
func (p *Pair) StartReplica() {
	p.t.Helper()
	s, err := pgserver.Start(context.Background(), pgserver.Options{Dir: p.dir, Unsafe: true})
	if err != nil {
		p.t.Fatal(err)
	}
	p.replica, p.launched, p.Replica = s, true, s.URL()
}

// KillReplica kills it as a failing machine would; it comes back by itself.
func (p *Pair) KillReplica() {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "data", "postmaster.pid"))
	if err != nil {
		p.t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// ExecReplica runs a statement on the replica.
func (p *Pair) ExecReplica(sql string) {
	p.t.Helper()
	conn, err := pgx.Connect(context.Background(), p.Replica)
	if err == nil {
		_, err = conn.Exec(context.Background(), sql)
		_ = conn.Close(context.Background()) // there is nothing to lose
	}
	if err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
}
