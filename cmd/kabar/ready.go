package main

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/queue"
)

// stuckTime is how long one of the loops that others wait for may neither look
// for work without an error nor finish any, before the node calls itself
// broken. A single activity or visit takes less.
const stuckTime = 5 * time.Minute

// ready tells why this node should not be sent requests: its database does not
// answer, or what it took over to do is not done.
func (n *node) ready(ctx context.Context) error {
	if err := n.store.Ping(ctx); err != nil {
		return err
	}
	if !n.config.Role.Works() {
		return nil
	}
	return stuck(n.states(), time.Now())
}

// stuck tells which loop does not move.
func stuck(states map[string]queue.State, now time.Time) error {
	for _, name := range []string{queueInbound, queueDeliveries} {
		if still := now.Sub(states[name].Moved); still > stuckTime {
			return fmt.Errorf("the queue of %s has been stuck for %s", name, still.Round(time.Second))
		}
	}
	return nil
}
