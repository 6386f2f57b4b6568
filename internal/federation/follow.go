package federation

import (
	"context"
	"errors"

	"kabar/internal/blog"
)

// follow makes a follower, and plans the Accept in the same transaction. A
// Follow that comes again, under a new id, is answered again: the first answer
// may have been lost.
func (r *receipt) follow(ctx context.Context) error {
	target, err := r.followed(ctx, r.activity.Object.ID())
	if err != nil {
		return err
	}
	actor, err := r.actorOf(ctx, r.Actor)
	if err != nil {
		return err
	}
	if actor.Inbox == "" {
		return refused("no-inbox", actor.URI)
	}
	uri := printable(r.activity.ID)
	accept, err := r.Answer(r.site, target, "Accept", r.NewID(), Follow{URI: uri, Actor: actor.URI, Inbox: actor.Inbox})
	if err != nil {
		return err
	}
	f := NewFollower{Target: target.ID, Actor: actor.ID, FollowURI: uri}
	if err := r.Store.AddFollower(ctx, f, accept, r.done("follow")); err != nil {
		return err
	}
	if r.Nudge != nil {
		r.Nudge()
	}
	return nil
}

// followed is the actor of ours that an id names; the instance actor has no
// followers.
func (r *receipt) followed(ctx context.Context, uri string) (blog.Actor, error) {
	a, known, err := r.stored(ctx, uri)
	if err != nil {
		return blog.Actor{}, err
	}
	if !known || a.Kind != blog.BlogActor && a.Kind != blog.AuthorActor {
		return blog.Actor{}, ignored("not-ours")
	}
	actor, err := r.Store.Actor(ctx, a.ID)
	if errors.Is(err, blog.ErrNotFound) || errors.Is(err, blog.ErrGone) {
		return blog.Actor{}, ignored("gone")
	}
	return actor, err
}

// blockedBy ends the follow of somebody who blocks one of our actors.
func (r *receipt) blockedBy(ctx context.Context) error {
	target, err := r.followed(ctx, r.activity.Object.ID())
	if err != nil {
		return err
	}
	return r.Store.EndFollow(ctx, target.ID, r.Actor, r.done("blocked"))
}
