package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/pgserver"
	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// users are those that a test can be: a normal one, and if it is root both.
func users() map[string]*syscall.Credential {
	if os.Geteuid() != 0 {
		return map[string]*syscall.Credential{"a normal user": nil}
	}
	return map[string]*syscall.Credential{"root": nil, "a normal user": {Uid: 65534, Gid: 65534}}
}

// TestPrivateDatabase goes through the life of a blog without any setting
// about its database.
func TestPrivateDatabase(t *testing.T) {
	t.Parallel()
	for user, who := range users() {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			if who != nil {
				must(t, os.Chown(h.dir, int(who.Uid), int(who.Gid)))
			}
			p := start(t, h.env, who, "serve")
			eventually(t, "/livez answers before it is ready", func() bool {
				live, err := fetch(h.url + "/livez")
				return err == nil && live.Status == http.StatusOK
			})
			p.await("msg=ready")
			for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/": 200} {
				if got := get(t, h.url+path).Status; got != want {
					t.Errorf("%s answers %d", path, got)
				}
			}
			second := start(t, h.env, who, "serve")
			if code := second.wait(); code != 1 || !strings.Contains(second.Output(), fmt.Sprintf("as process %d", p.PID())) {
				t.Errorf("a second start: %d %s", code, second.Output())
			}
			p.signal(syscall.SIGKILL)
			p.wait()
			p = start(t, h.env, who, "serve") // waits for the old database to end
			p.await("msg=ready")
			p.signal(syscall.SIGTERM)
			if code := p.wait(); code != 0 {
				t.Errorf("after SIGTERM it ends with %d", code)
			}
			if left := processesIn(h.dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestKilledServerLeavesNoDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.serve()
	if len(processesIn(h.dir)) == 0 {
		t.Fatal("there is no database to look for")
	}
	p.signal(syscall.SIGKILL)
	p.wait()
	eventually(t, "the database ends too", func() bool { return len(processesIn(h.dir)) == 0 })

	want := answer{Out: "title=Kabar\n"}
	if diff := cmp.Diff(want, h.command("settings", "get", "title")); diff != "" {
		t.Errorf("a command without a server: %s", diff)
	}
	if left := processesIn(h.dir); len(left) > 0 {
		t.Errorf("the command left behind: %v", left)
	}
}

// processesIn are the processes that work below a directory.
func processesIn(dir string) (found []string) {
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is good
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && strings.HasPrefix(at, dir) {
			found = append(found, filepath.Dir(link))
		}
	}
	return found
}

func TestOtherOriginIsRefused(t *testing.T) {
	t.Parallel()
	database := "KABAR_DATABASE_URL=" + pgtest.URL(t)
	h := newHouse(t, database)
	p := h.serve()
	p.signal(syscall.SIGTERM)
	p.wait()

	other := newHouse(t, database, "KABAR_SECRET_KEY_FILE="+filepath.Join(h.dir, "secret.key"))
	refused := start(t, other.env, nil, "serve")
	code := refused.wait()
	line := refused.Output()
	if code != 1 || strings.Count(line, "\n") != 1 || !strings.Contains(line, "set KABAR_URL="+h.url) {
		t.Errorf("%d: %s", code, line)
	}
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	l, err := net.Listen("tcp", h.host)
	must(t, err)
	defer l.Close()
	p := start(t, h.env, nil, "serve")
	code := p.wait()
	want := "kabar: KABAR_LISTEN: " + h.host + " is in use by another program: end it, or choose another address\n"
	if diff := cmp.Diff(want, p.Output()); code != 1 || diff != "" {
		t.Errorf("%d %s", code, diff)
	}
}

