package federation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

const origin = "https://blog.example"

// receiver is a blog with one article, and the rest of the fediverse.
type receiver struct {
	t       testing.TB
	store   *postgres.Store
	service *federation.Service
	world   *aptest.World
	remote  *aptest.Server
	actor   blog.Actor
	article blog.Article

	mu     sync.Mutex
	later  time.Duration // what the clock is ahead
	signed atomic.Int64  // the time of the last signature, in seconds
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	return receiverOn(t, pgtest.URL(t))
}

func receiverOn(t testing.TB, url string) *receiver {
	r := &receiver{t: t}
	var err error
	r.store, err = postgres.Open(t.Context(), url)
	r.check(err)
	t.Cleanup(r.store.Close)
	r.world, err = world()
	r.check(err)
	r.remote = r.server()
	_, err = r.store.InitSite(t.Context(), blog.DefaultSite(origin, "blog.example"))
	r.check(err)
	r.service = &federation.Service{
		Store: r.store, Client: client.New(client.Options{AllowPrivate: true, Self: origin, Timeout: 5 * time.Second}),
		Now: r.now, NewID: newID, Log: slog.New(slog.DiscardHandler),
	}
	r.service.Blog = &blog.Service{Reader: r.store, Store: r.store, Now: r.now, NewID: newID}
	for _, kind := range []blog.Kind{blog.BlogActor, blog.InstanceActor} {
		id := newID()
		r.check(r.store.InsertLocalActor(t.Context(), federation.NewLocalActor{
			ID: id, URI: localURI(kind, id), Kind: string(kind), Type: "Person", Handle: string(kind), Domain: "blog.example",
		}))
	}
	r.actor, err = r.store.LocalActor(t.Context(), blog.BlogActor, "")
	r.check(err)
	r.article = r.publish("kopi")
	return r
}

// world is shared by all tests: to make its key takes longer than most of them.
var world = sync.OnceValues(func() (*aptest.World, error) {
	return aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
})

func localURI(kind blog.Kind, id uuid.UUID) string {
	if kind == blog.InstanceActor {
		return blog.Address{Origin: origin}.InstanceActor()
	}
	return blog.Address{Origin: origin}.Actor(id)
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (r *receiver) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Add(r.later)
}

// pass lets time go by.
func (r *receiver) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.later += d
}

func (r *receiver) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *receiver) server() *aptest.Server {
	r.t.Helper()
	s, err := r.world.Start(aptest.Options{})
	r.check(err)
	r.t.Cleanup(s.Close)
	return s
}

func (r *receiver) publish(slug string) blog.Article {
	r.t.Helper()
	a := blog.Article{
		ID: newID(), Slug: slug, Status: blog.Published, Title: slug, Markdown: "x", HTML: markup.SafeFromStore("<p>x</p>"),
		Language: "id", ActorID: r.actor.ID, Revision: 1, Created: r.now(), Changed: r.now(), Published: r.now(),
	}
	a.ObjectURI = blog.Address{Origin: origin}.Object(a.ID)
	r.check(r.store.SaveArticle(r.t.Context(), a, 0, nil, blog.AuditEntry{ID: newID(), At: r.now(), Action: "article.create"}))
	return a
}

// accept hands an activity over as if its actor had signed it, a second after
// the last.
func (r *receiver) accept(body []byte) {
	r.t.Helper()
	r.acceptSigned(body, time.Unix(r.signed.Add(1), 0))
}

func (r *receiver) acceptSigned(body []byte, signed time.Time) {
	r.t.Helper()
	activity, err := activitypub.Decode(body)
	r.check(err)
	actor := activity.Actor.ID()
	r.check(r.service.Accept(r.t.Context(), inbox.Delivery{
		Signer: actor, Signed: signed, Host: federation.Host(actor), Activity: activity, Raw: body, Path: "/ap/inbox",
	}))
}

// forward hands an activity over as if another server had passed it on.
func (r *receiver) forward(by string, body []byte) {
	r.t.Helper()
	activity, err := activitypub.Decode(body)
	r.check(err)
	r.check(r.service.Accept(r.t.Context(), inbox.Delivery{
		Signer: by, Host: federation.Host(by), Activity: activity, Raw: body, Forwarded: true,
	}))
}

