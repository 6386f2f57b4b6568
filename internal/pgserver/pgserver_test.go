package pgserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

const childDir = "KABAR_PGSERVER_CHILD"

// TestMain lets the test binary be the Kabar that other tests kill: it runs a
// server on the named directory until its standard input ends.
func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	s, err := Start(context.Background(), Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(context.Background()); err != nil {
		os.Exit(1)
	}
}

// child is a process that runs a server.
type child struct {
	cmd *exec.Cmd
	in  io.Closer
	url string
}

// startChild runs the test binary as the given user. It is named through a
// descriptor, because only root may enter the folder where go test builds it.
func startChild(t *testing.T, dir string, who owner) *child {
	t.Helper()
	self, err := os.Open("/proc/self/exe")
	check(t, err)
	defer self.Close()
	cmd := exec.Command("/proc/self/fd/3")
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.ExtraFiles = []*os.File{self}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who.credential()}
	in, err := cmd.StdinPipe()
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	c := &child{cmd: cmd, in: in}
	t.Cleanup(func() { c.stop() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if c.url = strings.TrimSpace(line); err != nil || !strings.HasPrefix(c.url, "postgres://") {
		t.Fatalf("child: %q, %v", line, err)
	}
	return c
}

func (c *child) stop() {
	c.in.Close()
	_ = c.cmd.Wait() // a killed one reports the kill
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shortDir is a directory whose sockets have short paths, as every user can
// reach them.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kabar-pg")
	check(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func start(t *testing.T, opts Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), opts)
	check(t, err)
	t.Cleanup(func() { check(t, s.Stop(context.Background())) })
	return s
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	check(t, err)
	defer conn.Close(context.Background())
	var answer string
	check(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

// users are those that this test can be: a normal one, and if it is root both.
func users(t *testing.T) map[string]owner {
	if os.Geteuid() != 0 {
		return map[string]owner{"a normal user": {name: "self", uid: os.Geteuid(), gid: os.Getegid()}}
	}
	nobody := owner{name: "nobody", uid: 65534, gid: 65534, switched: true}
	return map[string]owner{"root": {name: "root"}, "a normal user": nobody}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, want string }{
		{"fsync", "on"},
		{"full_page_writes", "on"},
		{"synchronous_commit", "on"},
		{"listen_addresses", ""},
		{"unix_socket_permissions", "0700"},
		{"server_encoding", "UTF8"},
		{"lc_collate", "C.UTF-8"},
		{"data_checksums", "on"},
		{"shared_buffers", "64MB"},
		{"max_connections", "100"},
		{"TimeZone", "UTC"},
	}
	for user, who := range users(t) {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			dir := shortDir(t)
			check(t, os.Chown(dir, who.uid, who.gid))
			c := startChild(t, dir, who)
			for _, tt := range tests {
				if diff := cmp.Diff(tt.want, query(t, c.url, "SHOW "+tt.name)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tt.name, diff)
				}
			}
			info, err := os.Stat(filepath.Join(dir, "run"))
			check(t, err)
			if got := info.Mode().Perm(); got != 0o700 {
				t.Errorf("socket directory has mode %o", got)
			}
			if uid := info.Sys().(*syscall.Stat_t).Uid; uid == 0 {
				t.Error("the server runs as root")
			}
		})
	}
}

func TestUnsafeSettings(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: t.TempDir(), Unsafe: true})
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if got := query(t, s.URL(), "SHOW "+name); got != "off" {
			t.Errorf("%s = %s", name, got)
		}
	}
}

func TestDataOutlivesARestartInADeepDirectory(t *testing.T) {
	t.Parallel()
	opts := Options{Dir: filepath.Join(t.TempDir(), strings.Repeat("deep/", 30), "db"), Unsafe: true}
	s, err := Start(t.Context(), opts)
	check(t, err)
	query(t, s.URL(), "SELECT lo_from_bytea(4711, 'kept')::text")
	check(t, s.Stop(t.Context()))

	s = start(t, opts)
	if got := query(t, s.URL(), "SELECT convert_from(lo_get(4711), 'UTF8')"); got != "kept" {
		t.Errorf("got %q", got)
	}
}

func TestSecondStartIsRefused(t *testing.T) {
	t.Parallel()
	dir := shortDir(t)
	c := startChild(t, dir, owner{name: "self"})
	_, err := Start(t.Context(), Options{Dir: dir})
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("second start: %v", err)
	}
	want := fmt.Sprintf("pgserver: Kabar is running already on %s, as process %d", dir, c.cmd.Process.Pid)
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}

	attached, err := Open(t.Context(), Options{Dir: dir})
	check(t, err)
	query(t, attached.URL(), "SELECT 'a command'")
	check(t, attached.Stop(t.Context()))
	query(t, c.url, "SELECT 'still there'")
}

func TestCommandsTakeTurns(t *testing.T) {
	t.Parallel()
	opts := Options{Dir: t.TempDir(), Unsafe: true}
	first, err := Open(t.Context(), opts)
	check(t, err)
	second := make(chan error)
	go func() {
		s, err := Start(context.Background(), opts)
		if err == nil {
			err = s.Stop(context.Background())
		}
		second <- err
	}()
	query(t, first.URL(), "SELECT 'undisturbed'")
	check(t, first.Stop(t.Context()))
	check(t, <-second)
}

func TestKilledParentLeavesNoServer(t *testing.T) {
	t.Parallel()
	for user, who := range users(t) {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			dir := shortDir(t)
			check(t, os.Chown(dir, who.uid, who.gid))
			c := startChild(t, dir, who)
			pid := query(t, c.url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")
			check(t, c.cmd.Process.Kill())
			c.stop()

			s := start(t, Options{Dir: dir}) // returns only when the old server has gone
			if got := query(t, s.URL(), "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)"); got == pid {
				t.Error("the old server still runs")
			}
			if cwd, err := os.Readlink("/proc/" + pid + "/cwd"); err == nil && strings.HasPrefix(cwd, dir) {
				t.Errorf("process %s is an orphan in %s", pid, cwd)
			}
		})
	}
}

func TestCrashedServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: t.TempDir(), Unsafe: true})
	crashed := s.first.exited
	check(t, s.first.cmd.Process.Kill())
	<-crashed
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	check(t, awaitReady(ctx, s.URL(), s.Done()))
}

func TestInterruptedInitdbIsCleared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, "data.new")
	check(t, os.Mkdir(left, 0o700))
	check(t, os.WriteFile(filepath.Join(left, "half"), []byte("x"), 0o600))
	s := start(t, Options{Dir: dir, Unsafe: true})
	query(t, s.URL(), "SELECT 'whole'")
	if _, err := os.Stat(filepath.Join(dir, "data", "half")); err == nil {
		t.Error("the interrupted cluster was taken for data")
	}
}

func TestForeignDataIsLeftAlone(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, text, want string }{
		{"another major version", "PG_VERSION", "14\n", "data is of PostgreSQL 14, installed is"},
		{"no cluster", "letter", "mine", "start of PostgreSQL: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			check(t, os.Mkdir(filepath.Join(dir, "data"), 0o700))
			file := filepath.Join(dir, "data", tt.file)
			check(t, os.WriteFile(file, []byte(tt.text), 0o600))
			_, err := Start(t.Context(), Options{Dir: dir})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			got, err := os.ReadFile(file)
			check(t, err)
			if diff := cmp.Diff(tt.text, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNotInstalled(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Dir: t.TempDir(), BinDir: t.TempDir()})
	if !errors.Is(err, ErrNotInstalled) {
		t.Errorf("got %v", err)
	}
}
