package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kabar/internal/delivery"
)

const (
	manyFollowers = 100_000
	manyHosts     = 12_000
)

// BenchmarkPublish publishes to 100,000 followers on 12,000 hosts: until the
// page is public, and until the ledger has all that is to be sent.
func BenchmarkPublish(b *testing.B) {
	s := newSystem(b, "https://blog.test", nil)
	inboxes := make([]string, manyFollowers)
	for i := range inboxes {
		inboxes[i] = fmt.Sprintf("https://host-%d.test/inbox", i%manyHosts)
	}
	s.follow(b, inboxes)
	s.exec(b, `create table bench_ledger (like deliveries including all)`)

	var public, planned, bare, commit []time.Duration
	for range rounds {
		bare = append(bare, s.writeLedger(b))
		commit = append(commit, s.writeRow(b))
		ready := make(chan struct{}, 1)
		s.federation.Nudge = func() { ready <- struct{}{} }
		start := time.Now()
		s.publish(b)
		public = append(public, time.Since(start))
		<-ready
		planned = append(planned, time.Since(start))
	}
	if got, want := s.ledger(b, delivery.Waiting), rounds*manyHosts; got != want {
		b.Fatalf("%d rows in the ledger, want %d", got, want)
	}

	b.ReportMetric(float64(median(public).Microseconds())/1000, "ms-public")
	b.ReportMetric(float64(median(planned).Microseconds())/1000, "ms-planned")
	report(figure{
		what: "publish, 100,000 followers on 12,000 hosts", reached: ms(median(public)),
		limit: ms(median(commit)) + ", one durable row", least: "50 ms", ok: median(public) <= 50*time.Millisecond,
	})
	report(figure{
		what: "… until the ledger is planned", reached: ms(median(planned)),
		limit: ms(median(bare)) + ", 12,000 rows of the same shape", least: "2 s", ok: median(planned) <= 2*time.Second,
	})
}

// writeLedger is the limit of planning: the same rows out of nothing.
func (s *system) writeLedger(b *testing.B) time.Duration {
	b.Helper()
	start := time.Now()
	s.exec(b, `
		insert into bench_ledger (activity_id, host, inbox, object_uri, type, next_at, created)
		select $1, 'host-' || n || '.test', 'https://host-' || n || '.test/inbox', 'https://blog.test/ap/objects/1', 'Create', now(), now()
		from generate_series(1, $2) n`, newID(), manyHosts)
	return time.Since(start)
}

// writeRow is the limit of publishing: one row that is on disk.
func (s *system) writeRow(b *testing.B) time.Duration {
	b.Helper()
	conn, err := s.store.Pool().Acquire(context.Background())
	check(b, err)
	defer conn.Release()
	start := time.Now()
	_, err = conn.Exec(context.Background(), `
		insert into bench_ledger (activity_id, host, inbox, type, next_at, created) values ($1, '', '', '', now(), now())`, newID())
	check(b, err)
	return time.Since(start)
}
