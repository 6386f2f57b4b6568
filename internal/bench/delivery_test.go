package bench

import (
	"fmt"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/delivery"
)

const (
	hosts = 1000
	slow  = 50 * time.Millisecond
)

// BenchmarkDelivery publishes an article to followers on 1,000 hosts that were
// never met before: as they are, and with every inbox answering late. The clock
// runs from publishing until the last one has it.
func BenchmarkDelivery(b *testing.B) {
	w, err := aptest.NewWorld(aptest.WorldOptions{TLS: true, SharedKey: true, SkipVerify: true})
	check(b, err)
	defer w.Close()
	inboxes := startServers(b, w, hosts)
	s := newSystem(b, "https://blog.test", w.Roots())
	s.follow(b, inboxes)
	s.deliver(b, w, hosts)
	limit := newLimit(b, w, s, inboxes)

	var limits, plain, ratios, late []float64
	for range 5 {
		l, undisturbed := limit.rate(b, limit.width), s.deliver(b, w, hosts)
		for _, server := range w.Servers() {
			server.Misbehave(aptest.Behaviour{Delay: slow})
		}
		delayed := s.deliver(b, w, hosts)
		behave(w)
		limits, plain = append(limits, l), append(plain, rate(hosts, undisturbed))
		ratios = append(ratios, rate(hosts, undisturbed)/l)
		late = append(late, undisturbed.Seconds()/delayed.Seconds())
	}

	b.ReportMetric(median(plain), "deliveries/s")
	b.ReportMetric(median(limits), "limit/s")
	b.ReportMetric(median(ratios), "of-limit")
	b.ReportMetric(median(late), "late/plain")
	report(figure{
		what: "delivery to 1,000 hosts", reached: fmt.Sprintf("%.2f of the limit, %.0f/s", median(ratios), median(plain)),
		limit: fmt.Sprintf("%.0f/s, one signature and one POST each", median(limits)), least: "0.9", ok: median(ratios) >= 0.9,
	})
	report(figure{
		what: "… each answering after 50 ms", reached: fmt.Sprintf("%.2f of the line above", median(late)),
		least: "0.95", ok: median(late) >= 0.95,
	})
}

func startServers(b *testing.B, w *aptest.World, n int) []string {
	b.Helper()
	inboxes := make([]string, n)
	for i := range inboxes {
		server, err := w.Start(aptest.Options{})
		check(b, err)
		inboxes[i] = server.SharedInbox()
	}
	return inboxes
}

func behave(w *aptest.World) {
	for _, server := range w.Servers() {
		server.Behave()
	}
}

// deliver publishes once over connections of its own and returns how long it
// took until every server had the article, and those that answer had answered.
func (s *system) deliver(b *testing.B, w *aptest.World, answering int) time.Duration {
	b.Helper()
	_, stop := s.sending()
	took := s.publishTo(b, w)
	stop()
	s.tidyDelivery(b, w, answering)
	return took
}

// publishTo publishes and returns how long it took until every server had the
// article.
func (s *system) publishTo(b *testing.B, w *aptest.World) time.Duration {
	b.Helper()
	ctx := within(b, time.Minute)
	before := w.Received()
	start := time.Now()
	s.publish(b)
	check(b, w.Wait(ctx, before+len(w.Servers())))
	return time.Since(start)
}

// tidyDelivery looks whether the ledger is right, and forgets it.
func (s *system) tidyDelivery(b *testing.B, w *aptest.World, answering int) {
	b.Helper()
	if got := s.ledger(b, delivery.Delivered); got != answering {
		b.Fatalf("%d rows of the ledger are delivered, want %d", got, answering)
	}
	s.forgetDeliveries(b)
	for _, server := range w.Servers() {
		server.Forget()
	}
}
