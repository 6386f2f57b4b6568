package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/delivery"
	"kabar/internal/metrics"
	"kabar/internal/queue"
)

// count lets the parts of the node tell the figures what they do.
func (n *node) count() {
	m := n.metrics
	n.store.Finished = m.Processed
	n.pages.Rendered = m.Rendered
	pools, lag := map[string]func() *pgxpool.Stat{"primary": n.store.Pool().Stat}, (func() time.Duration)(nil)
	if n.replica != nil {
		pools["replica"], lag = n.replica.Pool().Stat, n.replica.Lag
	}
	m.Watch(metrics.Sources{
		Pools: pools, Reads: n.store.Reads, Lag: lag,
		Cache:   func() metrics.CacheState { return metrics.CacheState(n.pages.State()) },
		Loops:   n.inHand,
		Streams: n.watching,
		Queues:  n.queues,
	})
}

// tries are the names of what becomes of a try to deliver.
var tries = map[delivery.State]string{
	delivery.Delivered: "delivered", delivery.Failed: "failed", delivery.Waiting: "retried", delivery.Expired: "expired",
}

func (n *node) sent(state delivery.State, failing bool, took time.Duration) {
	n.metrics.Delivered(tries[state], failing, took)
}

// states are how the loops of this node fare.
func (n *node) states() map[string]queue.State {
	return map[string]queue.State{
		queueDeliveries: n.deliveries.State(), queueForwards: n.forwards.State(), queueInbound: n.inbound.State(),
		"crawls": n.crawls.State(), "avatars": n.avatars.State(), "copies": n.copies.State(), "software": n.software.State(),
	}
}

func (n *node) inHand() map[string]int {
	counts := map[string]int{}
	for name, state := range n.states() {
		counts[name] = state.InHand
	}
	return counts
}

func (n *node) watching() int {
	if hub := n.open.Load(); hub != nil {
		return hub.Watching()
	}
	return 0
}

func (n *node) queues(ctx context.Context) ([]metrics.Queue, error) {
	states, err := n.store.Queues(ctx, time.Now())
	queues := make([]metrics.Queue, len(states))
	for i, state := range states {
		queues[i] = metrics.Queue(state)
	}
	return queues, err
}
