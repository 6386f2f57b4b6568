package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/activitypub/aptest"
	"kabar/internal/pgserver"
	"kabar/internal/program"
)

// trial is one run of one kind of fault: a blog, the servers of those who
// follow it, and what is hurt.
type trial struct {
	t        *testing.T
	rnd      *rand.Rand // of the goroutine that hurts, and before it of the set-up
	dir      string     // KABAR_DATA_DIR
	url      string
	env      []string
	metrics  string
	database string // how the test reaches it; private: by its socket

	world   *aptest.World
	people  []*aptest.Person
	options func(i int) aptest.Options // of the server of each

	server    *pgserver.Server // of a database outside of the program, else nil
	line      *proxy           // before it
	lines     []*proxy         // before the servers and the blog
	names     *nameServer      // that alone knows the servers
	clock     *program.Clock   // of a program that is built with one, else nil
	binary    string           // what runs
	impatient bool             // commands are killed, too
	hides     bool             // people answer without telling us

	mu      sync.Mutex
	running *program.Process
	born    vital // of a program that was never started again
	starts  int
}

// vital is what must not grow.
type vital struct{ goroutines, resident float64 }

// newTrial makes everything that is there before the program runs.
func newTrial(t *testing.T, seed uint64) *trial {
	t.Helper()
	path, err := program.Path()
	must(t, err)
	tr := &trial{t: t, rnd: random(t, seed), dir: program.Folder(t), binary: path}
	listen := program.FreePort(t)
	tr.metrics = program.FreePort(t)
	tr.url = "http://" + listen
	tr.database = "postgres:///kabar?host=" + filepath.Join(tr.dir, "postgres", "run") + "&user=kabar"
	tr.env = []string{
		"KABAR_URL=" + tr.url, "KABAR_LISTEN=" + listen, "KABAR_DATA_DIR=" + tr.dir, "KABAR_ALLOW_PRIVATE_ADDRESSES=1",
		"KABAR_METRICS_LISTEN=" + tr.metrics,
	}
	tr.options = func(i int) aptest.Options { return aptest.Options{OwnInboxes: i == 0} }
	return tr
}

// set adds settings, or puts them in place of the usual ones.
func (tr *trial) set(settings ...string) { tr.env = append(tr.env, settings...) }

// start starts the program as a supervisor does: again and again until it is ready.
func (tr *trial) start() {
	tr.t.Helper()
	limit := time.After(2 * program.Patience)
	for {
		p, err := program.StartFrom(tr.binary, tr.env, nil, "serve")
		must(tr.t, err)
		tr.mu.Lock()
		tr.running = p
		tr.starts++
		tr.mu.Unlock()
		if _, err = p.Await("msg=ready"); err == nil {
			return
		}
		select {
		case <-limit:
			tr.t.Fatalf("it does not start: %v\n%s", err, p.Output())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// program is the one that runs.
func (tr *trial) program() *program.Process {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.running
}

// kill ends the program at once.
func (tr *trial) kill() {
	tr.t.Helper()
	p := tr.program()
	must(tr.t, p.Signal(syscall.SIGKILL))
	_, err := p.Wait()
	must(tr.t, err)
}

// stop ends the program in order.
func (tr *trial) stop() {
	p := tr.program()
	if p == nil {
		return
	}
	_ = p.Signal(syscall.SIGTERM) // it may have ended
	if _, err := p.Wait(); err != nil {
		tr.t.Errorf("stop: %v", err)
	}
	if tr.t.Failed() {
		tr.t.Logf("kabar:\n%s", tail(p.Output(), 8000))
	}
}

func tail(text string, n int) string { return text[max(0, len(text)-n):] }

// pool is the test's own way into the database.
func (tr *trial) pool() *pgxpool.Pool {
	tr.t.Helper()
	pool, err := pgxpool.New(tr.t.Context(), tr.database)
	must(tr.t, err)
	tr.t.Cleanup(pool.Close)
	return pool
}

// command runs a command and reads its JSON; false if it did not succeed.
func (tr *trial) command(ctx context.Context, v any, args ...string) bool {
	cmd := exec.CommandContext(ctx, tr.binary, append(args, "--json")...)
	cmd.Env = program.Environment(tr.env)
	var out bytes.Buffer
	cmd.Stdout = &out
	return cmd.Run() == nil && json.Unmarshal(out.Bytes(), v) == nil
}

// gather lets people on servers of their own follow the blog.
func (tr *trial) gather(n int) {
	tr.t.Helper()
	for i := range n {
		server, err := tr.world.Start(tr.options(i))
		must(tr.t, err)
		who := server.Person(fmt.Sprintf("p%d", i))
		actor, err := server.Resolve(tr.t.Context(), "blog@"+tr.url[len("http://"):])
		must(tr.t, err)
		sent, err := who.Follow(tr.t.Context(), actor)
		must(tr.t, err)
		ctx, cancel := context.WithTimeout(tr.t.Context(), 2*program.Patience)
		_, err = server.Wait(ctx, aptest.About("Accept", sent.ID))
		cancel()
		must(tr.t, err)
		tr.people = append(tr.people, who)
	}
}

func random(t *testing.T, seed uint64) *rand.Rand {
	t.Helper()
	return rand.New(rand.NewPCG(seed, 0x6b61626172)) //nolint:gosec // to be repeated
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
