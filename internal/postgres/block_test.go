package postgres

import (
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// TestBlockSkips drops from the queue what waits for a server that is blocked
// now, except ends.
func TestBlockSkips(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	for i, kind := range []string{"Create", "Reject"} {
		check(t, l.s.Plan(t.Context(), federation.Outgoing{
			Activity: federation.Activity{
				ID: newID(), URI: "https://b.test/ap/activities/" + kind, ActorID: l.actor.ID, Type: kind,
				ObjectURI: "https://b.test/ap/objects/" + kind, JSON: []byte(`{}`), Created: at(i),
			},
			Inboxes: []string{"https://x.bad.test:8443/inbox", "https://notbad.test/inbox"},
		}))
	}
	check(t, l.s.AddBlocks(t.Context(), []blog.Block{{Kind: "domain", Value: "bad.test", Created: at(2)}}, newID, audit("block.add")))
	rows, err := l.s.pool.Query(t.Context(), `select type || ' ' || host || ' ' || state from deliveries order by 1`)
	differ(t, "ledger", []string{
		"Create notbad.test waiting", "Create x.bad.test:8443 skipped", "Reject notbad.test waiting", "Reject x.bad.test:8443 waiting",
	}, collectText(t, rows, err))
}

// TestAllowListSends plans deliveries for allowed servers only.
func TestAllowListSends(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	l.s.exec(t, `insert into settings (key, value) values ('allow_list', 'true') on conflict (key) do update set value = excluded.value`)
	check(t, l.s.AddBlocks(t.Context(), []blog.Block{{Kind: "domain", Value: "good.test", Severity: blog.SeverityAllow, Created: at(0)}}, newID, audit("block.add")))
	l.plan("Create", supersededObject, "https://x.good.test/inbox", "https://other.test/inbox")
	rows, err := l.s.pool.Query(t.Context(), `select host from deliveries`)
	differ(t, "hosts", []string{"x.good.test"}, collectText(t, rows, err))
	blocks, err := l.s.Blocks(t.Context())
	check(t, err)
	for host, want := range map[string]string{"x.good.test": "", "good.test": "", "other.test": "not-allowed"} {
		differ(t, host, want, blog.Refusal(blocks, "https://"+host+"/u", host))
	}
}

// TestAnswersAreCountedThrough keeps the counters of a thread right while a
// branch is hidden in one decision and comes back.
func TestAnswersAreCountedThrough(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	top := commentBy(ana, a, 1)
	middle := answering(commentBy(budi, a, 2), top)
	below := answering(commentBy(ana, a, 3), middle)
	addComments(t, s, top, middle, below)
	wrong := func(what string) {
		t.Helper()
		var n int
		check(t, s.pool.QueryRow(t.Context(), `
			select count(*) from comments p
			where answers <> (select count(*) from comments c where c.parent_id = p.id and c.stands)`).Scan(&n))
		differ(t, what+": wrong counters", 0, n)
	}
	m := decision(blog.CommentDeleted)
	m.Selection = blog.Selection{Actor: ana.ID}
	done := moderate(t, s, m)
	wrong("deleted")
	checkCount(t, s, a.ID, 1)
	all := decision(blog.Hidden, top.ID, middle.ID, below.ID)
	hidden := moderate(t, s, all)
	differ(t, "hidden", []uuid.UUID{middle.ID}, hidden.Comments)
	wrong("hidden")
	undo(t, s, hidden.Batch)
	undo(t, s, done.Batch)
	wrong("undone")
	checkCount(t, s, a.ID, 3)
}
