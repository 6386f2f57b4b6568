package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	runs "kabar/internal/program"
)

// program is the real one, with a private database in a directory of its own.
type program struct {
	origin string
	listen string
	dir    string
}

func newProgram(b *testing.B) *program {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	check(b, listener.Close()) // the program opens it
	listen := listener.Addr().String()
	return &program{origin: "http://" + listen, listen: listen, dir: b.TempDir()}
}

func (p *program) command(b *testing.B, args ...string) *exec.Cmd {
	b.Helper()
	path, err := runs.Path()
	check(b, err)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(),
		"KABAR_URL="+p.origin, "KABAR_LISTEN="+p.listen, "KABAR_DATA_DIR="+p.dir, "KABAR_ALLOW_PRIVATE_ADDRESSES=1")
	return cmd
}

// start returns the running program and how long it took to be ready.
func (p *program) start(b *testing.B) (*exec.Cmd, time.Duration) {
	b.Helper()
	cmd := p.command(b, "serve")
	var log bytes.Buffer
	cmd.Stderr = &log
	begun := time.Now()
	check(b, cmd.Start())
	b.Cleanup(func() { _ = cmd.Process.Kill() })
	if err := awaitReady(p.origin+"/readyz", time.Minute); err != nil {
		b.Fatalf("%v\n%s", err, log.String())
	}
	return cmd, time.Since(begun)
}

// awaitReady asks every few milliseconds.
func awaitReady(address string, longest time.Duration) error {
	for until := time.Now().Add(longest); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		res, err := http.Get(address)
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("%s: not ready in %s", address, longest)
}

func (p *program) stop(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	check(b, cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		b.Fatalf("stop: %v\n%s", err, cmd.Stderr)
	}
}

// published is what the command line tells of an article.
type published struct{ ID, URL string }

func (p *program) publish(b *testing.B, markdown string) published {
	b.Helper()
	file := filepath.Join(b.TempDir(), "article.md")
	check(b, os.WriteFile(file, []byte(markdown), 0o600))
	out, err := p.command(b, "article", "publish", file, "--json").Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		b.Fatalf("publish: %v: %s", err, failed.Stderr)
	}
	check(b, err)
	var a published
	check(b, json.Unmarshal(out, &a))
	return a
}

// get reads a page, compressed as it comes.
func get(b *testing.B, address, accept string) (body []byte, encoding string) {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	check(b, err)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(r)
	check(b, err)
	defer res.Body.Close()
	var read bytes.Buffer
	_, err = read.ReadFrom(res.Body)
	check(b, err)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s: %s", address, res.Status, strings.TrimSpace(read.String()))
	}
	return read.Bytes(), res.Header.Get("Content-Encoding")
}
