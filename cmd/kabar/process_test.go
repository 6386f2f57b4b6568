package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kabar/internal/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// patience bounds every wait for something that has to happen.
const patience = program.Patience

// process is one run of the program, which a test cannot do without.
type process struct {
	*program.Process
	t *testing.T
}

func start(t *testing.T, env []string, who *syscall.Credential, args ...string) *process {
	t.Helper()
	run, err := program.Start(env, who, args...)
	must(t, err)
	p := &process{run, t}
	t.Cleanup(func() {
		_ = p.Signal(syscall.SIGTERM) // it may have ended
		p.wait()
		if t.Failed() {
			t.Logf("kabar %s:\n%s", strings.Join(args, " "), p.Output())
		}
	})
	return p
}

// await returns the first line that contains the words.
func (p *process) await(words string) string {
	p.t.Helper()
	line, err := p.Await(words)
	must(p.t, err)
	return line
}

// wait returns the exit status.
func (p *process) wait() int {
	p.t.Helper()
	code, err := p.Wait()
	if err != nil {
		p.t.Errorf("kabar: %v", err)
	}
	return code
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	must(p.t, p.Signal(s))
}

// house is a blog under test: where it lives and how it is reached.
type house struct {
	t    *testing.T
	env  []string
	dir  string // the data directory
	url  string
	host string
}

// newHouse makes a blog at a free port with a data directory of its own. Settings
// are added to, or stand before, the usual ones.
func newHouse(t *testing.T, settings ...string) *house {
	t.Helper()
	h := &house{t: t, dir: program.Folder(t), host: program.FreePort(t)}
	h.url = "http://" + h.host
	h.env = append([]string{
		"KABAR_URL=" + h.url, "KABAR_LISTEN=" + h.host, "KABAR_DATA_DIR=" + h.dir, "KABAR_ALLOW_PRIVATE_ADDRESSES=1",
	}, settings...)
	return h
}

// serve starts the server and returns when it is ready.
func (h *house) serve(settings ...string) *process {
	h.t.Helper()
	p := start(h.t, append(h.env, settings...), nil, "serve")
	p.await("msg=ready")
	return p
}

// answer is what a command did.
type answer struct {
	Out, Err string
	Code     int
}

// command runs a command to its end.
func (h *house) command(args ...string) answer {
	return h.commandIn("", args...)
}

func (h *house) commandIn(input string, args ...string) answer {
	path, err := program.Path()
	must(h.t, err)
	cmd := exec.Command(path, args...)
	cmd.Env = program.Environment(h.env)
	var out, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &problems
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return answer{Err: err.Error(), Code: -1}
	}
	return answer{out.String(), problems.String(), cmd.ProcessState.ExitCode()}
}

// ask runs a command that must succeed and reads its JSON.
func ask[T any](h *house, args ...string) (v T) {
	h.t.Helper()
	a := h.command(append(args, "--json")...)
	if a.Code != 0 {
		h.t.Fatalf("kabar %s: %d, %s", strings.Join(args, " "), a.Code, a.Err)
	}
	if err := json.Unmarshal([]byte(a.Out), &v); err != nil {
		h.t.Fatalf("kabar %s: %v in %s", strings.Join(args, " "), err, a.Out)
	}
	return v
}

// try runs a command that may fail, and reads its JSON if it does not.
func (h *house) try(v any, args ...string) bool {
	a := h.command(append(args, "--json")...)
	return a.Code == 0 && json.Unmarshal([]byte(a.Out), v) == nil
}

// file writes a file into the house and returns its path.
func (h *house) file(name, content string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	must(h.t, os.WriteFile(path, []byte(content), 0o644))
	return path
}

// reference is what publishing prints.
type reference struct{ ID, URL string }

// publish publishes a text and returns its addresses.
func (h *house) publish(title, text string) reference {
	h.t.Helper()
	return ask[reference](h, "article", "publish", h.file("text.md", "---\ntitle: "+title+"\n---\n\n"+text+"\n"))
}

// page is what an address answers.
type page struct {
	Status int
	Header http.Header
	Body   string
}

func get(t *testing.T, address string) page {
	t.Helper()
	p, err := fetch(address)
	must(t, err)
	return p
}

var reader = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func fetch(address string) (page, error) {
	res, err := reader.Get(address)
	if err != nil {
		return page{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return page{res.StatusCode, res.Header, string(body)}, err
}

// eventually looks again and again until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("never: %s", what)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
