package federation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// crawls lets a node do all crawls that are due in so long.
func (r *receiver) crawls(later time.Duration) {
	r.t.Helper()
	r.pass(later)
	r.crawlsAs("node")
}

func (r *receiver) crawlsAs(node string) {
	r.t.Helper()
	loop := r.service.Crawls(node)
	ctx, stop := context.WithCancel(r.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run(ctx)
	}()
	err := loop.Idle(ctx)
	stop()
	<-ended
	r.check(err)
}

// soon is when a new reply is followed by a crawl.
const soon = 6 * time.Second

// TestCrawlReplies finds what was never delivered: an answer to an answer on
// another server, and what hangs below it there and on a third one.
func TestCrawlReplies(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	near, far := r.server(), r.server()
	bob, ann, eve, mia := r.remote.Person("bob"), r.remote.Person("ann"), near.Person("eve"), far.Person("mia")
	first := r.reply(bob, r.article.ObjectURI, "first")
	second := r.reply(ann, first.ObjectID, "second")
	third := r.reply(eve, second.ObjectID, "third")
	r.remote.List(second.ObjectID, third.ObjectID)
	fourth := r.reply(mia, third.ObjectID, "fourth")
	near.List(third.ObjectID, fourth.ObjectID)
	r.reply(mia, fourth.ObjectID, "fifth")
	far.List(fourth.ObjectID, far.URL()+"/users/mia/statuses/nothing")

	r.takes(first)
	r.wantThread("1: first")
	r.crawls(0)
	r.wantThread("1: first")
	r.crawls(soon)
	r.wantThread("5: first ( second ( third ( fourth ( fifth ) ) ) )")

	before := near.Requests("/users/eve/statuses/1")
	r.crawls(10 * time.Minute)
	if n := near.Requests("/users/eve/statuses/1"); n != before || n != 1 {
		t.Errorf("a known comment was asked for %d times", n)
	}
}

// TestCrawlSchedule looks at when a thread is crawled: soon after a new reply,
// then more and more seldom, and from the start again when something new comes.
func TestCrawlSchedule(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	first := r.reply(bob, r.article.ObjectURI, "first")
	replies := strings.TrimPrefix(first.ObjectID, r.remote.URL()) + "/replies"
	r.takes(first)
	steps := []struct {
		name  string
		later time.Duration
		reply bool
		want  int
	}{
		{"at once", 0, false, 0},
		{"soon", soon, false, 1},
		{"not again", 4 * time.Minute, false, 0},
		{"after 5 minutes", 2 * time.Minute, false, 1},
		{"not again", 30 * time.Minute, false, 0},
		{"after an hour", 31 * time.Minute, false, 1},
		{"after a day", 24 * time.Hour, false, 1},
		{"after a week", 7 * 24 * time.Hour, false, 1},
		{"never again", 365 * 24 * time.Hour, false, 0},
		{"unless something new comes", soon, true, 1},
		{"and then anew", 5 * time.Minute, false, 0}, // the first comment is old
	}
	for _, step := range steps {
		if step.reply {
			r.takes(r.reply(bob, r.article.ObjectURI, "next"))
		}
		before := r.remote.Requests(replies)
		r.crawls(step.later)
		if got := min(r.remote.Requests(replies)-before, 1); got != step.want {
			t.Errorf("%s: %d looks, want %d", step.name, got, step.want)
		}
	}
	if n := r.count(`select step from crawls`); n != 2 {
		t.Errorf("at step %d, want 2", n)
	}
}

// TestCrawlOncePerBurst lets 100 replies come within a minute.
func TestCrawlOncePerBurst(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	for n := range 100 {
		r.takes(r.reply(bob, r.article.ObjectURI, fmt.Sprint(n)))
		r.crawls(400 * time.Millisecond)
	}
	r.crawls(soon)
	asked := 0
	for n := range 100 {
		asked += min(1, r.remote.Requests(fmt.Sprintf("/users/bob/statuses/%d/replies", n+1)))
	}
	if asked != 100 {
		t.Errorf("%d of 100 asked", asked)
	}
	if n := r.remote.Requests("/users/bob/statuses/1/replies"); n > 2 { // the collection, and its page
		t.Errorf("the first was asked for %d times", n)
	}
}

// TestCrawlContext follows the collection of a conversation at yet another
// server, but believes only what answers something here (FEP-7888).
func TestCrawlContext(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	other := r.server()
	bob, eve := r.remote.Person("bob"), other.Person("eve")
	context := other.URL() + "/contexts/1"
	first := bob.Prepare(bob.Compose(aptest.Note{Content: "first", InReplyTo: r.article.ObjectURI, Extra: aptest.Doc{"context": context}}))
	second := r.reply(eve, first.ObjectID, "second")
	third := r.reply(eve, second.ObjectID, "third")
	stranger := r.reply(eve, "https://x.example/1", "elsewhere")
	alone := r.reply(eve, "", "alone")
	private := eve.Prepare(eve.Compose(aptest.Note{Content: "private", InReplyTo: first.ObjectID, Visibility: activitypub.VisibilityFollowers}))
	other.ServeCollection("/contexts/1", aptest.Collection{
		Ordered: true, AttributedTo: eve.ID(), PageSize: 2,
		Items: []any{
			first.ObjectID, r.article.ObjectURI, third.ObjectID, stranger.ObjectID, alone.ObjectID, private.ObjectID,
			"nonsense", "file:///etc/passwd", eve.ID(), second.ObjectID,
		},
	})
	r.takes(first)
	r.crawls(soon)
	r.wantThread("3: first ( second ( third ) )")
	if n := r.count(`select count(*) from comments where article_id is null`); n != 0 {
		t.Errorf("%d comments without a place", n)
	}
}

