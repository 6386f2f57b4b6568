package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
	"kabar/internal/queue"
)

const (
	senders     = 100
	senderHosts = 20 // so that nobody passes the limits of a minute
	replies     = 5000
	concurrency = 16
)

// BenchmarkReplies sends signed replies of people who are known, signed before
// the clock runs: until each was answered with 202, which means that it is on
// disk, and until all stand in the thread of their article.
func BenchmarkReplies(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	w, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(b, err)
	defer w.Close()
	s := newSystem(b, "http://"+listener.Addr().String(), nil)
	loop := s.receive(b, listener)
	people := newPeople(b, w)
	s.introduce(b, people, loop)
	limit := newInboxLimit(b, s, w)

	var accepted, shown, limits []float64
	for range rounds {
		a := s.publish(b)
		requests := sign(b, people, a.ObjectURI, s.inbox(b))
		limits = append(limits, limit.rate(b, requests))
		start := time.Now()
		post(b, listener.Addr().String(), requests, concurrency)
		accepted = append(accepted, rate(replies, time.Since(start)))
		check(b, loop.Idle(within(b, time.Minute)))
		shown = append(shown, rate(replies, time.Since(start)))
		if got := s.countThread(b, a.ID); got != replies {
			b.Fatalf("%d replies stand in the thread, want %d", got, replies)
		}
	}

	b.ReportMetric(median(accepted), "accepted/s")
	b.ReportMetric(median(shown), "shown/s")
	b.ReportMetric(median(limits), "limit/s")
	bare := fmt.Sprintf("%.0f/s, one verification and one durable row each", median(limits))
	report(figure{
		what: "signed replies answered 202, c=16", reached: fmt.Sprintf("%.0f/s", median(accepted)), limit: bare,
		least: "4,000/s", ok: median(accepted) >= 4000,
	})
	report(figure{
		what: "… until all stand on the page", reached: fmt.Sprintf("%.0f/s", median(shown)),
		least: "2,000/s", ok: median(shown) >= 2000,
	})
}

// receive serves the shared inbox and works off what comes in.
func (s *system) receive(b *testing.B, listener net.Listener) *queue.Loop[federation.Inbound, federation.Done] {
	b.Helper()
	loop := &queue.Loop[federation.Inbound, federation.Done]{
		Name: "inbound", Log: s.log, Workers: 1, Share: 100, Limit: 100,
		Claim: s.federation.ClaimInbound, Release: s.federation.ReleaseInbound,
		Do: func(ctx context.Context, batch []federation.Inbound) ([]federation.Done, error) {
			return nil, s.federation.ProcessBatch(ctx, batch)
		},
		Done: func(ctx context.Context, done []federation.Done) error { return s.store.FinishInbound(ctx, done...) },
	}
	spoken := &delivery.Spoken{Store: s.store, Now: time.Now}
	keys := &inbox.Keys{Stored: s.federation.StoredKey, Fetch: s.federation.FetchKey}
	handler := &inbox.Handler{
		Keys: keys, Known: s.federation.Known, Log: s.log, Breach: s.federation.Breach,
		Accept: func(ctx context.Context, d inbox.Delivery) error {
			if err := s.federation.Accept(ctx, d); err != nil {
				return err
			}
			loop.Nudge()
			return spoken.Host(ctx, d.Host)
		},
	}
	mux := http.NewServeMux()
	mux.Handle("POST /ap/inbox", handler)
	serve(b, listener, mux)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { loop.Run(ctx) })
	b.Cleanup(func() { cancel(); running.Wait() })
	return loop
}

func serve(b *testing.B, listener net.Listener, h http.Handler) {
	server := &http.Server{Handler: h}
	go server.Serve(listener)
	b.Cleanup(func() { server.Close() })
}

func (s *system) inbox(b *testing.B) string {
	b.Helper()
	site, err := s.store.Site(context.Background())
	check(b, err)
	return site.Address().SharedInbox()
}

