package inbox

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
)

// clock is a time that tests move.
type clock struct{ nanoseconds atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.nanoseconds.Store(time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time         { return time.Unix(0, c.nanoseconds.Load()).UTC() }
func (c *clock) move(d time.Duration)   { c.nanoseconds.Add(int64(d)) }
func (c *clock) policy() httpsig.Policy { return httpsig.Policy{Now: c.now} }
func mustKey(f func() (*rsa.PrivateKey, error)) *rsa.PrivateKey {
	key, err := f()
	if err != nil {
		panic(err)
	}
	return key
}

// keys are generated once: it takes long.
var keys = [3]func() (*rsa.PrivateKey, error){
	sync.OnceValues(httpsig.GenerateRSA), sync.OnceValues(httpsig.GenerateRSA), sync.OnceValues(httpsig.GenerateRSA),
}

// remote is a server with the actors ann and bob, who have keys 0 and 1.
type remote struct {
	*httptest.Server
	fetched atomic.Int64

	mu     sync.Mutex
	people map[string]*rsa.PrivateKey
	status map[string]int // answered instead of the actor
	hold   chan struct{}  // if set, actors are answered after it is closed
}

func newRemote(t testing.TB) *remote {
	s := &remote{
		people: map[string]*rsa.PrivateKey{"ann": mustKey(keys[0]), "bob": mustKey(keys[1])},
		status: map[string]int{"gone": http.StatusGone, "broken": http.StatusInternalServerError},
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *remote) serve(w http.ResponseWriter, r *http.Request) {
	s.fetched.Add(1)
	s.mu.Lock()
	name := strings.TrimPrefix(r.URL.Path, "/users/")
	key, status, hold := s.people[name], s.status[name], s.hold
	s.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	if status == 0 && key == nil {
		status = http.StatusNotFound
	}
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", activitypub.ContentType)
	_, _ = w.Write(s.actor(name, key.Public()))
}

func (s *remote) actor(name string, key crypto.PublicKey) []byte {
	pem, err := httpsig.MarshalPublicKey(key)
	if err != nil {
		panic(err)
	}
	id := s.id(name)
	doc, err := json.Marshal(map[string]any{
		"@context": []string{activitypub.Namespace, "https://w3id.org/security/v1"},
		"id":       id, "type": "Person", "preferredUsername": name, "inbox": id + "/inbox",
		"publicKey": map[string]string{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
	})
	if err != nil {
		panic(err)
	}
	return doc
}

func (s *remote) id(name string) string { return s.URL + "/users/" + name }

func (s *remote) signer(name string) httpsig.Signer {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := s.people[name]
	if key == nil {
		key = mustKey(keys[2])
	}
	return httpsig.Signer{KeyID: s.id(name) + "#main-key", Private: key}
}

func (s *remote) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// box is the server under test: an inbox that fetches keys with the real client.
type box struct {
	*httptest.Server
	clock *clock

	mu       sync.Mutex
	accepted []Delivery
	breached []string
	refused  []string
	handler  *Handler
}

func newBox(t testing.TB, change func(*Handler)) *box {
	b := &box{clock: newClock()}
	fetcher := client.New(client.Options{UserAgent: "test", AllowPrivate: true, Timeout: 5 * time.Second})
	b.handler = &Handler{
		Keys: &Keys{
			Stored: func(context.Context, string) (httpsig.Key, error) { return httpsig.Key{}, ErrNoKey },
			Fetch: func(ctx context.Context, keyID string) (httpsig.Key, error) {
				key, _, err := fetcher.Key(ctx, keyID)
				return key, err
			},
			Now: b.clock.now,
		},
		Known: func(context.Context, string) (bool, error) { return false, nil },
		Accept: func(_ context.Context, d Delivery) error {
			b.note(func() { b.accepted = append(b.accepted, d) })
			return nil
		},
		Policy:  b.clock.policy(),
		Refused: func(reason string) { b.note(func() { b.refused = append(b.refused, reason) }) },
		Breach: func(_ context.Context, _ Delivery, reason string) {
			b.note(func() { b.breached = append(b.breached, reason) })
		},
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(b.handler)
	}
	b.Server = httptest.NewServer(b.handler)
	t.Cleanup(b.Close)
	t.Cleanup(fetcher.CloseIdle)
	return b
}

func (b *box) note(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// post is a delivery to be sent.
type post struct {
	body        string
	by          httpsig.Signer
	kind        httpsig.Kind
	contentType string
	change      func(*http.Request) // after signing
	unsigned    bool
	age         time.Duration
	sendInstead string // another body than the one signed
}

func (p post) request(t testing.TB, b *box) *http.Request {
	t.Helper()
	body := p.body
	if p.sendInstead != "" {
		body = p.sendInstead
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/ap/inbox", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", activitypub.ContentType)
	if p.contentType != "" {
		r.Header.Set("Content-Type", p.contentType)
	}
	if p.kind == "" {
		p.kind = httpsig.Cavage
	}
	if !p.unsigned {
		if err := httpsig.Sign(r, []byte(p.body), p.by, p.kind, b.clock.now().Add(-p.age)); err != nil {
			t.Fatal(err)
		}
	}
	if p.change != nil {
		p.change(r)
	}
	return r
}

// send returns the status and the header of the answer.
func (b *box) send(t testing.TB, p post) (int, http.Header) {
	t.Helper()
	response, err := b.Client().Do(p.request(t, b))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusAccepted {
		t.Logf("%d %s", response.StatusCode, text)
	}
	return response.StatusCode, response.Header
}
