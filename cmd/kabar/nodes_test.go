package main_test

import (
	"bufio"
	"context"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// emptyDatabase is one without any table.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
	must(t, err)
	name := strings.ToLower("empty_" + strings.ReplaceAll(t.Name(), "/", "_"))
	_, err = conn.Exec(t.Context(), "create database "+name+" template template1")
	must(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "drop database "+name+" with (force)")
		must(t, err)
		must(t, conn.Close(context.Background()))
	})
	at, err := url.Parse(conn.Config().ConnString())
	must(t, err)
	at.Path = "/" + name
	return at.String()
}

// TestNodes starts three nodes at once on an empty database: two for requests,
// of which one works too, and one that only works.
func TestNodes(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	f := newHouse(t, "KABAR_DATABASE_URL="+database).family()
	f.listen[0] = f.host // where the reply is sent to
	f.startAll()
	made := f.publish("Satu", "Isi pertama.")
	browsers := f.browsers()
	var streams []<-chan string
	for i, b := range browsers {
		shown := b.get(made.URL)
		if !strings.Contains(shown, "Isi pertama.") {
			t.Fatalf("node %d: %s", i, shown)
		}
		streams = append(streams, b.listen(f.url+liveAddress.FindString(shown), "Dari jauh."))
	}
	world, err := aptest.NewWorld(aptest.WorldOptions{})
	must(t, err)
	t.Cleanup(world.Close)
	server, err := world.Start(aptest.Options{})
	must(t, err)
	// So that it is the worker who makes the comment. A node that is stopped in
	// the middle of a job keeps what it has locked for a minute.
	eventually(t, "no job is under way", func() bool {
		return count(t, database, "select count(*) from river_job where state in ('running', 'available', 'retryable') or state = 'scheduled' and kind <> 'periodic'") == 0
	})
	f.nodes[1].signal(syscall.SIGSTOP)
	sent, err := server.Person("bob").Reply(t.Context(), made.ID, "Dari jauh.")
	must(t, err)
	if sent.Status() != http.StatusAccepted {
		t.Fatalf("the reply gets %d: %s", sent.Status(), sent.Answers[0].Body)
	}
	for i, b := range browsers {
		select {
		case <-streams[i]:
		case <-time.After(patience):
			t.Errorf("who has the page of node %d open hears nothing", i)
		}
		if i == 0 {
			f.nodes[1].signal(syscall.SIGCONT)
		}
		if got := b.get(made.URL); !strings.Contains(got, "Dari jauh.") {
			t.Errorf("node %d was told of the comment and shows the page without it", i)
		}
	}
}

// TestNodesShareSessions signs in at one node, and out at another; a new
// password ends all sessions; wrong ones count for all nodes together.
func TestNodesShareSessions(t *testing.T) {
	t.Parallel()
	f := newHouse(t, "KABAR_DATABASE_URL="+emptyDatabase(t)).family()
	f.startAll()
	const password = "rumah kayu di tepi sungai"
	if made := f.commandIn(password, "account", "create", "ratri", "--email=ratri@blog.example", "--role=owner", "--password-file=-"); made.Code != 0 {
		t.Fatal(made.Err)
	}
	browsers := f.browsers()
	signedIn := func() (found []bool) {
		for _, b := range browsers {
			res, err := b.Get(f.url + "/studio")
			must(t, err)
			must(t, res.Body.Close())
			found = append(found, res.StatusCode == http.StatusOK)
		}
		return found
	}
	post := func(node int, form string, fields url.Values) int {
		res, err := browsers[node].PostForm(f.url+form, fields)
		must(t, err)
		must(t, res.Body.Close())
		return res.StatusCode
	}
	login := func(node int, password string) int {
		return post(node, "/studio/login", url.Values{"email": {"ratri@blog.example"}, "password": {password}})
	}
	const next = "rumah batu di kaki gunung"
	for _, step := range []struct {
		name string
		do   func()
		want []bool // at each node
	}{
		{"signed in at the first", func() { login(0, password) }, []bool{true, true}},
		{"signed out at the second", func() { post(1, "/studio/logout", nil) }, []bool{false, false}},
		{"signed in at the second", func() { login(1, password) }, []bool{true, true}},
		{"a new password", func() {
			if got := f.commandIn(next, "account", "password", "ratri", "--password-file=-"); got.Code != 0 {
				t.Fatal(got.Err)
			}
		}, []bool{false, false}},
	} {
		step.do()
		if diff := cmp.Diff(step.want, signedIn()); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	for i := range 5 {
		login(i%2, password)
	}
	if got := login(1, next); got != http.StatusTooManyRequests {
		t.Errorf("after five wrong passwords at two nodes a sixth try gets %d", got)
	}
}

// TestNodesElect kills the node that gives out the regular work.
func TestNodesElect(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	f := newHouse(t, "KABAR_DATABASE_URL="+database).family()
	f.nodes[2] = f.launch(2)
	f.nodes[2].await("msg=ready")
	const leaders = "select count(*) from river_leader where expires_at > now()"
	eventually(t, "the first is elected", func() bool { return count(t, database, leaders) == 1 })
	f.nodes[1] = f.launch(1)
	f.nodes[1].await("msg=ready")
	const runs = "select count(*) from river_job where kind = 'periodic' and args->>'name' = 'forwards' and state = 'completed'"
	eventually(t, "regular work is done", func() bool { return count(t, database, runs) > 0 })

	f.nodes[2].signal(syscall.SIGKILL)
	f.nodes[2].wait()
	before, killed := count(t, database, runs), time.Now()
	eventually(t, "regular work is done again", func() bool { return count(t, database, runs) > before })
	t.Logf("taken over after %s", time.Since(killed).Round(time.Second))
	if took := time.Since(killed); took > 45*time.Second {
		t.Errorf("it took %s", took)
	}
	// Every ten seconds once, whoever gives it out; once more for each election.
	most := int(time.Since(killed)/(10*time.Second)) + 2
	if got := count(t, database, runs) - before; got > most {
		t.Errorf("it was done %d times and not %d", got, most)
	}
}

// visitor reads the blog at one of its nodes, as if a balancer led it there.
type visitor struct {
	*http.Client
	t *testing.T
}

// browsers are those of one person, one at each node that answers requests:
// they share their cookies.
func (f *family) browsers() (all []visitor) {
	f.t.Helper()
	jar, err := cookiejar.New(nil)
	must(f.t, err)
	for _, address := range f.listen[:2] {
		var d net.Dialer
		transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return d.DialContext(ctx, network, address)
		}}
		f.t.Cleanup(transport.CloseIdleConnections)
		all = append(all, visitor{&http.Client{
			Jar: jar, Transport: transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}, f.t})
	}
	return all
}

func (b visitor) get(address string) string {
	b.t.Helper()
	res, err := b.Get(address)
	must(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b.t, err)
	return string(body)
}

// liveAddress is where a page hears of what changes.
var liveAddress = regexp.MustCompile(`/-/live/[^"]+`)

// listen opens a stream, and passes on the first event that has the words: what
// comes before may be of the publication.
func (b visitor) listen(address, words string) <-chan string {
	b.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, html.UnescapeString(address), nil)
	must(b.t, err)
	res, err := b.Do(r)
	must(b.t, err)
	b.t.Cleanup(func() { stop(); _ = res.Body.Close() })
	heard := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok && strings.Contains(data, words) {
				heard <- data
				return
			}
		}
	}()
	return heard
}
