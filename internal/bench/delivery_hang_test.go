package bench

import (
	"fmt"
	"testing"

	"kabar/activitypub/aptest"
)

const (
	fewHosts = 200
	hanging  = 20
)

// BenchmarkDeliveryHanging publishes to 200 hosts that were never met before,
// in turns with all of them well and with every tenth taking requests and never
// answering. The clock runs until the last one that is well has the article.
func BenchmarkDeliveryHanging(b *testing.B) {
	w, err := aptest.NewWorld(aptest.WorldOptions{TLS: true, SharedKey: true, SkipVerify: true})
	check(b, err)
	defer w.Close()
	s := newSystem(b, "https://blog.test", w.Roots())
	s.follow(b, startServers(b, w, fewHosts))
	var plain, hung, later []float64
	for range 5 {
		undisturbed := s.deliver(b, w, fewHosts).Seconds()
		for i := range hanging {
			w.Servers()[i*fewHosts/hanging].Misbehave(aptest.Behaviour{Hang: true})
		}
		disturbed := s.deliver(b, w, fewHosts-hanging).Seconds()
		behave(w)
		plain, hung, later = append(plain, undisturbed), append(hung, disturbed), append(later, disturbed-undisturbed)
	}
	b.ReportMetric(median(later), "s-later")
	report(figure{
		what: "delivery to 200 hosts, 20 of them never answer", reached: fmt.Sprintf("last healthy one %+.2f s: %.2f s", median(later), median(hung)),
		limit: fmt.Sprintf("%.2f s with all well", median(plain)), least: "1 s", ok: median(later) <= 1,
	})
}