// TestStop ends the server while somebody is in the middle of a request.
func TestStop(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	p := h.serve()
	conn := h.halfRequest()
	defer conn.Close()
	p.signal(syscall.SIGTERM)
	p.await("msg=stopping")
	eventually(t, "nobody else is let in", func() bool {
		c, err := net.Dial("tcp", h.host)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	_, err := io.WriteString(conn, "{}")
	must(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("the request in flight got %s", res.Status)
	}
	if code := p.wait(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}

// halfRequest begins a request and returns when the server waits for its body.
func (h *house) halfRequest() net.Conn {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.host)
	must(h.t, err)
	_, err = fmt.Fprintf(conn, "POST /ap/inbox HTTP/1.1\r\nHost: %s\r\nContent-Type: application/activity+json\r\n"+
		"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", h.host)
	must(h.t, err)
	const asked = "HTTP/1.1 100 Continue\r\n\r\n"
	line := make([]byte, len(asked))
	_, err = io.ReadFull(conn, line)
	must(h.t, err)
	if diff := cmp.Diff(asked, string(line)); diff != "" {
		h.t.Fatal(diff)
	}
	return conn
}

// TestSecondSignal does not wait for the request in flight.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	p := h.serve()
	conn := h.halfRequest()
	defer conn.Close()
	p.signal(syscall.SIGTERM)
	p.await("msg=stopping")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != -1 {
		t.Errorf("it ended with %d and not by the signal", code)
	}
}

// TestDatabaseGivenUp breaks the private database for good.
func TestDatabaseGivenUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.serve()
	data := filepath.Join(h.dir, "postgres", "data")
	lines, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	must(t, err)
	pid, err := strconv.Atoi(strings.SplitN(string(lines), "\n", 2)[0])
	must(t, err)
	must(t, os.Remove(filepath.Join(data, "global", "pg_control")))
	must(t, syscall.Kill(pid, syscall.SIGKILL))
	if code := p.wait(); code != 1 {
		t.Errorf("it ended with %d", code)
	}
	p.await("kabar: pgserver: PostgreSQL ended")
}

// TestDatabaseGone takes the database away and brings it back.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	options := pgserver.Options{Dir: program.Folder(t), Unsafe: true}
	database, err := pgserver.Start(t.Context(), options)
	must(t, err)
	h := newHouse(t, "KABAR_DATABASE_URL="+database.URL())
	p := h.serve()
	must(t, database.Stop(t.Context()))

	for _, path := range []string{"/readyz", "/some-article", "/studio/login"} {
		got := get(t, h.url+path)
		if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s without a database: %d, Retry-After %q", path, got.Status, got.Header.Get("Retry-After"))
		}
		if strings.Contains(got.Body, "postgres") || strings.Contains(got.Body, "SQLSTATE") {
			t.Errorf("%s tells what is none of the reader's business: %s", path, got.Body)
		}
	}
	database, err = pgserver.Start(t.Context(), options)
	must(t, err)
	eventually(t, "it recovers by itself", func() bool { return get(t, h.url+"/readyz").Status == http.StatusOK })
	if got := get(t, h.url+"/some-article").Status; got != http.StatusNotFound {
		t.Errorf("an unknown article: %d", got)
	}
	p.signal(syscall.SIGTERM)
	p.wait()
	must(t, database.Stop(t.Context()))
}

// TestSystemd is told when Kabar serves, and when it ends.
func TestSystemd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	path := filepath.Join(h.dir, "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	defer socket.Close()
	must(t, socket.SetReadDeadline(time.Now().Add(patience)))
	told := func() string {
		var buffer [64]byte
		n, err := socket.Read(buffer[:])
		must(t, err)
		return string(buffer[:n])
	}
	p := h.serve("NOTIFY_SOCKET=" + path)
	if got := told(); got != "READY=1" {
		t.Errorf("systemd hears %q", got)
	}
	if got := get(t, h.url+"/readyz").Status; got != http.StatusOK {
		t.Errorf("ready, and /readyz says %d", got)
	}
	p.signal(syscall.SIGTERM)
	if got := told(); got != "STOPPING=1" {
		t.Errorf("systemd hears %q", got)
	}
}
