package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
)

const supersededObject = "https://b.test/ap/objects/1"

// ledgerStory is a ledger in the making: activities about one object for one
// inbox, and what became of some.
type ledgerStory struct {
	*testing.T
	s     *Store
	actor blog.Actor
	now   time.Time
}

func newLedgerStory(t *testing.T) *ledgerStory {
	t.Helper()
	s := newStore(t)
	return &ledgerStory{t, s, addBlogActor(t, s), at(0)}
}

func (l *ledgerStory) plan(kind, object string, inboxes ...string) federation.Activity {
	l.Helper()
	id := newID()
	a := federation.Activity{
		ID: id, URI: "https://b.test/ap/activities/" + id.String(), ActorID: l.actor.ID, Type: kind, ObjectURI: object,
		JSON: []byte(`{}`), Created: l.now, Listed: kind == "Create",
	}
	check(l.T, l.s.Plan(l.Context(), federation.Outgoing{Activity: a, Inboxes: inboxes}))
	return a
}

// visit claims what is due and records one outcome for all rows.
func (l *ledgerStory) visit(state delivery.State, status int) {
	l.Helper()
	l.record(l.claim(), state, status)
}

func (l *ledgerStory) claim() []delivery.Host {
	l.Helper()
	hosts, err := l.s.ClaimHosts(l.Context(), l.now, 100, 50)
	check(l.T, err)
	return hosts
}

func (l *ledgerStory) record(hosts []delivery.Host, state delivery.State, status int) {
	l.Helper()
	var results []delivery.Result
	for _, h := range hosts {
		result := delivery.Result{Host: h.Name, Up: true, Status: status}
		for _, row := range h.Rows {
			result.Rows = append(result.Rows, delivery.RowResult{ID: row.ID, State: state, Tried: true, Status: status})
		}
		results = append(results, result)
	}
	check(l.T, l.s.RecordDeliveries(l.Context(), l.now, results))
}

// states returns type and state of each row, oldest first.
func (l *ledgerStory) states() []string {
	l.Helper()
	rows, err := l.s.pool.Query(l.Context(), `select type || ' ' || state from deliveries order by id`)
	return collectText(l.T, rows, err)
}

// TestSupersede plans an activity about an object that others were planned
// about.
func TestSupersede(t *testing.T) {
	t.Parallel()
	create := func(l *ledgerStory) { l.plan("Create", supersededObject, "https://a.test/inbox") }
	update := func(l *ledgerStory) { l.plan("Update", supersededObject, "https://a.test/inbox") }
	remove := func(l *ledgerStory) { l.plan("Delete", supersededObject, "https://a.test/inbox") }
	delivered := func(l *ledgerStory) { l.visit(delivery.Delivered, 202) }
	refused := func(l *ledgerStory) { l.visit(delivery.Failed, 403) }
	tried := func(l *ledgerStory) { l.visit(delivery.Waiting, 500) }
	leased := func(l *ledgerStory) { l.claim() }
	leaseEnds := func(l *ledgerStory) { l.now = l.now.Add(delivery.Lease + time.Second) }
	tests := []struct {
		name string
		in   []func(*ledgerStory)
		want []string
	}{
		{
			"Update and an unsent Create",
			[]func(*ledgerStory){create, update},
			[]string{"Create waiting", "Update waiting"},
		},
		{
			"Update and an unsent Update",
			[]func(*ledgerStory){create, delivered, update, update},
			[]string{"Create delivered", "Update superseded", "Update waiting"},
		},
		{
			"Update and both",
			[]func(*ledgerStory){create, update, update},
			[]string{"Create waiting", "Update superseded", "Update waiting"},
		},
		{
			"Update and a sent Update",
			[]func(*ledgerStory){create, update, delivered, update},
			[]string{"Create delivered", "Update delivered", "Update waiting"},
		},
		{
			"Delete and what was never tried",
			[]func(*ledgerStory){create, update, remove},
			[]string{"Create superseded", "Update superseded", "Delete skipped"},
		},
		{
			"Delete and a Create that failed once",
			[]func(*ledgerStory){create, tried, remove},
			[]string{"Create superseded", "Delete waiting"},
		},
		{
			"Delete and a Create that was refused",
			[]func(*ledgerStory){create, refused, remove},
			[]string{"Create failed", "Delete waiting"},
		},
		{
			"Delete and a Create that arrived",
			[]func(*ledgerStory){create, delivered, update, remove},
			[]string{"Create delivered", "Update superseded", "Delete waiting"},
		},
		{
			"Delete and a Create on its way",
			[]func(*ledgerStory){create, leased, remove},
			[]string{"Create superseded", "Delete waiting"},
		},
		{
			"Delete and a Create whose lease ended",
			[]func(*ledgerStory){create, leased, leaseEnds, remove},
			[]string{"Create superseded", "Delete skipped"},
		},
		{"Delete and nothing before", []func(*ledgerStory){remove}, []string{"Delete skipped"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedgerStory(t)
			for _, step := range tt.in {
				step(l)
			}
			differ(t, "ledger", tt.want, l.states())
		})
	}
}

// TestSupersedeSpares leaves what is about another object, and looks at each
// inbox by itself.
func TestSupersedeSpares(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox")
	l.visit(delivery.Delivered, 202)
	l.plan("Update", supersededObject, "https://a.test/inbox", "https://b.example/inbox")
	l.plan("Update", "https://b.test/ap/objects/2", "https://a.test/inbox")
	l.plan("Delete", supersededObject, "https://a.test/inbox", "https://b.example/inbox")
	differ(t, "ledger", []string{
		"Create delivered", "Update superseded", "Update superseded", "Update waiting", "Delete waiting", "Delete skipped",
	}, l.states())
}

// TestDeleteLeavesTheOutbox takes the Create of a deleted object out of it.
func TestDeleteLeavesTheOutbox(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.plan("Create", supersededObject, "https://a.test/inbox")
	kept := l.plan("Create", "https://b.test/ap/objects/2", "https://a.test/inbox")
	l.plan("Delete", supersededObject, "https://a.test/inbox")
	rows, err := l.s.pool.Query(t.Context(), `select id from activities where listed`)
	check(t, err)
	differ(t, "outbox", []uuid.UUID{kept.ID}, collectIDs(t, rows, err))
}

// TestRecordSuperseded records what was superseded while it was on its way.
func TestRecordSuperseded(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   delivery.State
		want []string
	}{
		{"it arrived", delivery.Delivered, []string{"Create delivered", "Delete waiting"}},
		{"it has to be tried again", delivery.Waiting, []string{"Create superseded", "Delete waiting"}},
		{"it was refused", delivery.Failed, []string{"Create superseded", "Delete waiting"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLedgerStory(t)
			l.plan("Create", supersededObject, "https://a.test/inbox")
			leased := l.claim()
			l.plan("Delete", supersededObject, "https://a.test/inbox")
			l.record(leased, tt.in, 0)
			differ(t, "ledger", tt.want, l.states())
			differ(t, "hosts due for the Delete", 1, len(l.claim()))
		})
	}
}
