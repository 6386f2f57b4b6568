package delivery_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/internal/delivery"
	"kabar/internal/federation"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// start is when every test begins.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// world is a blog that sends, other servers, and a clock that stands still
// until it is moved.
type world struct {
	*testing.T
	store  *postgres.Store
	sender *delivery.Sender
	remote *aptest.World
	actor  uuid.UUID

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, now: start, actor: newID()}
	store, err := postgres.Open(t.Context(), pgtest.URL(t))
	w.check(err)
	t.Cleanup(store.Close)
	w.remote, err = aptest.NewWorld(aptest.WorldOptions{SkipVerify: true, SharedKey: true})
	w.check(err)
	t.Cleanup(w.remote.Close)
	w.store = store
	w.sender = w.newSender(time.Minute)
	pem, err := ourKey()
	w.check(err)
	w.exec(`
		insert into actors (id, uri, kind, type, handle, domain, private_key, created)
		values ($1, 'https://blog.test/ap/actors/1', 'blog', 'Person', 'blog', 'blog.test', $2, $3)`, w.actor, pem, start)
	return w
}

// ourKey is made once: it takes longer than most tests.
var ourKey = sync.OnceValues(func() (string, error) {
	key, err := httpsig.GenerateRSA()
	if err != nil {
		return "", err
	}
	return httpsig.MarshalPrivateKey(key)
})

// newSender is one of a node, with its own connections and memory.
func (w *world) newSender(timeout time.Duration) *delivery.Sender {
	c := client.New(client.Options{UserAgent: "Kabar", AllowPrivate: true, Timeout: timeout})
	w.Cleanup(c.CloseIdle)
	return &delivery.Sender{Store: w.store, Client: c, Now: w.clock}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) differ(what string, want, got any) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	_, err := w.store.Pool().Exec(context.Background(), sql, args...)
	w.check(err)
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) server() *aptest.Server {
	w.Helper()
	s, err := w.remote.Start(aptest.Options{})
	w.check(err)
	return s
}

// plan writes an activity about an object, for inboxes.
func (w *world) plan(kind, object string, inboxes ...string) string {
	w.Helper()
	return w.planForm(kind, object, nil, inboxes...)
}

func (w *world) planForm(kind, object string, compact []byte, inboxes ...string) string {
	w.Helper()
	id := newID()
	uri := "https://blog.test/ap/activities/" + id.String()
	w.check(w.store.Plan(w.Context(), federation.Outgoing{
		Activity: federation.Activity{
			ID: id, URI: uri, ActorID: w.actor, Type: kind, ObjectURI: object, Created: w.clock(),
			JSON: fmt.Appendf(nil, `{"id":%q,"type":%q,"object":%q}`, uri, kind, object), Compact: compact,
		},
		Inboxes: inboxes,
	}))
	return uri
}

// visit sends what is due, once to each host, and returns what came of it.
func (w *world) visit() []delivery.Result {
	w.Helper()
	var results []delivery.Result
	for _, h := range w.claim() {
		results = append(results, w.sender.Do(w.Context(), h))
	}
	w.record(results...)
	return results
}

func (w *world) claim() []delivery.Host {
	w.Helper()
	hosts, err := w.store.ClaimHosts(w.Context(), w.clock(), 200, 50)
	w.check(err)
	return hosts
}

func (w *world) record(results ...delivery.Result) {
	w.Helper()
	w.check(w.store.RecordDeliveries(w.Context(), w.clock(), results))
}

// ledger returns all rows, oldest first.
func (w *world) ledger() []delivery.Entry {
	w.Helper()
	rows, err := w.store.Deliveries(w.Context(), delivery.Query{Limit: 10_000})
	w.check(err)
	slices.Reverse(rows)
	return rows
}

// states returns the state of each row, oldest first.
func (w *world) states() []delivery.State {
	w.Helper()
	var states []delivery.State
	for _, e := range w.ledger() {
		states = append(states, e.State)
	}
	return states
}

// got returns the ids of the activities that a server was sent, in order.
func got(t *testing.T, s *aptest.Server) []string {
	t.Helper()
	var ids []string
	for _, r := range s.Received() {
		var doc struct{ ID string }
		if err := json.Unmarshal(r.Body, &doc); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, doc.ID)
	}
	return ids
}

// kinds returns how what a server was sent was signed, in order.
func kinds(s *aptest.Server) []httpsig.Kind {
	var kinds []httpsig.Kind
	for _, r := range s.Received() {
		kind := httpsig.Cavage
		if r.Header.Get("Signature-Input") != "" {
			kind = httpsig.RFC9421
		}
		kinds = append(kinds, kind)
	}
	return kinds
}
