package postgres

import (
	"testing"
	"time"

	"kabar/internal/delivery"
)

// low plans something that is passed on for others.
func (l *ledgerStory) low(host string) {
	l.Helper()
	l.s.exec(l.T, `
		with a as (
			insert into activities (id, uri, actor_id, type, object_uri, json, created, forwarded, content_type)
			values (gen_random_uuid(), 'forward:' || gen_random_uuid(), $1, 'Create', 'https://c.test/' || gen_random_uuid(), '{}', $3, true, 'application/ld+json')
			returning id, object_uri
		), d as (
			insert into deliveries (activity_id, host, inbox, object_uri, type, next_at, created, low)
			select id, $2, 'https://' || $2 || '/inbox', object_uri, 'Create', $3, $3, true from a
		)
		insert into hosts (host, low_next_at) values ($2, $3)
		on conflict (host) do update set low_next_at = least(hosts.low_next_at, excluded.low_next_at)`, l.actor.ID, host, l.now)
}

func (l *ledgerStory) claimLow() []delivery.Host {
	l.Helper()
	hosts, err := l.s.ClaimLowHosts(l.Context(), l.now, 100, 1)
	check(l.T, err)
	return hosts
}

// TestLowWaits sends what others wrote only when nothing of ours is due, one
// row at a time.
func TestLowWaits(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	rows := func(hosts []delivery.Host) (n int) {
		for _, h := range hosts {
			n += len(h.Rows)
		}
		return n
	}
	l.low("a.test")
	l.low("a.test")
	differ(t, "ours", 0, len(l.claim()))
	l.plan("Create", supersededObject, "https://a.test/inbox")
	differ(t, "low beside ours", 0, len(l.claimLow()))
	ours := l.claim()
	differ(t, "ours", 1, rows(ours))
	differ(t, "low while ours is on its way", 0, len(l.claimLow()))
	l.record(ours, delivery.Delivered, 202)
	for range 2 {
		low := l.claimLow()
		differ(t, "low", 1, rows(low))
		l.record(low, delivery.Delivered, 202)
	}
	differ(t, "low in the end", 0, len(l.claimLow()))
	message, err := l.s.Outgoing(t.Context(), l.sent())
	check(t, err)
	differ(t, "content type", "application/ld+json", message.ContentType)

	// A pause is for both, and what speaks again is due for both.
	l.low("a.test")
	l.plan("Update", supersededObject, "https://a.test/inbox")
	check(t, l.s.RecordDeliveries(t.Context(), l.now, []delivery.Result{{Host: l.claim()[0].Name, Failures: 1, Pause: time.Hour}}))
	differ(t, "in the pause", 0, len(l.claimLow())+len(l.claim()))
	_, err = l.s.HostSpoke(t.Context(), l.now, "a.test")
	check(t, err)
	l.visit(delivery.Delivered, 202)
	differ(t, "after it spoke", 1, rows(l.claimLow()))
}

// sent is an activity that was passed on.
func (l *ledgerStory) sent() (id [16]byte) {
	l.Helper()
	check(l.T, l.s.pool.QueryRow(l.Context(), `select id from activities where forwarded limit 1`).Scan(&id))
	return id
}

// TestDeleteOldForwards forgets what was passed on, and nothing of ours.
func TestDeleteOldForwards(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.low("a.test")
	l.plan("Create", supersededObject, "https://a.test/inbox")
	l.visit(delivery.Delivered, 202)
	l.record(l.claimLow(), delivery.Delivered, 202)
	l.low("a.test")
	n, err := l.s.DeleteOldForwards(t.Context(), l.now.Add(time.Hour))
	check(t, err)
	differ(t, "deleted", 1, n)
	left := 0
	check(t, l.s.pool.QueryRow(t.Context(), `select count(*) from activities`).Scan(&left))
	differ(t, "activities left", 2, left)
}
