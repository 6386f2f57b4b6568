package federation_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// What a crash leaves between claim and end comes again when the lease ends,
// and has one effect even when the first one was only slow.
func TestLease(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create, follow := r.reply(bob, r.article.ObjectURI, "halo"), do(bob, "Follow", r.actor.URI)
	flag := r.remote.Instance().Prepare(aptest.Doc{"type": "Flag", "object": r.article.ObjectURI})
	for _, s := range []*aptest.Sent{create, follow, flag, do(bob, "Like", r.article.ObjectURI)} {
		r.accept(s.Body)
	}
	lost, err := r.service.ClaimInbound(t.Context(), 100)
	r.check(err)
	if len(lost) != 4 {
		t.Fatalf("%d claimed, want 4", len(lost))
	}
	if again, err := r.service.ClaimInbound(t.Context(), 100); err != nil || len(again) != 0 {
		t.Fatalf("claimed twice: %v, %v", again, err)
	}
	r.pass(10 * time.Minute)
	second, err := r.service.ClaimInbound(t.Context(), 100)
	r.check(err)
	var wg sync.WaitGroup
	for _, batch := range [][]federation.Inbound{lost, second} {
		wg.Go(func() {
			if err := r.service.ProcessBatch(t.Context(), batch); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r.wantThread("1: halo")
	r.wantOutcome(create.ID, "comment")
	r.wantOutcome(follow.ID, "follow")
	if got := r.numbers(); got != "1 likes 0 boosts 1 reactions" {
		t.Error(got)
	}
	accepts, reports := r.count(`select count(*) from activities`), r.count(`select count(*) from reports`)
	if accepts != 1 || reports != 1 {
		t.Errorf("%d Accepts, %d reports, want 1 of each", accepts, reports)
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.accept(do(r.remote.Person("bob"), "Like", r.article.ObjectURI).Body)
	batch, err := r.service.ClaimInbound(t.Context(), 100)
	r.check(err)
	r.check(r.service.ReleaseInbound(t.Context(), batch))
	again, err := r.service.ClaimInbound(t.Context(), 100)
	r.check(err)
	if len(again) != 1 || again[0].Attempts != 1 {
		t.Errorf("claimed again: %+v", again)
	}
}

// An origin that is down is tried for two days.
func TestBackOff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		heals  int // tries until it is well again; 0 = never
		status int
		want   string
	}{
		{"heals", 3, http.StatusServiceUnavailable, "comment"},
		{"never", 0, http.StatusServiceUnavailable, "failed:origin"},
		{"is gone", 0, http.StatusGone, "ignored:gone"},
		{"is not there", 0, http.StatusNotFound, "ignored:not-found"},
		{"is forbidden", 0, http.StatusForbidden, "refused:not-believed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			bob := r.remote.Person("bob")
			create := r.reply(bob, r.article.ObjectURI, "halo")
			r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, create.ObjectID), Status: tt.status})
			byID := do(bob, "Create", create.ObjectID)
			r.accept(byID.Body)
			tries, waited := 0, time.Duration(0)
			for r.work(); strings.HasPrefix(r.outcome(byID.ID), "waiting"); r.work() {
				if tries++; tries == tt.heals {
					r.remote.Behave()
				}
				var next time.Time
				r.scan(`select next_at from inbound`, nil, &next)
				step := next.Sub(r.now()) + time.Second
				waited += step
				r.pass(step)
			}
			r.wantOutcome(byID.ID, tt.want)
			if tt.want == "failed:origin" && (waited < 40*time.Hour || waited > 60*time.Hour) {
				t.Errorf("given up after %s, want about two days", waited)
			}
		})
	}
}

// One bad row costs itself and nobody else.
func TestBatchWithBadRow(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(r.reply(bob, r.article.ObjectURI, "a"))
	r.exec(`alter table comments add constraint poison check (text not like '%poison%')`)
	for _, text := range []string{"b", "poison", "c"} {
		r.accept(r.reply(bob, r.article.ObjectURI, text).Body)
	}
	r.work()
	r.wantThread("3: a b c")
	if n := r.count(`select count(*) from inbound where done is null and attempts = 1 and detail like '%poison%'`); n != 1 {
		t.Error("the bad one does not wait for another try")
	}
}

