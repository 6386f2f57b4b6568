package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/delivery"
)

func TestFirstID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   time.Time
		want string
	}{
		{"the example of RFC 9562, appendix A.6", time.UnixMilli(0x017F22E279B0), "017f22e2-79b0-0000-0000-000000000000"},
		{"the epoch", time.UnixMilli(0), uuid.Nil.String()},
		{"before it", time.UnixMilli(-1), uuid.Nil.String()},
		{"no time", time.Time{}, uuid.Nil.String()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			differ(t, "id", tt.want, firstID(tt.in).String())
		})
	}
}

// addRow writes an activity, or another row of one, into the ledger.
func addRow(t *testing.T, s *Store, activity, actor uuid.UUID, host string, state delivery.State, created time.Time) {
	t.Helper()
	s.exec(t, `
		insert into activities (id, uri, actor_id, type, object_uri, json, created)
		values ($1, $2, $3, 'Create', 'o', '{}', $4) on conflict do nothing`, activity, "a:"+activity.String(), actor, created)
	s.exec(t, `
		insert into deliveries (activity_id, host, inbox, object_uri, type, state, next_at, created)
		values ($1, $2, 'https://' || $2 || '/inbox', 'o', 'Create', $3, $4, $4)`, activity, host, state, created)
}

func TestDeliveryOverview(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addActor(t, s, blog.BlogActor, "blog", "b.test").ID
	old, recent := firstID(at(0)), firstID(at(60))
	addRow(t, s, old, actor, "a.test", delivery.Delivered, at(0))
	addRow(t, s, old, actor, "b.test", delivery.Waiting, at(0))
	addRow(t, s, recent, actor, "a.test", delivery.Delivered, at(60))
	addRow(t, s, recent, actor, "b.test", delivery.Waiting, at(60))
	addRow(t, s, recent, actor, "c.test", delivery.Expired, at(60))
	s.exec(t, `
		insert into hosts (host, failing_since, paused_until, next_at, suspended, failures, last_error) values
			('b.test', $1, $2, $2, null, 3, 'timeout'), ('c.test', $1, null, null, $1, 9, 'gone'), ('d.test', $1, $2, null, null, 1, '')`, at(1), at(90))

	sum, err := s.DeliverySummary(t.Context(), at(30))
	check(t, err)
	differ(t, "summary", delivery.Summary{Delivered: 1, Waiting: 2, Failed: 1, Oldest: at(0), Next: at(90)}, sum)

	sent, err := s.Sent(t.Context(), delivery.SentQuery{States: []delivery.State{delivery.Waiting}, Limit: 1})
	check(t, err)
	differ(t, "sent", []delivery.Sent{{
		Activity: recent, Type: "Create", ObjectURI: "o", Created: at(60),
		Counts: map[delivery.State]int{delivery.Delivered: 1, delivery.Waiting: 1, delivery.Expired: 1},
	}}, sent)
	before, err := s.Sent(t.Context(), delivery.SentQuery{Host: "a.test", Before: recent, Limit: 5})
	check(t, err)
	differ(t, "before, of one host", []delivery.Sent{{
		Activity: old, Type: "Create", ObjectURI: "o", Created: at(0), Counts: map[delivery.State]int{delivery.Delivered: 1},
	}}, before)

	troubles, err := s.Troubles(t.Context(), at(61), 5)
	check(t, err)
	differ(t, "troubles, the suspended first", []delivery.Trouble{
		{Host: "c.test", Since: at(1), Suspended: true, Failures: 9, LastError: "gone"},
		{Host: "b.test", Since: at(1), Paused: at(90), Failures: 3, Waiting: 2, LastError: "timeout"},
	}, troubles)
	n, err := s.TroubleCount(t.Context(), at(61), 5)
	check(t, err)
	differ(t, "how many", len(troubles), n)
	n, err = s.TroubleCount(t.Context(), at(61), 1)
	check(t, err)
	differ(t, "how many, at most", 1, n)
}

// Counts of deliveries follow whatever is done with them.
func TestDeliveryCounts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, do string
		want     map[delivery.State]int // of the only activity
	}{
		{"nothing", `select $1::uuid`, map[delivery.State]int{delivery.Waiting: 2, delivery.Delivered: 1}},
		{
			"one arrives", `update deliveries set state = 'delivered', last_at = now() where activity_id = $1 and host = 'a.test'`,
			map[delivery.State]int{delivery.Waiting: 1, delivery.Delivered: 2},
		},
		{"all arrive", `update deliveries set state = 'delivered' where activity_id = $1`, map[delivery.State]int{delivery.Delivered: 3}},
		{"one is put off", `update deliveries set next_at = now() where activity_id = $1`, map[delivery.State]int{delivery.Waiting: 2, delivery.Delivered: 1}},
		{"old ones go", `delete from deliveries where activity_id = $1 and state = 'delivered'`, map[delivery.State]int{delivery.Waiting: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			actor, id := addActor(t, s, blog.BlogActor, "blog", "b.test").ID, firstID(at(0))
			s.exec(t, `insert into hosts (host, next_at) values ('a.test', now()), ('b.test', now())`)
			addRow(t, s, id, actor, "a.test", delivery.Waiting, at(0))
			addRow(t, s, id, actor, "b.test", delivery.Waiting, at(0))
			addRow(t, s, id, actor, "c.test", delivery.Delivered, at(0))
			s.exec(t, tt.do, id)
			sent, err := s.Sent(t.Context(), delivery.SentQuery{Limit: 5})
			check(t, err)
			differ(t, "counts", tt.want, sent[0].Counts)
			differ(t, "miscounts", map[string]int{}, wrongs(t, s))
			s.exec(t, `delete from deliveries`)
			s.exec(t, `delete from activities`)
			var left int
			check(t, s.pool.QueryRow(t.Context(), `select count(*) from delivery_counts`).Scan(&left))
			differ(t, "left of an activity that is gone", 0, left)
		})
	}
}
