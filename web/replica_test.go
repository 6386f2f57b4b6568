package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/pgtest"
)

// follow lets pages be read from a replica.
func (w *world) follow(url string) {
	w.t.Helper()
	r, err := w.store.OpenReplica(w.t.Context(), url, slog.New(slog.DiscardHandler), w.maker.Cache.Changes)
	check(w.t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Follow(ctx)
	}()
	w.t.Cleanup(func() {
		stop()
		<-done
		r.Close()
	})
	w.maker.Cache.Replica = r
}

// notKept is an address of the article that the cache keeps nothing for.
const notKept = "/kabar?from=elsewhere"

var versions = regexp.MustCompile(`versi (\d+)`)

// version is the newest version of the article that a page shows, -1 for none.
func version(body string) int {
	newest := -1
	for _, found := range versions.FindAllStringSubmatch(body, -1) {
		n, _ := strconv.Atoi(found[1]) // digits
		newest = max(newest, n)
	}
	return newest
}

// edited is an article of which version after version is saved, and read at
// some addresses.
type edited struct {
	*world
	article blog.Article
	paths   []string
	saved   int
}

// save saves one more version; everybody sees it at once.
func (e *edited) save() {
	e.t.Helper()
	e.saved++
	_, err := e.blog.Save(e.t.Context(), uuid.Nil, blog.Save{
		ID: e.article.ID, Input: blog.DraftInput{Title: "Kabar", Markdown: "Ini versi " + strconv.Itoa(e.saved) + " dari berita."},
	})
	check(e.t, err)
	for _, path := range e.paths {
		if got := version(e.get(path).body); got != e.saved {
			e.t.Errorf("%s shows version %d after %d was saved", path, got, e.saved)
		}
	}
}

// read asks for a path until ctx ends: no answer is older than the one before,
// and none fails.
func (e *edited) read(ctx context.Context, path string) {
	for last := 0; ctx.Err() == nil; {
		res, err := http.Get(e.origin + path)
		if err != nil {
			e.t.Errorf("%s: %v", path, err)
			return
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it has been read
		got := version(string(body))
		if err != nil || res.StatusCode != http.StatusOK || got < last {
			e.t.Errorf("%s: %s, %v, version %d after %d", path, res.Status, err, got, last)
			return
		}
		last = got
	}
}

// onReplica waits until a page is read from the replica.
func (e *edited) onReplica(when string) {
	e.t.Helper()
	before := e.store.Reads()["replica"]
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); {
		e.get(notKept)
		if e.store.Reads()["replica"] > before {
			return
		}
	}
	e.t.Errorf("%s: the replica is not read from", when)
}

// TestReplica reads while versions are saved, the replica is paused, killed,
// taken away and brought back.
func TestReplica(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	w := newWorldOn(t, pair.Primary, pair.Replica)
	e := &edited{world: w, article: w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Ini versi 0 dari berita."})}
	e.paths = []string{
		"/kabar", "/kabar?lang=en", "/feed.atom", strings.TrimPrefix(e.article.ObjectURI, w.origin), notKept,
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for _, path := range e.paths {
		readers.Go(func() { e.read(ctx, path) })
	}
	e.onReplica("at first")
	for range 20 {
		e.save()
	}
	pair.ExecReplica(`select pg_wal_replay_pause()`)
	for range 3 {
		e.save()
	}
	pair.ExecReplica(`select pg_wal_replay_resume()`)
	e.onReplica("resumed")
	pair.KillReplica()
	for range 3 {
		e.save()
	}
	e.onReplica("back by itself")
	pair.StopReplica()
	e.save()
	pair.StartReplica()
	e.onReplica("started again")
	e.save()
	stop()
	readers.Wait()
	e.comment()
	e.quiet()
}

// quiet reads while nothing changes: the primary has nothing to do with it.
func (e *edited) quiet() {
	e.t.Helper()
	e.onReplica("while it is quiet")
	before := e.store.Reads()
	for _, path := range []string{
		notKept, "/search?q=berita", "/kabar?from=nowhere", "/feed.rss", "/archive", "/-/reactions/" + e.article.ID.String(),
		strings.TrimPrefix(e.actor.URI, e.origin) + "/outbox", strings.TrimPrefix(e.article.ObjectURI, e.origin) + "/replies",
	} {
		if got := e.get(path).StatusCode; got != http.StatusOK {
			e.t.Errorf("%s: %d", path, got)
		}
	}
	after := e.store.Reads()
	onPrimary, onReplica := after["primary"]-before["primary"], after["replica"]-before["replica"]
	if onReplica == 0 || onPrimary > onReplica/5 { // a look at it may take too long on a busy machine
		e.t.Errorf("%d reads on the primary, %d on the replica", onPrimary, onReplica)
	}
	e.t.Logf("%d reads on the primary, %d on the replica", onPrimary, onReplica)
}

// comment sends a form, and reads what it wrote where it was written.
func (e *edited) comment() {
	e.t.Helper()
	sent := e.post(respondPath(e.article), e.visit(e.article))
	if sent.StatusCode != http.StatusSeeOther || !strings.Contains(cookies(sent), "wrote=1") {
		e.t.Fatalf("%s %q", sent.Status, sent.Header["Set-Cookie"])
	}
	for _, cookie := range []string{cookies(sent), "wrote=1"} {
		before := e.store.Reads()["replica"]
		shown := e.get(sent.Header.Get("Location"), "Cookie", cookie)
		e.get(notKept, "Cookie", cookie)
		if after := e.store.Reads()["replica"]; after != before || shown.StatusCode != http.StatusOK {
			e.t.Errorf("%s with %q: %d reads on the replica", shown.Status, cookie, after-before)
		}
	}
}
