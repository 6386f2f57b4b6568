package main_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/time/rate"

	"kabar/activitypub/aptest"
	"kabar/internal/program"
)

// TestRollingRestart restarts one node after the other behind a balancer while
// people read and other servers send: nobody notices, and nothing is lost.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	for _, b := range balancers {
		t.Run(b.program, func(t *testing.T) {
			database := emptyDatabase(t)
			h := newHouse(t, "KABAR_DATABASE_URL="+database, "KABAR_TRUSTED_PROXIES=127.0.0.1", "KABAR_DRAIN_DELAY=3s")
			f := h.family()
			f.startAll()
			b.start(t, h.host, f.listen[0], f.listen[1])
			made := h.publish("Satu", "Isi pertama.")
			load := f.load(made)
			for i := range f.nodes {
				f.restart(i)
				load.awaitMore(t, 100)
			}
			for _, problem := range load.end() {
				t.Error(problem)
			}
			t.Logf("%d reads, %d replies", load.reads.Load(), load.replies.Load())
			want := int(load.replies.Load())
			eventually(t, "each accepted reply has its effect, once", func() bool {
				return count(t, database, "select count(*) from comments") == want &&
					count(t, database, "select comments from articles") == want
			})
		})
	}
}

// family is three nodes on one database: two for requests, of which one works
// too, and one that only works.
type family struct {
	*house
	listen []string
	roles  []string
	nodes  []*process
}

func (h *house) family() *family {
	return &family{house: h, listen: []string{program.FreePort(h.t), program.FreePort(h.t), program.FreePort(h.t)}, roles: []string{"web", "all", "worker"}, nodes: make([]*process, 3)}
}

func (f *family) startAll() {
	for i := range f.nodes {
		f.nodes[i] = f.launch(i)
	}
	for _, n := range f.nodes {
		n.await("msg=ready")
	}
}

func (f *family) launch(i int) *process {
	return start(f.t, append(slices.Clone(f.env), "KABAR_ROLE="+f.roles[i], "KABAR_LISTEN="+f.listen[i]), nil, "serve")
}

// restart ends a node and starts it anew, as an upgrade does.
func (f *family) restart(i int) {
	f.t.Helper()
	f.nodes[i].signal(syscall.SIGTERM)
	if code := f.nodes[i].wait(); code != 0 {
		f.t.Errorf("node %d ended with %d: %s", i, code, f.nodes[i].Output())
	}
	f.nodes[i] = f.launch(i)
	f.nodes[i].await("msg=ready")
}

// load is what readers and other servers do all the time.
type load struct {
	reads, replies atomic.Int64
	done           atomic.Int64
	stop           context.CancelFunc
	running        sync.WaitGroup

	mu       sync.Mutex
	problems []string
}

// How much comes, a second in all: the machine has other tests to run.
const (
	readers, readRate   = 8, 100
	repliers, replyRate = 3, 20
)

func (f *family) load(made reference) *load {
	f.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	l := &load{stop: stop}
	f.t.Cleanup(func() { l.end() })
	pace := rate.NewLimiter(readRate, 1)
	for i := range readers {
		addresses := []string{made.URL, f.url + "/", f.url + "/feed.atom", f.url + fmt.Sprintf("/archive?never-kept=%d", i), made.ID}
		l.keep(ctx, pace, &l.reads, func(n int) error { return readWhole(ctx, addresses[n%len(addresses)]) })
	}
	world, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	must(f.t, err)
	f.t.Cleanup(world.Close)
	pace = rate.NewLimiter(replyRate, 1)
	for range repliers {
		server, err := world.Start(aptest.Options{})
		must(f.t, err)
		l.keep(ctx, pace, &l.replies, func(n int) error {
			// Not under ctx: what was sent is counted, or it was not sent.
			person := server.Person(fmt.Sprintf("p%d", n/200)) // each may send 300 a minute
			sent, err := person.Reply(context.WithoutCancel(ctx), made.ID, fmt.Sprintf("Jawaban %d.", n))
			if err == nil && sent.Status() != http.StatusAccepted {
				err = fmt.Errorf("the inbox answers %d %s", sent.Status(), sent.Answers[0].Body)
			}
			return err
		})
	}
	return l
}

// keep does something again and again until ctx ends.
func (l *load) keep(ctx context.Context, pace *rate.Limiter, count *atomic.Int64, do func(n int) error) {
	l.running.Go(func() {
		for n := 0; pace.Wait(ctx) == nil; n++ {
			err := do(n)
			switch {
			case err == nil:
				count.Add(1)
				l.done.Add(1)
			case !errors.Is(err, context.Canceled):
				l.mu.Lock()
				l.problems = append(l.problems, err.Error())
				l.mu.Unlock()
			}
		}
	})
}

// awaitMore returns when so much more was done.
func (l *load) awaitMore(t *testing.T, more int64) {
	t.Helper()
	until := l.done.Load() + more
	eventually(t, "the load goes on", func() bool { return l.done.Load() >= until })
}

// end returns what went wrong.
func (l *load) end() []string {
	l.stop()
	l.running.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.problems
}

// count asks a database for one number.
func count(t *testing.T, database, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	must(t, err)
	defer conn.Close(context.Background())
	must(t, conn.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

func readWhole(ctx context.Context, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if strings.Contains(address, "/ap/") {
		r.Header.Set("Accept", "application/activity+json")
	}
	res, err := reader.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d %.200s", address, res.StatusCode, body)
	}
	return err
}