// work processes everything that is due.
func (r *receiver) work() {
	r.t.Helper()
	for {
		batch, err := r.service.ClaimInbound(r.t.Context(), 100)
		r.check(err)
		if len(batch) == 0 {
			return
		}
		r.check(r.service.ProcessBatch(r.t.Context(), batch))
	}
}

// takes accepts activities and processes them, one by one.
func (r *receiver) takes(sent ...*aptest.Sent) {
	r.t.Helper()
	for _, s := range sent {
		r.accept(s.Body)
		r.work()
	}
}

// outcome is what became of an activity, by its id or else by its actor.
func (r *receiver) outcome(id string) string {
	r.t.Helper()
	list, err := r.store.InboundList(r.t.Context(), postgres.InboundQuery{Limit: 1000})
	r.check(err)
	for _, e := range list {
		if e.ActivityURI == id || strings.Contains(string(e.Raw), `"id":"`+id+`"`) && e.ActivityURI != id {
			if e.Outcome == "" {
				return "waiting " + e.Detail
			}
			return e.Outcome
		}
	}
	return "none"
}

func (r *receiver) wantOutcome(id, want string) {
	r.t.Helper()
	if got := r.outcome(id); got != want {
		r.t.Errorf("outcome of %s = %q, want %q", id, got, want)
	}
}

// thread writes the comments under the article as text, answers in brackets,
// a placeholder as "-", behind the counter.
func (r *receiver) thread() string {
	r.t.Helper()
	thread, err := r.store.Thread(r.t.Context(), blog.ThreadQuery{Article: r.article.ID, Answers: 1000, Siblings: 1000, Levels: 600, Room: 10_000})
	r.check(err)
	a, err := r.store.Article(r.t.Context(), r.article.ID)
	r.check(err)
	return fmt.Sprint(a.Comments, ":", written(thread.Nodes))
}

func written(nodes []*blog.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		text := n.Comment.Text
		if !n.Comment.Shown() {
			text = "-"
		}
		b.WriteString(" " + text)
		if len(n.Replies) > 0 {
			b.WriteString(" (" + written(n.Replies) + " )")
		}
	}
	return b.String()
}

func (r *receiver) wantThread(want string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.thread()); diff != "" {
		r.t.Errorf("thread (-want +got):\n%s", diff)
	}
}

// reply is the Create of a public reply, not sent yet. The note is served at
// its origin.
func (r *receiver) reply(p *aptest.Person, parent, text string) *aptest.Sent {
	return p.Prepare(p.Compose(aptest.Note{Content: text, InReplyTo: parent}))
}

// update is an Update of a note: what changes, and when.
func update(p *aptest.Person, create *aptest.Sent, at time.Time, change aptest.Doc) *aptest.Sent {
	o := aptest.Doc{}
	for k, v := range create.Activity["object"].(aptest.Doc) {
		o[k] = v
	}
	o["updated"] = at.UTC().Format(time.RFC3339)
	delete(o, "contentMap")
	for k, v := range change {
		o[k] = v
	}
	return p.Prepare(aptest.Doc{"type": "Update", "to": o["to"], "cc": o["cc"], "object": o})
}

func remove(p *aptest.Person, create *aptest.Sent) *aptest.Sent {
	return p.Prepare(aptest.Doc{"type": "Delete", "object": aptest.Doc{"id": create.ObjectID, "type": "Tombstone"}})
}

func do(p *aptest.Person, kind string, object any, more ...aptest.Doc) *aptest.Sent {
	activity := aptest.Doc{"type": kind, "object": object}
	for _, doc := range more {
		for k, v := range doc {
			activity[k] = v
		}
	}
	return p.Prepare(activity)
}

// scan reads one row.
func (r *receiver) scan(sql string, args []any, targets ...any) {
	r.t.Helper()
	r.check(r.store.Pool().QueryRow(context.Background(), sql, args...).Scan(targets...))
}

func (r *receiver) count(sql string, args ...any) (n int) {
	r.t.Helper()
	r.scan(sql, args, &n)
	return n
}

