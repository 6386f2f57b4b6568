package bench

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

// BenchmarkDeliveryKept publishes one article after the other to 1,000 hosts
// over connections that stay open. What is left then is the signature: beside
// it stands how many of them the machine makes when it does nothing else.
func BenchmarkDeliveryKept(b *testing.B) {
	w, err := aptest.NewWorld(aptest.WorldOptions{TLS: true, SharedKey: true, SkipVerify: true})
	check(b, err)
	defer w.Close()
	inboxes := startServers(b, w, hosts)
	s := newSystem(b, "https://blog.test", w.Roots())
	s.follow(b, inboxes)
	loop, stop := s.sending()
	defer stop()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(b, err)

	round := func() time.Duration {
		took := s.publishTo(b, w)
		check(b, loop.Idle(within(b, time.Minute)))
		s.tidyDelivery(b, w, hosts)
		return took
	}
	round() // the connections are cold
	opened := connections(w)
	var limits, kept, ratios []float64
	for range 5 {
		limit := signatures(b, key, time.Second)
		got := rate(hosts, round())
		limits, kept, ratios = append(limits, limit), append(kept, got), append(ratios, got/limit)
	}
	if more := connections(w) - opened; more > 0 {
		b.Errorf("%d connections were opened anew", more)
	}

	b.ReportMetric(median(kept), "deliveries/s")
	b.ReportMetric(median(limits), "signatures/s")
	b.ReportMetric(median(ratios), "of-limit")
	report(figure{
		what:    "delivery to 1,000 hosts, connections kept",
		reached: fmt.Sprintf("%.2f of the limit, %.0f/s", median(ratios), median(kept)),
		limit:   fmt.Sprintf("%.0f/s, RSA-2048 signatures on all cores", median(limits)),
		least:   "0.6", ok: median(ratios) >= 0.6,
	})
}

func connections(w *aptest.World) (n int) {
	for _, server := range w.Servers() {
		n += server.Connections()
	}
	return n
}

// signatures is how many RSA-2048 signatures the machine makes in a second with
// all its cores.
func signatures(b *testing.B, key *rsa.PrivateKey, during time.Duration) float64 {
	b.Helper()
	digest := sha256.Sum256([]byte("kabar"))
	var n atomic.Int64
	var signers sync.WaitGroup
	start := time.Now()
	for range runtime.GOMAXPROCS(0) {
		signers.Go(func() {
			for time.Since(start) < during {
				if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	signers.Wait()
	return rate(int(n.Load()), time.Since(start))
}