func newPeople(b *testing.B, w *aptest.World) []*aptest.Person {
	b.Helper()
	startServers(b, w, senderHosts)
	people := make([]*aptest.Person, senders)
	for i := range people {
		people[i] = w.Servers()[i%senderHosts].Person(fmt.Sprintf("person%d", i))
	}
	return people
}

// introduce makes everybody known by a first reply.
func (s *system) introduce(b *testing.B, people []*aptest.Person, loop *queue.Loop[federation.Inbound, federation.Done]) {
	b.Helper()
	a := s.publish(b)
	for _, p := range people {
		sent, err := p.Post(context.Background(), aptest.Note{Content: "hello", InReplyTo: a.ObjectURI, Inboxes: []string{s.inbox(b)}})
		check(b, err)
		if sent.Status() != http.StatusAccepted {
			b.Fatalf("introduction answered %+v", sent.Answers)
		}
	}
	check(b, loop.Idle(within(b, time.Minute)))
	if got := s.countThread(b, a.ID); got != senders {
		b.Fatalf("%d people are known, want %d", got, senders)
	}
}

// sign makes the requests as they go over the wire.
func sign(b *testing.B, people []*aptest.Person, parent, to string) [][]byte {
	b.Helper()
	requests := make([][]byte, replies)
	var workers sync.WaitGroup
	var next atomic.Int64
	for range 2 {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < replies; i = int(next.Add(1)) - 1 {
				p := people[i%len(people)]
				note := p.Compose(aptest.Note{Content: fmt.Sprintf("Reply %d: the coffee was good indeed.", i), InReplyTo: parent})
				r, err := p.Request(context.Background(), to, p.Prepare(note).Body)
				if err != nil {
					b.Error(err)
					return
				}
				var wire bytes.Buffer
				if err := r.Write(&wire); err != nil {
					b.Error(err)
				}
				requests[i] = wire.Bytes()
			}
		})
	}
	workers.Wait()
	return requests
}

// post sends requests over as many kept connections as width says, and returns
// when each was answered with 202.
func post(b *testing.B, address string, requests [][]byte, width int) {
	b.Helper()
	var clients sync.WaitGroup
	var next atomic.Int64
	for range width {
		clients.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			answers := bufio.NewReader(conn)
			for i := int(next.Add(1)) - 1; i < len(requests); i = int(next.Add(1)) - 1 {
				if err := exchange(conn, answers, requests[i], http.StatusAccepted); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

func exchange(conn net.Conn, answers *bufio.Reader, request []byte, want int) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	res, err := http.ReadResponse(answers, nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != want {
		err = fmt.Errorf("answered %s: %s", res.Status, body)
	}
	return err
}

// countThread counts what readers see below an article.
func (s *system) countThread(b *testing.B, article uuid.UUID) int {
	b.Helper()
	n := 0
	for after := (blog.Cursor{}); ; {
		page, err := s.blog.Thread(context.Background(), blog.ThreadQuery{
			Article: article, After: after, Answers: 1000, Siblings: 1000, Levels: 600, Room: 10_000,
		})
		check(b, err)
		if n += len(page.Comments()); page.Next.IsZero() {
			return n
		}
		after = page.Next
	}
}

// inboxLimit is the least that taking a signed activity costs: one
// verification and one row that is on disk.
type inboxLimit struct{ address string }

func newInboxLimit(b *testing.B, s *system, w *aptest.World) *inboxLimit {
	b.Helper()
	s.exec(b, `create table bench_inbox (id bigint generated always as identity primary key, raw bytea not null)`)
	signer, err := w.Servers()[0].Instance().Signer()
	check(b, err)
	key := signer.Private.(*rsa.PrivateKey)
	digest := sha256.Sum256(nil)
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	check(b, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	serve(b, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature)
		}
		if err == nil {
			_, err = s.store.Pool().Exec(r.Context(), `insert into bench_inbox (raw) values ($1)`, body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	return &inboxLimit{listener.Addr().String()}
}

func (l *inboxLimit) rate(b *testing.B, requests [][]byte) float64 {
	b.Helper()
	start := time.Now()
	post(b, l.address, requests, concurrency)
	return rate(len(requests), time.Since(start))
}
