package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/media"
	"kabar/internal/pagecache"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
	"kabar/web"
	"kabar/web/fedi"
	"kabar/web/feed"
	"kabar/web/page"
	"kabar/web/site"
	"kabar/web/studio"
)

// defences are what a fortress may have different from the program. The zero
// value is like the program, but for the limits, which are off.
type defences struct {
	limits   federation.Limits
	trusts   func(netip.Addr) bool
	bodyTime time.Duration
}

// fortress is a whole blog under attack: all that the program serves, over
// HTTP, on a database of its own, and servers whose people attack it. An error
// that it blames on itself fails the test: no input may be a fault of ours.
type fortress struct {
	*world
	defences
	others  *aptest.World
	home    *aptest.Server // where most attackers live
	inbox   string         // shared
	web     *web.Server
	most    atomic.Int64 // activities that may wait; 0 = any number
	own     string       // the inbox of the blog's actor
	article blog.Article

	mu       sync.Mutex
	refusals map[string]int // by reason
}

// password is the owner's.
const password = "rumah kayu di tepi sungai"

func newFortress(t *testing.T, d defences) *fortress {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	f := &fortress{defences: d, refusals: map[string]int{}}
	f.world = &world{t: t, origin: "http://" + listener.Addr().String()}
	f.store, err = postgres.Open(t.Context(), pgtest.URL(t))
	check(t, err)
	t.Cleanup(f.store.Close)
	_, err = f.store.InitSite(t.Context(), blog.DefaultSite(f.origin, "blog.example"))
	check(t, err)
	f.build(listener, f.complaints())
	f.others, err = aptest.NewWorld(aptest.WorldOptions{})
	check(t, err)
	t.Cleanup(f.others.Close)
	f.home = f.server(aptest.Options{})
	f.article = f.publish(blog.DraftInput{Title: "Kabar baik", Markdown: "Halo, *dunia*.", Language: "id"})
	return f
}

// build puts everything together as cmd/kabar does.
func (f *fortress) build(listener net.Listener, log *slog.Logger) {
	f.blog = &blog.Service{Reader: f.store, Store: f.store, Now: time.Now, NewID: newID}
	remote := client.New(client.Options{AllowPrivate: true, Self: f.origin, Signer: func(ctx context.Context) (httpsig.Signer, error) {
		return f.fed.InstanceSigner(ctx)
	}})
	f.t.Cleanup(remote.CloseIdle)
	f.fed = &federation.Service{
		Store: f.store, Blog: f.blog, Client: remote, Now: time.Now, NewID: newID, Log: log, Limits: f.limits,
	}
	check(f.t, f.fed.EnsureActors(f.t.Context()))
	var err error
	f.actor, err = f.store.LocalActor(f.t.Context(), blog.BlogActor, "")
	check(f.t, err)
	f.inbox, f.own = f.origin+"/ap/inbox", f.actor.URI+"/inbox"
	f.maker = &page.Maker{Blog: f.blog, Origin: f.origin, Now: time.Now, Log: log, Cache: pagecache.New(16<<20, time.Minute)}
	f.maker.Sessions = auth.NewSessions(f.store.Pool(), false, f.maker.Fail)
	f.maker.Auth = auth.New(f.store, f.maker.Sessions, time.Now)
	f.store.Changed = f.maker.Changed
	f.client = &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	f.t.Cleanup(f.client.CloseIdleConnections)
	f.open(listener, log, remote)
}

func (f *fortress) open(listener net.Listener, log *slog.Logger, remote *client.Client) {
	keys := &inbox.Keys{Stored: f.fed.StoredKey, Fetch: f.fed.FetchKey}
	policy := httpsig.Policy{Now: time.Now, Hosts: []string{listener.Addr().String()}}
	folder, err := media.OpenFolder(f.t.TempDir())
	check(f.t, err)
	f.t.Cleanup(func() { _ = folder.Close() })
	f.web = &web.Server{
		Page: f.maker, Log: log, Ready: f.store.Ping, Trusts: f.trusts,
		Parts: []web.Part{
			&fedi.Part{
				Page: f.maker, Federation: f.fed, Numbers: f.store, Keys: keys, Policy: policy, Version: "1.0.0",
				Inbox: &inbox.Handler{
					Keys: keys, Known: f.fed.Known, Accept: f.fed.Accept, Breach: f.fed.Breach, Refused: f.refused,
					Policy: policy, Log: log, BodyTime: f.bodyTime, Busy: f.backlog, Sender: page.Sender,
				},
			},
			&studio.Studio{Page: f.maker, Store: f.store},
			&feed.Part{Page: f.maker, Numbers: f.store, Sitemap: f.store},
			&site.Part{
				Page: f.maker, Federation: f.fed, Numbers: f.store, WebFinger: remote.WebFinger, Setup: f.store,
				Media: media.Handler{Store: folder},
			},
		},
	}
	server := f.web.HTTP()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			f.t.Error(err)
		}
	}()
	f.t.Cleanup(func() {
		_ = server.Close() // attackers may hold connections
		<-done
	})
}

