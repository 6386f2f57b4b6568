package postgres

import (
	"fmt"
	"testing"
	"time"

	"kabar/internal/federation"
)

// TestQueues are counted, and as old as what could be taken and is not.
func TestQueues(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	state := func(now time.Time, name string) QueueState {
		t.Helper()
		queues, err := l.s.Queues(t.Context(), now)
		check(t, err)
		for _, q := range queues {
			if q.Name == name {
				return q
			}
		}
		t.Fatalf("there is no queue %s", name)
		return QueueState{}
	}
	differ(t, "nothing to send", QueueState{Name: "deliveries"}, state(at(0), "deliveries"))
	l.plan("Create", supersededObject, "https://a.test/inbox", "https://b.test/inbox")
	var due time.Time
	check(t, l.s.pool.QueryRow(t.Context(), `select min(next_at) from hosts`).Scan(&due))
	differ(t, "planned", QueueState{Name: "deliveries", Waiting: 2, Oldest: due}, state(due.Add(time.Minute), "deliveries"))
	l.s.exec(t, `update hosts set next_at = $1`, due.Add(time.Hour))
	differ(t, "paused", QueueState{Name: "deliveries", Waiting: 2}, state(due.Add(time.Minute), "deliveries"))

	differ(t, "nothing came", QueueState{Name: "inbound"}, state(at(9), "inbound"))
	check(t, l.s.AddInbound(t.Context(), federation.Inbound{
		ActivityURI: "https://a.test/1", Actor: "https://a.test/u", Signer: "https://a.test/u", Host: "a.test", Type: "Like",
		Raw: []byte("{}"), Received: at(3), Signed: at(3),
	}, []string{"a.test"}))
	differ(t, "it came", QueueState{Name: "inbound", Waiting: 1, Oldest: at(3)}, state(at(9), "inbound"))
	_, err := l.s.ClaimInbound(t.Context(), at(9), time.Hour, 10)
	check(t, err)
	differ(t, "it is in hand", QueueState{Name: "inbound", Waiting: 1}, state(at(9), "inbound"))
	for limit, want := range map[int]bool{0: true, 1: false, 2: false} {
		more, err := l.s.InboundMore(t.Context(), limit)
		check(t, err)
		differ(t, fmt.Sprint("more than ", limit), want, more)
	}
	l.s.exec(t, `update inbound set next_at = null`)
	more, err := l.s.InboundMore(t.Context(), 0)
	check(t, err)
	differ(t, "what is done does not wait", false, more)
}
