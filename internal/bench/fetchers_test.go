package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/pgtest"
)

const (
	fetchers  = 5000
	fetchTime = 10 * time.Second // in which all of them come
	signing   = 64               // servers that sign what they fetch, as half of the fetchers do
)

// BenchmarkFetchers publishes an article to 1,000 hosts that were never met
// before, while 5,000 servers come for it over connections of their own: for
// the object, its author and the page, none of which is in the cache. The
// program is started anew each time, and without fetchers in turn.
func BenchmarkFetchers(b *testing.B) {
	w, err := aptest.NewWorld(aptest.WorldOptions{TLS: true, SharedKey: true, SkipVerify: true})
	check(b, err)
	defer w.Close()
	inboxes := startServers(b, w, hosts)
	roots := filepath.Join(b.TempDir(), "roots.pem")
	check(b, os.WriteFile(roots, w.AuthorityPEM(), 0o600))
	b.Setenv("SSL_CERT_FILE", roots)
	pool := pgtest.NewDurable(b)
	b.Setenv("KABAR_DATABASE_URL", pool.Config().ConnString())
	p := newProgram(b)
	running, _ := p.start(b)
	actor := p.blogActor(b)
	follow(b, pool, inboxes)
	p.stop(b, running)

	var alone, together, times []float64
	var waits []time.Duration
	for range rounds {
		quiet, _ := p.spread(b, w, nil)
		busy, took := p.spread(b, w, func(a published) []time.Duration { return p.fetchAll(b, w, a, actor) })
		alone, together = append(alone, quiet.Seconds()), append(together, busy.Seconds())
		times, waits = append(times, busy.Seconds()/quiet.Seconds()), append(waits, took...)
	}

	slices.Sort(waits)
	half, late, last := waits[len(waits)/2], waits[len(waits)*99/100], waits[len(waits)-1]
	b.ReportMetric(float64(half.Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(late.Microseconds())/1000, "ms-p99")
	b.ReportMetric(median(times), "delivery-times")
	report(figure{
		what:    fmt.Sprintf("%d fetchers of a new article within %s, 3 requests each", fetchers, fetchTime),
		reached: fmt.Sprintf("%s for 99 of 100, %s median, %s at most", ms(late), ms(half), ms(last)),
		least:   "500 ms for 99 of 100, no error", ok: late <= 500*time.Millisecond && !b.Failed(),
	})
	report(figure{
		what:    "… its delivery to 1,000 hosts meanwhile",
		reached: fmt.Sprintf("%.2f times as long, %.2f s", median(times), median(together)),
		limit:   fmt.Sprintf("%.2f s without fetchers", median(alone)), least: "1.3 times", ok: median(times) <= 1.3,
	})
}

// spread starts the program and publishes. It returns how long it took until
// all hosts had the article, and what fetch, which runs meanwhile, returned.
func (p *program) spread(b *testing.B, w *aptest.World, fetch func(published) []time.Duration) (took time.Duration, waits []time.Duration) {
	b.Helper()
	running, _ := p.start(b)
	before, start := w.Received(), time.Now()
	a := p.publish(b, fmt.Sprintf("---\ntitle: Kopi pagi di Toraja, %d\ntags: [kopi]\n---\n", before)+prose(900))
	var fetching sync.WaitGroup
	if fetch != nil {
		fetching.Go(func() { waits = fetch(a) })
	}
	check(b, w.Wait(within(b, time.Minute), before+hosts))
	took = time.Since(start)
	fetching.Wait()
	p.stop(b, running)
	for _, server := range w.Servers() {
		server.Forget()
	}
	return took, waits
}

// fetchAll lets the fetchers come evenly, and returns how long each request
// took.
func (p *program) fetchAll(b *testing.B, w *aptest.World, a published, actor string) []time.Duration {
	unsigned := p.fetches(b, nil, a, actor)
	var signed [][][]byte
	for _, server := range w.Servers()[:signing] {
		signed = append(signed, p.fetches(b, server.Instance(), a, actor))
	}
	waits := make([]time.Duration, 3*fetchers)
	var coming sync.WaitGroup
	start := time.Now()
	for i := range fetchers {
		requests := unsigned
		if i%2 == 0 {
			requests = signed[i%signing]
		}
		time.Sleep(time.Until(start.Add(fetchTime * time.Duration(i) / fetchers)))
		coming.Go(func() {
			if err := fetchOnce(p.listen, requests, waits[3*i:3*i+3]); err != nil {
				b.Error(err)
			}
		})
	}
	coming.Wait()
	return waits
}

// fetches are the requests of one server, as they go over the wire.
func (p *program) fetches(b *testing.B, signer *aptest.Person, a published, actor string) (wire [][]byte) {
	for _, fetch := range []struct{ address, accept string }{
		{a.ID, activitypub.ContentType}, {actor, activitypub.ContentType}, {a.URL, "text/html"},
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, fetch.address, nil)
		if err != nil {
			b.Error(err)
			return nil
		}
		r.Header.Set("Accept", fetch.accept)
		r.Header.Set("Accept-Encoding", "gzip")
		if signer != nil && fetch.accept == activitypub.ContentType {
			key, err := signer.Signer()
			if err == nil {
				err = httpsig.Sign(r, nil, key, httpsig.Cavage, time.Now())
			}
			if err != nil {
				b.Error(err)
			}
		}
		var request bytes.Buffer
		if err := r.Write(&request); err != nil {
			b.Error(err)
		}
		wire = append(wire, request.Bytes())
	}
	return wire
}

// fetchOnce connects and makes the requests one after the other. The first
// time is that of connecting too.
func fetchOnce(server string, requests [][]byte, waits []time.Duration) error {
	start := time.Now()
	conn, err := net.DialTimeout("tcp", server, 20*time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(start.Add(30 * time.Second)); err != nil {
		return err
	}
	answers := bufio.NewReader(conn)
	for i, request := range requests {
		if err := exchange(conn, answers, request, http.StatusOK); err != nil {
			return err
		}
		waits[i] = time.Since(start)
		start = time.Now()
	}
	return nil
}
