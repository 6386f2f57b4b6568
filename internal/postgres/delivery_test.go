package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
)

func collectText(t *testing.T, rows pgx.Rows, err error) []string {
	t.Helper()
	check(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return list
}

func collectIDs(t *testing.T, rows pgx.Rows, err error) []uuid.UUID {
	t.Helper()
	check(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	check(t, err)
	return list
}

// addSubscriber lets a remote actor follow the blog.
func addSubscriber(t *testing.T, s *Store, target blog.Actor, handle, domain, shared string) blog.Actor {
	t.Helper()
	a := addActor(t, s, blog.Remote, handle, domain)
	s.exec(t, `update actors set shared_inbox = $2, fetched = $3 where id = $1`, a.ID, shared, at(0))
	s.exec(t, `insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, $3, $4)`, target.ID, a.ID, a.URI+"#follow", at(0))
	return a
}

// TestPlan makes one row per distinct inbox and one due host per server.
func TestPlan(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	addSubscriber(t, l.s, l.actor, "ann", "big.test", "https://big.test/inbox")
	addSubscriber(t, l.s, l.actor, "bea", "big.test", "https://big.test/inbox")
	addSubscriber(t, l.s, l.actor, "cai", "small.test", "")
	gone := addSubscriber(t, l.s, l.actor, "dee", "gone.test", "")
	l.s.exec(t, `update actors set deleted = $2 where id = $1`, gone.ID, at(1))
	other := addActor(t, l.s, blog.AuthorActor, "eva", "b.test")
	addSubscriber(t, l.s, other, "fay", "elsewhere.test", "")

	a := federation.Activity{ID: newID(), URI: "https://b.test/ap/activities/1", ActorID: l.actor.ID, Type: "Create", ObjectURI: supersededObject, JSON: []byte(`{}`), Created: at(0)}
	o := federation.Outgoing{
		Activity: a, FollowersOf: []uuid.UUID{l.actor.ID},
		Inboxes: []string{"https://Named.test:8443/inbox", "https://big.test/inbox", "ftp://odd.test/inbox", "nonsense"},
	}
	check(t, l.s.Plan(t.Context(), o))
	check(t, l.s.Plan(t.Context(), o)) // a job that runs twice
	rows, err := l.s.pool.Query(t.Context(), `select inbox || ' ' || host from deliveries order by inbox collate "C"`)
	differ(t, "ledger", []string{
		"https://Named.test:8443/inbox named.test:8443", "https://big.test/inbox big.test",
		"https://small.test/users/cai/inbox small.test",
	}, collectText(t, rows, err))
	differ(t, "due hosts", 3, len(l.claim()))
	differ(t, "due hosts while they are leased", 0, len(l.claim()))
}

// TestPlanBlocked sends a blocked domain nothing but ends.
func TestPlanBlocked(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	check(t, l.s.AddBlocks(t.Context(), []blog.Block{{Kind: "domain", Value: "bad.test", Created: at(0)}}, newID, audit("block.add")))
	inboxes := []string{"https://bad.test/inbox", "https://sub.bad.test:8443/inbox", "https://notbad.test/inbox"}
	for _, kind := range []string{"Create", "Reject"} {
		l.plan(kind, supersededObject, inboxes...)
	}
	differ(t, "ledger", []string{"Create waiting", "Reject waiting", "Reject waiting", "Reject waiting"}, l.states())
}

// TestPlanAgain reaches everybody whom an earlier activity about the object
// was meant for, though they follow no more.
func TestPlanAgain(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox", "https://c.test/inbox")
	l.visit(delivery.Delivered, 202)
	id := newID()
	check(t, l.s.Plan(t.Context(), federation.Outgoing{Again: true, Activity: federation.Activity{
		ID: id, URI: "https://b.test/ap/activities/2", ActorID: l.actor.ID, Type: "Delete", ObjectURI: supersededObject, JSON: []byte(`{}`), Created: at(1),
	}}))
	differ(t, "ledger", []string{"Create delivered", "Create delivered", "Delete waiting", "Delete waiting"}, l.states())
}

// TestPlanForPaused leaves a host's pause as it is.
func TestPlanForPaused(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox")
	check(t, l.s.RecordDeliveries(t.Context(), l.now, []delivery.Result{{Host: l.claim()[0].Name, Failures: 1, Pause: time.Hour}}))
	l.now = l.now.Add(time.Minute)
	l.plan("Create", "https://b.test/ap/objects/2", "https://a.test/inbox")
	differ(t, "due within the pause", 0, len(l.claim()))
	l.now = l.now.Add(time.Hour)
	hosts := l.claim()
	differ(t, "due after it", 1, len(hosts))
	differ(t, "rows", 2, len(hosts[0].Rows))
	differ(t, "failures", 1, hosts[0].Failures)
	differ(t, "failing since", at(0), hosts[0].FailingSince)
}

// TestRemembersHosts keeps what was learned about a host.
func TestRemembersHosts(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox")
	check(t, l.s.RecordDeliveries(t.Context(), l.now, []delivery.Result{
		{Host: l.claim()[0].Name, Signature: httpsig.RFC9421, Small: true, Up: true, Status: 202},
	}))
	hosts := l.claim()
	for i := range hosts {
		hosts[i].Rows = nil
	}
	differ(t, "hosts", []delivery.Host{
		{Name: "a.test", Signature: httpsig.RFC9421, Small: true, Until: l.now.Add(delivery.Lease)},
	}, hosts)
}

// TestGone removes the followers of a personal inbox that answered 410, and has
// the actors of a shared one read again.
func TestGone(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	ann := addSubscriber(t, l.s, l.actor, "ann", "a.test", "https://a.test/inbox")
	bea := addSubscriber(t, l.s, l.actor, "bea", "a.test", "https://a.test/inbox")
	cai := addSubscriber(t, l.s, l.actor, "cai", "c.test", "https://c.test/inbox")
	heard := hear(l.s)
	check(t, l.s.RecordDeliveries(t.Context(), l.now, []delivery.Result{
		{Host: "a.test", Up: true, Gone: []string{"https://a.test/users/ann/inbox"}},
		{Host: "c.test", Up: true, Gone: []string{"https://c.test/inbox"}},
	}))
	rows, err := l.s.pool.Query(t.Context(), `select actor_id from followers order by actor_id`)
	differ(t, "followers", []uuid.UUID{bea.ID, cai.ID}, collectIDs(t, rows, err))
	rows, err = l.s.pool.Query(t.Context(), `select id from actors where fetched is not null order by id`)
	differ(t, "need not be read again", []uuid.UUID{ann.ID, bea.ID}, collectIDs(t, rows, err))
	differ(t, "changed pages", []string{blog.PageSite}, *heard)
}

// TestReleaseHosts gives hosts back that were claimed and not begun.
func TestReleaseHosts(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox")
	loop := (&delivery.Sender{Store: l.s, Now: func() time.Time { return l.now }}).Loop(nil)
	check(t, loop.Release(t.Context(), l.claim()))
	hosts := l.claim()
	differ(t, "due again", 1, len(hosts))
	differ(t, "attempts", 0, hosts[0].Rows[0].Attempts)
}

// TestLedgerQueries picks rows of the ledger.
func TestLedgerQueries(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox", "https://c.test/inbox")
	l.visit(delivery.Delivered, 202)
	l.plan("Create", "https://b.test/ap/objects/2", "https://a.test/inbox")
	tests := []struct {
		name   string
		in     delivery.Query
		want   []int64
		counts map[delivery.State]int
	}{
		{"all", delivery.Query{}, []int64{3, 2, 1}, map[delivery.State]int{"delivered": 2, "waiting": 1}},
		{"object", delivery.Query{Object: supersededObject}, []int64{2, 1}, map[delivery.State]int{"delivered": 2}},
		{"host", delivery.Query{Host: "a.test"}, []int64{3, 1}, map[delivery.State]int{"delivered": 1, "waiting": 1}},
		{"state", delivery.Query{States: []delivery.State{delivery.Waiting, delivery.Failed}}, []int64{3}, map[delivery.State]int{"waiting": 1}},
		{"one", delivery.Query{ID: 2}, []int64{2}, map[delivery.State]int{"delivered": 1}},
		{"before", delivery.Query{Before: 3}, []int64{2, 1}, map[delivery.State]int{"delivered": 2, "waiting": 1}},
	}
	for _, tt := range tests {
		tt.in.Limit = 10
		entries, err := l.s.Deliveries(t.Context(), tt.in)
		check(t, err)
		var ids []int64
		for _, e := range entries {
			ids = append(ids, e.ID)
		}
		differ(t, tt.name, tt.want, ids)
		counts, err := l.s.DeliveryCounts(t.Context(), tt.in)
		check(t, err)
		differ(t, tt.name, tt.counts, counts)
	}
}

// TestTryNow makes what a query picks due, whatever holds it.
func TestTryNow(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox", "https://c.test/inbox", "https://d.test/inbox")
	var results []delivery.Result
	for _, h := range l.claim() {
		result := delivery.Result{Host: h.Name, Failures: 9, Pause: time.Hour, Suspend: h.Name == "c.test"}
		result.Rows = []delivery.RowResult{{ID: h.Rows[0].ID, State: delivery.Waiting, Next: time.Hour, Tried: true}}
		results = append(results, result)
	}
	check(t, l.s.RecordDeliveries(t.Context(), l.now, results))
	for _, host := range []string{"a.test", "c.test"} {
		n, err := l.s.TryNow(t.Context(), l.now, delivery.Query{Host: host})
		check(t, err)
		differ(t, "rows", 1, n)
		hosts := l.claim()
		differ(t, "due hosts", 1, len(hosts))
		differ(t, "host", host, hosts[0].Name)
		differ(t, "due rows", 1, len(hosts[0].Rows))
	}
}

// TestOutgoing reads what is sent, and with which key.
func TestOutgoing(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	a := l.plan("Create", supersededObject)
	msg, err := l.s.Outgoing(t.Context(), a.ID)
	check(t, err)
	differ(t, "message", delivery.Message{ActorID: l.actor.ID, JSON: []byte(`{}`)}, msg)
	_, err = l.s.Outgoing(t.Context(), newID())
	differ(t, "not found", true, errors.Is(err, blog.ErrNotFound))
	_, _, err = l.s.SigningKey(t.Context(), l.actor.ID) // it has none
	differ(t, "not found", true, errors.Is(err, blog.ErrNotFound))
	l.s.exec(t, `update actors set private_key = 'pem' where id = $1`, l.actor.ID)
	id, pem, err := l.s.SigningKey(t.Context(), l.actor.ID)
	check(t, err)
	differ(t, "key", []string{l.actor.URI + "#main-key", "pem"}, []string{id, pem})
}