func (r *receiver) exec(sql string, args ...any) {
	r.t.Helper()
	_, err := r.store.Pool().Exec(context.Background(), sql, args...)
	r.check(err)
}

func TestAcceptOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "halo")
	r.accept(create.Body)
	r.accept(create.Body)
	r.work()
	r.accept(create.Body)
	if n := r.count(`select count(*) from inbound`); n != 1 {
		t.Errorf("%d activities on disk, want 1", n)
	}
	r.wantThread("1: halo")

	// Without an id, actor, type and object tell whether it is the same.
	like := []byte(fmt.Sprintf(`{"type":"Like","actor":%q,"object":%q}`, bob.ID(), r.article.ObjectURI))
	r.accept(like)
	r.accept(like)
	if n := r.count(`select count(*) from inbound where type = 'Like'`); n != 1 {
		t.Errorf("%d likes on disk, want 1", n)
	}
}

func TestAcceptForeignID(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	mallory, bob := r.server().Person("mallory"), r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "halo")
	// Neither with a signature of her own nor as a forwarder can she use up
	// the id of what bob is about to say.
	r.accept([]byte(fmt.Sprintf(`{"id":%q,"type":"Like","actor":%q,"object":"https://x.example/1"}`, create.ID, mallory.ID())))
	r.forward(mallory.ID(), []byte(fmt.Sprintf(
		`{"id":%q,"type":"Create","actor":%q,"object":%q,"signature":{}}`, create.ID, bob.ID(), bob.ID()+"/nothing")))
	r.work()
	r.takes(create)
	r.wantOutcome(create.ID, "comment")
	r.wantThread("1: halo")
}

func TestAcceptBlocked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, kind string
		value      func(p *aptest.Person) string
		want       error
	}{
		{"nobody", "", nil, nil},
		{"the actor", "actor", (*aptest.Person).ID, inbox.ErrBlocked},
		{"the host", "domain", func(p *aptest.Person) string { return federation.Host(p.ID()) }, inbox.ErrBlocked},
		{"another host", "domain", func(*aptest.Person) string { return "x.example" }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			bob := r.remote.Person("bob")
			if tt.kind != "" {
				r.check(r.store.AddBlocks(t.Context(), []blog.Block{{Kind: tt.kind, Value: tt.value(bob), Created: r.now()}}, newID,
					blog.AuditEntry{ID: newID(), At: r.now(), Action: "block.add"}))
			}
			body := do(bob, "Like", r.article.ObjectURI).Body
			activity, err := activitypub.Decode(body)
			r.check(err)
			err = r.service.Accept(t.Context(), inbox.Delivery{
				Signer: bob.ID(), Host: federation.Host(bob.ID()), Activity: activity, Raw: body,
			})
			if !errors.Is(err, tt.want) {
				t.Errorf("Accept = %v, want %v", err, tt.want)
			}
			if n := r.count(`select count(*) from inbound`); n != 1 && tt.want == nil || n != 0 && tt.want != nil {
				t.Errorf("%d activities on disk", n)
			}
		})
	}
}

func TestAcceptLimits(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.service.Limits = federation.Limits{ActorPerMinute: 2, HostPerMinute: 3}
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	tests := []struct {
		name string
		who  *aptest.Person
		wait time.Duration
		ok   bool
	}{
		{"first", bob, 0, true},
		{"second", bob, 0, true},
		{"third of the actor", bob, 0, false},
		{"third of the host", eve, 0, true},
		{"fourth of the host", eve, 0, false},
		{"a minute later", eve, time.Minute, true},
	}
	for _, tt := range tests {
		r.pass(tt.wait)
		body := do(tt.who, "Like", r.article.ObjectURI).Body
		activity, err := activitypub.Decode(body)
		r.check(err)
		err = r.service.Accept(t.Context(), inbox.Delivery{
			Signer: tt.who.ID(), Host: federation.Host(tt.who.ID()), Activity: activity, Raw: body,
		})
		var later interface{ RetryAfter() time.Duration }
		if ok := err == nil; ok != tt.ok || !ok && !errors.As(err, &later) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
