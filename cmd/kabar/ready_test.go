package main

import (
	"testing"
	"time"

	"kabar/internal/queue"
)

func TestStuck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration, inHand int) queue.State { return queue.State{InHand: inHand, Moved: now.Add(-d)} }
	tests := []struct {
		name                string
		inbound, deliveries queue.State
		want                string
	}{
		{"idle", ago(time.Second, 0), ago(time.Second, 0), ""},
		{"a long visit", ago(time.Second, 0), ago(4*time.Minute, 200), ""},
		{"nothing is delivered", ago(time.Second, 0), ago(6*time.Minute, 200), "the queue of deliveries has been stuck for 6m0s"},
		{"nothing is taken in", ago(time.Hour, 0), ago(time.Second, 0), "the queue of inbound has been stuck for 1h0m0s"},
	}
	for _, tt := range tests {
		err := stuck(map[string]queue.State{queueInbound: tt.inbound, queueDeliveries: tt.deliveries}, now)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
