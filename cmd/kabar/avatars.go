package main

import (
	"context"
	"time"

	"kabar/internal/media"
	"kabar/internal/postgres"
	"kabar/internal/queue"
)

// avatarRetry is when a picture that could not be had is tried again.
const avatarRetry = 24 * time.Hour

// avatarLoop copies the pictures of people on other servers, so that a
// reader's browser never calls there.
func (n *node) avatarLoop() *queue.Loop[postgres.Avatar, postgres.Avatar] {
	proxy := media.Proxy{Fetch: n.client.Media, Store: n.media}
	return &queue.Loop[postgres.Avatar, postgres.Avatar]{
		Name: "avatars", Log: n.log, Workers: 4, Limit: 20, Poll: 30 * time.Second,
		Claim: func(ctx context.Context, limit int) ([]postgres.Avatar, error) {
			return n.store.ClaimAvatars(ctx, time.Now(), avatarRetry, limit)
		},
		Release: n.store.ReleaseAvatars,
		Do: func(ctx context.Context, claimed []postgres.Avatar) (copied []postgres.Avatar, err error) {
			for _, a := range claimed {
				picture, err := proxy.Avatar(ctx, a.URL)
				if err != nil {
					n.log.DebugContext(ctx, "a picture cannot be had", "address", a.URL, "error", err)
					continue
				}
				a.Name = picture.Name
				copied = append(copied, a)
			}
			return copied, nil
		},
		Done: n.store.SetAvatars,
	}
}
