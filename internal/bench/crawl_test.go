package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/inbox"
	"kabar/internal/federation"
)

// The thread that is crawled: each reply by somebody else, each comment with
// two answers, nobody with a reply of their own server's.
const (
	crawlReplies = 1000
	crawlHosts   = 200
)

// BenchmarkCrawl delivers one reply of a thread and finds the others.
func BenchmarkCrawl(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	var took []time.Duration
	requests, atOnce := 0, 0
	for range rounds {
		world, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
		check(b, err)
		first := buildThread(b, s, world)
		s.hear(b, first)
		s.exec(b, `update crawls set next_at = now() where next_at is not null`)
		begun := time.Now()
		s.crawl(b)
		took = append(took, time.Since(begun))
		s.wantComments(b, crawlReplies*len(took))
		requests = 0
		for _, server := range world.Servers() {
			requests += server.Asked()
			atOnce = max(atOnce, server.AtOnce())
		}
		s.exec(b, `update crawls set next_at = null`)
		world.Close()
	}
	b.ReportMetric(median(took).Seconds(), "s-crawl")
	report(figure{
		what:    fmt.Sprintf("crawl of %d replies on %d hosts, %d requests", crawlReplies, crawlHosts, requests),
		reached: fmt.Sprintf("%.1f s, at most %d at once to a host", median(took).Seconds(), atOnce),
		least:   "30 s, 2 at once", ok: median(took) <= 30*time.Second && atOnce <= 2,
	})
}

// buildThread returns the Create of the first reply.
func buildThread(b *testing.B, s *system, world *aptest.World) *aptest.Sent {
	b.Helper()
	var servers []*aptest.Server
	for range crawlHosts {
		server, err := world.Start(aptest.Options{})
		check(b, err)
		servers = append(servers, server)
	}
	parent := s.publish(b).ObjectURI
	var said []*aptest.Sent
	for n := range crawlReplies {
		if n > 0 {
			parent = said[(n-1)/2].ObjectID
		}
		person := servers[n%crawlHosts].Person(fmt.Sprint("p", n))
		said = append(said, person.Prepare(person.Compose(aptest.Note{Content: fmt.Sprint("Balasan ", n), InReplyTo: parent})))
		if n > 0 {
			servers[(n-1)/2%crawlHosts].List(parent, said[n].ObjectID)
		}
	}
	return said[0]
}

// hear takes an activity as if its actor had signed it.
func (s *system) hear(b *testing.B, sent *aptest.Sent) {
	b.Helper()
	ctx := context.Background()
	activity, err := activitypub.Decode(sent.Body)
	check(b, err)
	actor := activity.Actor.ID()
	check(b, s.federation.Accept(ctx, inbox.Delivery{Signer: actor, Host: federation.Host(actor), Activity: activity, Raw: sent.Body}))
	batch, err := s.federation.ClaimInbound(ctx, 10)
	check(b, err)
	check(b, s.federation.ProcessBatch(ctx, batch))
}

// crawl does what is due.
func (s *system) crawl(b *testing.B) {
	b.Helper()
	loop := s.federation.Crawls("bench")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		loop.Run(ctx)
	}()
	check(b, loop.Idle(within(b, 2*time.Minute)))
	stop()
	<-ended
}

func (s *system) wantComments(b *testing.B, want int) {
	b.Helper()
	n := 0
	check(b, s.store.Pool().QueryRow(context.Background(), `
		select count(*) from comments where article_id is not null and state = 'visible'`).Scan(&n))
	if n != want {
		b.Fatalf("%d comments, want %d", n, want)
	}
}
