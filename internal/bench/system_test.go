package bench

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
	"kabar/internal/jobs"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
	"kabar/internal/queue"
)

// system is what cmd/kabar wires, but for the pages, on a database of its own.
type system struct {
	store      *postgres.Store
	blog       *blog.Service
	federation *federation.Service
	roots      *x509.CertPool
	log        *slog.Logger
}

func newSystem(b *testing.B, origin string, roots *x509.CertPool) *system {
	b.Helper()
	debug.SetGCPercent(400) // as in cmd/kabar
	ctx := context.Background()
	store, err := postgres.Open(ctx, pgtest.NewDurable(b).Config().ConnString())
	check(b, err)
	b.Cleanup(store.Close)
	_, err = store.InitSite(ctx, blog.DefaultSite(origin, strings.SplitAfter(origin, "://")[1]))
	check(b, err)
	s := &system{store: store, roots: roots, log: slog.New(slog.DiscardHandler)}
	s.blog = &blog.Service{Reader: store, Store: store, Now: time.Now, NewID: newID}
	s.federation = &federation.Service{
		Store: store, Blog: s.blog, Now: time.Now, NewID: newID, Log: s.log, Limits: federation.DefaultLimits(),
	}
	s.federation.Client = s.newClient()
	check(b, s.federation.EnsureActors(ctx))
	runner, err := jobs.New(store.Pool(), jobs.Deps{
		ArticleChanged: s.federation.ArticleChanged, CommentChanged: s.federation.CommentChanged,
		ActorChanged: s.federation.ActorChanged, FollowerRemoved: s.federation.FollowerRemoved, Clock: store.Clock(), Log: s.log,
		FeedsChanged: func(context.Context, blog.FeedsChanged) error { return nil },
		ShareImage:   func(context.Context, blog.ShareImage) error { return nil },
	})
	check(b, err)
	check(b, runner.Start(ctx))
	b.Cleanup(func() { check(b, runner.Stop(ctx)) })
	return s
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// newClient has met nobody yet: every connection is cold.
func (s *system) newClient() *client.Client {
	return client.New(client.Options{
		UserAgent: "Kabar", AllowPrivate: true, RootCAs: s.roots,
		Signer: s.federation.InstanceSigner,
	})
}

// sending runs the delivery loop with a new client until stop is called, which
// returns when all outcomes are written and closes the connections.
func (s *system) sending() (loop *queue.Loop[delivery.Host, delivery.Result], stop func()) {
	sender := &delivery.Sender{Store: s.store, Client: s.newClient(), Now: time.Now}
	loop = sender.Loop(s.log)
	loop.Grace = time.Second // for hosts that never answer
	s.federation.Nudge = loop.Nudge
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run(ctx)
	}()
	return loop, func() {
		cancel()
		<-ended
		sender.Client.CloseIdle()
	}
}

// publish saves an article of the usual length as public.
func (s *system) publish(b *testing.B) blog.Article {
	b.Helper()
	a, err := s.blog.Save(context.Background(), uuid.Nil, blog.Save{Publish: true, Input: article})
	check(b, err)
	return a
}

var article = blog.DraftInput{
	Title: "Kopi pagi di Toraja", Tags: []string{"kopi"},
	Markdown: strings.Repeat("Di lereng gunung itu orang memetik kopi sebelum matahari terbit. ", 40),
}

func (s *system) exec(b *testing.B, sql string, args ...any) {
	b.Helper()
	_, err := s.store.Pool().Exec(context.Background(), sql, args...)
	check(b, err)
}

// follow lets somebody behind each of the inboxes follow the blog.
func (s *system) follow(b *testing.B, inboxes []string) {
	b.Helper()
	follow(b, s.store.Pool(), inboxes)
}

func follow(b *testing.B, pool *pgxpool.Pool, inboxes []string) {
	b.Helper()
	ctx := context.Background()
	_, err := pool.Exec(ctx, `
		insert into actors (id, uri, kind, type, inbox, shared_inbox, created, fetched)
		select gen_random_uuid(), inbox || '#' || n, 'remote', 'Person', inbox || n, inbox, now(), now()
		from unnest($1::text[]) with ordinality as i (inbox, n)`, inboxes)
	check(b, err)
	_, err = pool.Exec(ctx, `
		insert into followers (target_id, actor_id, follow_uri, created)
		select (select id from actors where kind = 'blog'), id, uri, created from actors where kind = 'remote'`)
	check(b, err)
	_, err = pool.Exec(ctx, `analyze actors, followers`)
	check(b, err)
}

// forgetDeliveries makes the ledger and the hosts as they were.
func (s *system) forgetDeliveries(b *testing.B) {
	b.Helper()
	s.exec(b, `truncate deliveries, hosts`)
}

// ledger counts the rows in a state.
func (s *system) ledger(b *testing.B, state delivery.State) int {
	b.Helper()
	counts, err := s.store.DeliveryCounts(context.Background(), delivery.Query{})
	check(b, err)
	return counts[state]
}

// within is a context for what may not take for ever.
func within(b *testing.B, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeoutCause(context.Background(), d, fmt.Errorf("not done in %s", d))
	b.Cleanup(cancel)
	return ctx
}
