package main

import (
	"context"
	"time"

	"kabar/internal/federation"
	"kabar/internal/queue"
)

// What a server runs seldom changes; one that gave no answer is asked again
// sooner.
const (
	softwareAgain = 7 * 24 * time.Hour
	softwareRetry = 24 * time.Hour
)

// softwareLoop asks other servers what they run.
func (n *node) softwareLoop() *queue.Loop[federation.Server, federation.Server] {
	return &queue.Loop[federation.Server, federation.Server]{
		Name: "software", Log: n.log, Workers: 8, Limit: 20, Poll: 30 * time.Second,
		Claim: func(ctx context.Context, limit int) ([]federation.Server, error) {
			return n.store.ClaimServers(ctx, time.Now(), softwareRetry, limit)
		},
		Release: n.store.ReleaseServers,
		Do: func(ctx context.Context, claimed []federation.Server) (known []federation.Server, err error) {
			for _, server := range claimed {
				server, err := n.federation.AskSoftware(ctx, server)
				if err != nil {
					n.log.DebugContext(ctx, "a server does not say what it runs", "host", server.Host, "error", err)
					continue
				}
				known = append(known, server)
			}
			return known, nil
		},
		Done: func(ctx context.Context, known []federation.Server) error {
			return n.store.SetSoftware(ctx, known, time.Now().Add(softwareAgain))
		},
	}
}