// A context that is no collection, as Mastodon had them, is left at that.
func TestCrawlContextWithoutCollection(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	context := r.remote.ServeObject("/contexts/1", aptest.Doc{
		"@context": activitypub.Namespace, "id": r.remote.URL() + "/contexts/1", "type": "Note", "items": []string{r.remote.URL() + "/1"},
	})
	r.takes(bob.Prepare(bob.Compose(aptest.Note{Content: "first", InReplyTo: r.article.ObjectURI, Extra: aptest.Doc{"context": context}})))
	r.crawls(soon)
	if n := r.remote.Requests("/1"); n != 0 {
		t.Errorf("asked %d times for what no collection lists", n)
	}
	r.wantThread("1: first")
}

// TestCrawlEmbedded takes what a page of the same server holds in whole without
// a request, and looks at the rest at its origin.
func TestCrawlEmbedded(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	other := r.server()
	bob, eve := r.remote.Person("bob"), other.Person("eve")
	first := r.reply(bob, r.article.ObjectURI, "first")
	own := bob.Compose(aptest.Note{Content: "own", InReplyTo: first.ObjectID, Published: r.now().Add(-time.Minute)})["object"].(aptest.Doc)
	truth := eve.Compose(aptest.Note{Content: "truth", InReplyTo: first.ObjectID})["object"].(aptest.Doc)
	lie := aptest.Doc{}
	for k, v := range truth {
		lie[k] = v
	}
	lie["content"], lie["contentMap"] = "<p>lie</p>", nil
	r.remote.ServeCollection(strings.TrimPrefix(first.ObjectID, r.remote.URL())+"/replies", aptest.Collection{Items: []any{own, lie}})
	r.takes(first)
	r.crawls(soon)
	r.wantThread("3: first ( own truth )")
	id := own["id"].(string)
	if n := r.remote.Requests(strings.TrimPrefix(id, r.remote.URL())); n != 0 {
		t.Errorf("asked %d times for what was there", n)
	}
}

// TestCrawlSkips looks at whom a crawl does not ask at all.
func TestCrawlSkips(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(r *receiver, first, second *aptest.Sent)
		want   string
	}{
		{"nobody", func(*receiver, *aptest.Sent, *aptest.Sent) {}, "2: first ( second )"},
		{"a hidden comment", func(r *receiver, _, _ *aptest.Sent) { r.exec(`update comments set state = 'hidden'`) }, "1:"},
		{"a deleted article", func(r *receiver, _, _ *aptest.Sent) { r.exec(`update articles set status = 'deleted'`) }, "1:"},
		{"a blocked server", func(r *receiver, _, second *aptest.Sent) { r.refuses("domain", federation.Host(second.ObjectID)) }, "1: first"},
		{"a blocked person", func(r *receiver, _, second *aptest.Sent) { r.refuses("actor", second.Activity["actor"].(string)) }, "1: first"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			other := r.server()
			first := r.reply(r.remote.Person("bob"), r.article.ObjectURI, "first")
			second := r.reply(other.Person("eve"), first.ObjectID, "second")
			r.remote.List(first.ObjectID, second.ObjectID)
			r.takes(first)
			tt.change(r, first, second)
			r.crawls(soon)
			r.wantThread(tt.want)
		})
	}
}

func (r *receiver) refuses(kind, value string) {
	r.t.Helper()
	r.check(r.store.AddBlocks(r.t.Context(), []blog.Block{{Kind: kind, Value: value, Created: r.now()}}, newID,
		blog.AuditEntry{ID: newID(), At: r.now(), Action: "block.add"}))
}

// TestCrawlByOneNode lets two nodes claim: what is leased to one keeps the other
// from crawling anything, until it gives it back or its lease ends.
func TestCrawlByOneNode(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(r.reply(bob, r.article.ObjectURI, "a"), r.reply(bob, r.publish("teh").ObjectURI, "b"))
	r.pass(soon)
	claim := func(node string) int {
		crawls, err := r.store.ClaimCrawls(t.Context(), federation.CrawlClaim{
			Node: node, Now: r.now(), Lease: time.Minute, Limit: 1, Most: 10, PerHour: 15,
		})
		r.check(err)
		requests := 0
		for _, c := range crawls {
			requests += c.Requests
		}
		return requests
	}
	got := []int{claim("a"), claim("b"), claim("a"), claim("a")}
	r.pass(61 * time.Second)
	got = append(got, claim("b"), claim("b"), claim("b")) // a was killed; five requests are left of the hour
	r.pass(61 * time.Second)
	got = append(got, claim("b"))
	r.pass(time.Hour)
	got = append(got, claim("b"))
	if want := []int{10, 0, 10, 0, 5, 5, 0, 0, 10}; !slices.Equal(want, got) {
		t.Errorf("claims allow %v, want %v", got, want)
	}
}