// complaints is a log that fails the test if there is an error in it.
func (f *fortress) complaints() *slog.Logger {
	said := &record{}
	f.t.Cleanup(func() {
		if text := said.String(); text != "" {
			f.t.Errorf("errors were logged:\n%s", text)
		}
	})
	return slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelError}))
}

// record is a text that many write.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func (f *fortress) refused(reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusals[reason]++
}

// counted are the refusals up to now, by reason.
func (f *fortress) counted() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.refusals)
}

func (f *fortress) server(o aptest.Options) *aptest.Server {
	f.t.Helper()
	s, err := f.others.Start(o)
	check(f.t, err)
	return s
}

// outgrow lets no more than so many activities wait.
func (f *fortress) outgrow(most int64) { f.most.Store(most) }

// backlog asks each time, unlike the program.
func (f *fortress) backlog(ctx context.Context) time.Duration {
	return (&federation.Backlog{More: f.store.InboundMore, Limit: int(f.most.Load()), Now: time.Now}).Busy(ctx)
}

// send posts a body to the shared inbox, signed by who.
func (f *fortress) send(who *aptest.Person, body string) aptest.Response {
	f.t.Helper()
	return f.sendTo(f.inbox, who, body)
}

func (f *fortress) sendTo(inbox string, who *aptest.Person, body string) aptest.Response {
	f.t.Helper()
	res, err := who.Deliver(f.t.Context(), inbox, []byte(body))
	check(f.t, err)
	return res
}

// raw sends a request that was made by hand and returns its status and body.
func (f *fortress) raw(r *http.Request) answer {
	f.t.Helper()
	res, err := f.client.Do(r)
	check(f.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	check(f.t, err)
	return answer{res, string(body)}
}

// says writes an activity, with the names that stand for addresses replaced.
func (f *fortress) says(who *aptest.Person, text string) string {
	return strings.NewReplacer(
		"ACTOR", who.ID(), "HOME", who.Server().URL(), "ARTICLE", f.article.ObjectURI, "BLOG", f.actor.URI, "PUBLIC", activitypub.Public,
	).Replace(text)
}

// work gives everything that came in its effect.
func (f *fortress) work() {
	f.t.Helper()
	for {
		batch, err := f.fed.ClaimInbound(f.t.Context(), 100)
		check(f.t, err)
		if len(batch) == 0 {
			return
		}
		check(f.t, f.fed.ProcessBatch(f.t.Context(), batch))
	}
}

// take has an activity sent by who, who must be answered 202, and gives it its
// effect.
func (f *fortress) take(who *aptest.Person, activity aptest.Doc) *aptest.Sent {
	f.t.Helper()
	sent, err := who.Send(f.t.Context(), activity, f.inbox)
	check(f.t, err)
	if sent.Status() != http.StatusAccepted {
		f.t.Fatalf("%v: %d %s", activity["type"], sent.Status(), sent.Answers[0].Body)
	}
	f.work()
	return sent
}

// reply is a Create that answers the article, not sent yet.
func (f *fortress) reply(who *aptest.Person, text string, extra aptest.Doc) aptest.Doc {
	return who.Compose(aptest.Note{Content: text, InReplyTo: f.article.ObjectURI, Extra: extra})
}

// outcomes counts what became of all that came in.
func (f *fortress) outcomes() map[string]int {
	f.t.Helper()
	list, err := f.store.InboundList(f.t.Context(), postgres.InboundQuery{Limit: 10_000})
	check(f.t, err)
	got := map[string]int{}
	for _, e := range list {
		got[e.Outcome]++
	}
	return got
}

// settled gives everything that came in its effect and holds it to have ended,
// without a failure of ours.
func (f *fortress) settled() {
	f.t.Helper()
	f.work()
	list, err := f.store.InboundList(f.t.Context(), postgres.InboundQuery{Limit: 10_000})
	check(f.t, err)
	for _, e := range list {
		if e.Outcome == "" || strings.HasPrefix(e.Outcome, "failed:") {
			f.t.Errorf("%s of %s: outcome %q, %s", e.Type, e.ObjectURI, e.Outcome, e.Detail)
		}
	}
}

// thread are the texts of the comments that readers see, in order.
func (f *fortress) thread() []string {
	f.t.Helper()
	thread, err := f.store.Thread(f.t.Context(), blog.ThreadQuery{Article: f.article.ID, Answers: 1000, Siblings: 1000, Levels: 600, Room: 10_000})
	check(f.t, err)
	comments := thread.Comments()
	texts := []string{}
	for _, c := range comments {
		if c.Shown() {
			texts = append(texts, c.Text)
		}
	}
	return texts
}

// owner signs in to the Studio and returns the cookie.
func (f *fortress) owner() string {
	f.t.Helper()
	hash, err := auth.Hash(f.t.Context(), password)
	check(f.t, err)
	_, err = f.blog.CreateAccount(f.t.Context(), uuid.Nil, blog.Account{
		Name: "ratri", Email: "ratri@blog.example", Password: hash, Role: blog.Owner, Language: "en",
	})
	check(f.t, err)
	a := f.post("/studio/login", map[string][]string{"email": {"ratri"}, "password": {password}})
	for _, c := range a.Cookies() {
		return c.Name + "=" + c.Value
	}
	f.t.Fatalf("no session: %d", a.StatusCode)
	return ""
}
