package federation

import (
	"context"
	"slices"
)

// move lets the new account of a follower follow in the place of the old one,
// when both accounts name each other at their own servers.
func (r *receipt) move(ctx context.Context) error {
	if r.activity.Object.ID() != r.Actor {
		return refused("not-owner", r.activity.Object.ID())
	}
	target := r.activity.Target.ID()
	if target == "" || target == r.Actor {
		return ignored("no-target")
	}
	from, err := r.actorOf(ctx, r.Actor)
	if err != nil {
		return err
	}
	if err := r.bothMoved(ctx, target); err != nil {
		return err
	}
	to, err := r.actorOf(ctx, target)
	if err != nil {
		return err
	}
	if to.Inbox == "" {
		return refused("no-inbox", target)
	}
	return r.Store.MoveFollower(ctx, from, to, r.done("moved"))
}

// bothMoved reads both accounts anew, so that neither the one nor the other
// can be claimed: the old one names the new as movedTo, and the new one the
// old as alsoKnownAs (Mastodon, "Move").
func (r *receipt) bothMoved(ctx context.Context, target string) error {
	old, err := r.fetchActor(ctx, r.Actor)
	if err != nil {
		return err
	}
	if old.MovedTo != target {
		return refused("move", r.Actor+" has not moved to "+target)
	}
	next, err := r.fetchActor(ctx, target)
	if err != nil {
		return err
	}
	if !slices.Contains(next.AlsoKnownAs, r.Actor) {
		return refused("move", target+" does not know "+r.Actor)
	}
	return nil
}
