package federation_test

import (
	"fmt"
	"slices"
	"testing"

	"kabar/internal/delivery"
	"kabar/internal/federation"
	"kabar/internal/pgtest"
)

// BenchmarkLedger is what the ledger costs for an activity to 1,000 hosts:
// planned, claimed 200 hosts at a time, and written in batches of 100.
func BenchmarkLedger(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	inboxes := make([]string, 1000)
	for i := range inboxes {
		inboxes[i] = fmt.Sprintf("https://h%d.example/inbox", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		id := newID()
		r.check(r.store.Plan(b.Context(), federation.Outgoing{Inboxes: inboxes, Activity: federation.Activity{
			ID: id, URI: origin + "/ap/activities/" + id.String(), ActorID: r.actor.ID, Type: "Create",
			ObjectURI: fmt.Sprint(origin, "/ap/objects/", id), JSON: []byte("{}"), Created: r.now(),
		}}))
		if sent := r.deliver(200, 100); sent != len(inboxes) {
			b.Fatalf("%d rows were due, want %d", sent, len(inboxes))
		}
	}
}

// deliver claims and writes until nothing is due, as if all had arrived.
func (r *receiver) deliver(limit, batch int) (sent int) {
	for {
		hosts, err := r.store.ClaimHosts(r.t.Context(), r.now(), limit, 50)
		r.check(err)
		if len(hosts) == 0 {
			return sent
		}
		for part := range slices.Chunk(hosts, batch) {
			results := make([]delivery.Result, len(part))
			for i, h := range part {
				results[i] = delivery.Result{Host: h.Name, Up: true, Status: 202}
				for _, row := range h.Rows {
					results[i].Rows = append(results[i].Rows, delivery.RowResult{ID: row.ID, State: delivery.Delivered, Tried: true, Status: 202})
				}
				sent += len(h.Rows)
			}
			r.check(r.store.RecordDeliveries(r.t.Context(), r.now(), results))
		}
	}
}