func TestMalformedOnDisk(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, raw string }{
		{"no JSON", `{`},
		{"10,000 nodes", `{"type":"Create","object":[` + strings.Repeat(`{},`, 11_000) + `{}]}`},
		{"too deep", strings.Repeat(`{"object":`, 40) + `1` + strings.Repeat(`}`, 40)},
	}
	r := newReceiver(t)
	for i, tt := range tests {
		r.exec(`insert into inbound (activity_uri, actor, signer, host, type, raw, received, next_at)
			values ($1, 'https://x.example/', '', '', 'Create', $2, now(), now())`, tt.name, []byte(tt.raw))
		r.work()
		if got := r.outcome(tests[i].name); got != "refused:malformed" {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// Shapes at the limits of what is decoded are processed in bounded time.
func TestHostileShapes(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	many := func(doc aptest.Doc) []aptest.Doc {
		list := make([]aptest.Doc, 1500)
		for i := range list {
			list[i] = doc
		}
		return list
	}
	tests := []struct {
		name   string
		change aptest.Doc
	}{
		{"tags", aptest.Doc{"tag": many(aptest.Doc{"type": "Mention", "href": "https://x.example/u", "name": "@u"})}},
		{"attachments", aptest.Doc{"attachment": many(aptest.Doc{"type": "Image", "url": "https://x.example/i.png"})}},
		{"choices", aptest.Doc{"type": "Question", "oneOf": many(aptest.Doc{"type": "Note", "name": "x"})}},
		{"parents", aptest.Doc{"inReplyTo": append([]any{r.article.ObjectURI}, bob.ID(), 7, nil)}},
		{"addresses", aptest.Doc{"cc": strings.Split(strings.Repeat("https://x.example/u,", 2000), ",")}},
		{"NUL", aptest.Doc{"content": "a\x00b", "summary": "\x00", "url": "https://x.example/\x00", "language": "\x00"}},
		{"deep HTML", aptest.Doc{"content": strings.Repeat("<blockquote>", 5000) + "x"}},
		{"long HTML", aptest.Doc{"content": strings.Repeat("<p>x</p>", 40_000)}},
		{"wrong types", aptest.Doc{"published": 7, "updated": aptest.Doc{}, "summary": []int{1}, "attachment": "x", "tag": 1}},
		{"far future", aptest.Doc{"published": "9999-12-31T23:59:59Z"}},
	}
	for i, tt := range tests {
		o := note(bob, fmt.Sprint("shape", i), r.article.ObjectURI, tt.change)
		create := do(bob, "Create", o)
		r.takes(create)
		if got := r.outcome(create.ID); got != "comment" {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	if n := r.count(`select count(*) from comments where published > now() or length(html) > 1000000 or
		jsonb_array_length(attachments) > 16 or jsonb_array_length(mentions) > 50`); n != 0 {
		t.Errorf("%d comments are out of bounds", n)
	}
}

// BenchmarkProcess takes signed replies of known actors from the queue to the
// page: on a durable server, in batches as the loop makes them.
func BenchmarkProcess(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	people := make([]*aptest.Person, 100)
	for i := range people {
		people[i] = r.remote.Person(fmt.Sprint("p", i))
		r.takes(r.reply(people[i], r.article.ObjectURI, "first"))
	}
	r.fill(people, b.N)
	b.ResetTimer()
	r.work()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replies/s")
	b.StopTimer()
	if n := r.count(`select comments from articles where id = $1`, r.article.ID); n != b.N+len(people) {
		b.Errorf("%d comments counted, want %d", n, b.N+len(people))
	}
}

// BenchmarkReactions is the same for a post that many react to at once.
func BenchmarkReactions(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	people := make([]*aptest.Person, 100)
	for i := range people {
		people[i] = r.remote.Person(fmt.Sprint("p", i))
		r.takes(do(people[i], "Like", r.article.ObjectURI))
	}
	const emoji = 250 // from U+1F300 on
	for i := range b.N {
		content := string(rune(0x1F300 + i/len(people)%emoji))
		r.accept(do(people[i%len(people)], "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": content}).Body)
	}
	b.ResetTimer()
	r.work()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reactions/s")
	b.StopTimer()
	want := min(b.N, emoji*len(people))
	if n := r.count(`select count(*) from reactions where kind = 'emoji'`); n != want {
		b.Errorf("%d reactions, want %d", n, want)
	}
}

// BenchmarkIgnored is the same for what is of no concern here, as most of what
// a server hears of is.
func BenchmarkIgnored(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	bob := r.remote.Person("bob")
	r.takes(do(bob, "Like", r.article.ObjectURI))
	for i := range b.N {
		r.accept(do(bob, "Like", fmt.Sprint("https://elsewhere.example/notes/", i)).Body)
	}
	b.ResetTimer()
	r.work()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ignored/s")
	b.StopTimer()
	if n := r.count(`select count(*) from inbound where outcome = 'ignored:not-ours'`); n != b.N {
		b.Errorf("%d are ignored, want %d", n, b.N)
	}
}

// fill puts n replies into the queue, copies of a real one under other ids.
func (r *receiver) fill(people []*aptest.Person, n int) {
	for i := range n {
		p := people[i%len(people)]
		create := p.Prepare(p.Compose(aptest.Note{
			Content: fmt.Sprintf(
				`<p>Reply %d with a <a href="https://x.example/%d" class="mention">link</a> and <em>some</em> text.</p>`, i, i),
			InReplyTo: r.article.ObjectURI,
		}))
		r.accept(create.Body)
	}
}

// BenchmarkAccept is what stands between a verified request and its 202.
func BenchmarkAccept(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	bob := r.remote.Person("bob")
	sent := r.reply(bob, r.article.ObjectURI, "first")
	bodies := make([][]byte, b.N)
	for i := range bodies {
		bodies[i] = bytes.ReplaceAll(sent.Body, []byte("/statuses/"), fmt.Appendf(nil, "/statuses/%d-", i))
	}
	next := make(chan []byte, b.N)
	for _, body := range bodies {
		next <- body
	}
	close(next)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for body := range next {
				r.accept(body)
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
	b.StopTimer()
	if list, err := r.store.InboundList(b.Context(), postgres.InboundQuery{Outcome: "waiting", Limit: b.N + 1}); err != nil || len(list) != b.N {
		b.Errorf("%d wait, %v; want %d", len(list), err, b.N)
	}
}

// Two nodes take the Create and the Delete of the same posts at the same time.
func TestCreateAndDeleteAtOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(r.reply(bob, r.article.ObjectURI, "stays"))
	for range 40 {
		create := r.reply(bob, r.article.ObjectURI, "goes")
		r.accept(create.Body)
		r.accept(remove(bob, create).Body)
		r.accept(update(bob, create, r.now().Add(time.Second), aptest.Doc{"content": "second"}).Body)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				batch, err := r.service.ClaimInbound(t.Context(), 5)
				if err != nil || len(batch) == 0 {
					return
				}
				if err := r.service.ProcessBatch(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.work()
	r.wantThread("1: stays")
	if n := r.count(`select count(*) from inbound where done is null`); n != 0 {
		t.Errorf("%d are not done", n)
	}
}

func TestBlockedWhileWaiting(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "halo")
	r.accept(create.Body)
	r.check(r.store.AddBlocks(t.Context(), []blog.Block{{Kind: "actor", Value: bob.ID(), Created: r.now()}}, newID,
		blog.AuditEntry{ID: newID(), At: r.now(), Action: "block.add"}))
	r.work()
	r.wantOutcome(create.ID, "refused:blocked")
	r.wantThread("0:")
}

func TestDeletedArticle(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	a := r.reply(bob, r.article.ObjectURI, "a")
	r.takes(a)
	r.check(r.store.DeleteArticle(t.Context(), r.article.ID, r.now(), nil, blog.AuditEntry{ID: newID(), At: r.now(), Action: "article.delete"}))
	for name, s := range map[string]*aptest.Sent{
		"reply": r.reply(bob, r.article.ObjectURI, "b"), "nested": r.reply(bob, a.ObjectID, "c"),
		"like": do(bob, "Like", r.article.ObjectURI), "by slug": r.reply(bob, origin+"/kopi", "d"),
	} {
		r.takes(s)
		if got := r.outcome(s.ID); got != "ignored:gone" && got != "ignored:no-target" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A server that never answers costs its own people time, once, and nobody else.
func TestHangingServer(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.service.Client = client.New(client.Options{AllowPrivate: true, Self: origin, Timeout: 300 * time.Millisecond})
	bob := r.remote.Person("bob")
	slow := r.server()
	var late []*aptest.Sent
	for i := range 16 {
		p := slow.Person(fmt.Sprint("p", i))
		r.takes(do(p, "Like", r.article.ObjectURI))
		create := r.reply(p, r.article.ObjectURI, "late")
		slow.Misbehave(aptest.Behaviour{Path: path(slow, create.ObjectID), Hang: true})
		byID := do(p, "Create", create.ObjectID)
		late = append(late, byID)
		r.accept(byID.Body)
	}
	r.accept(r.reply(bob, r.article.ObjectURI, "halo").Body)
	r.work()
	r.wantThread("1: halo")
	asked := 0
	for _, s := range late {
		asked += slow.Requests(path(slow, s.Activity["object"].(string)))
	}
	if asked > 8 { // what was on its way when the first one timed out
		t.Errorf("the server was asked %d times", asked)
	}
	slow.Behave()
	r.pass(2 * time.Minute)
	r.work()
	if n := r.count(`select count(*) from inbound where outcome = 'comment'`); n != 17 {
		t.Errorf("%d comments after it is back, want 17", n)
	}
}
