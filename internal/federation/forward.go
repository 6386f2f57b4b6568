package federation

import (
	"context"
	"errors"

	"kabar/internal/blog"
)

// forwarded handles an activity that somebody passed on for its actor. Its
// payload is not believed: the object is fetched from its origin, and a
// deletion is what the origin says (ActivityPub section 7.1.2).
func (r *receipt) forwarded(ctx context.Context) error {
	id := printable(r.activity.Object.ID())
	if r.activity.Is("Delete") {
		return r.forwardedDelete(ctx, id)
	}
	_, err := r.Store.CommentByObject(ctx, id)
	if err == nil && r.activity.Is("Create") {
		return ignored("known")
	}
	o, err := r.fetch(ctx, id)
	if err != nil {
		return err
	}
	if o.IsActor() {
		return profileOutcome(r.saveActor(ctx, o))
	}
	owner := o.AttributedTo.ID()
	if err := checkPost(o, owner); err != nil {
		return err
	}
	if r.blocked(owner) {
		return refused("blocked", owner)
	}
	if r.activity.Is("Update") {
		return r.edit(ctx, o, owner)
	}
	return r.comment(ctx, o, owner)
}

func (r *receipt) forwardedDelete(ctx context.Context, id string) error {
	isActor, err := r.deletable(ctx, id)
	if err != nil {
		return err
	}
	_, err = r.fetch(ctx, id)
	var v verdict
	switch {
	case err == nil:
		return ignored("still-there")
	case !errors.As(err, &v):
		return err
	case v.outcome == "ignored:gone" && isActor:
		return r.Store.DeleteActor(ctx, id, r.done("deleted"))
	case (v.outcome == "ignored:gone" || v.outcome == "ignored:not-found") && !isActor:
		return r.Store.DeleteObject(ctx, Deletion{URI: id}, r.done("deleted"))
	}
	// A person who is not found may be back tomorrow.
	return err
}

// deletable finds out what is to be deleted. What is not here needs no fetch.
func (r *receipt) deletable(ctx context.Context, id string) (isActor bool, err error) {
	a, known, err := r.stored(ctx, id)
	if err != nil {
		return false, err
	}
	if known {
		if a.Kind != blog.Remote || a.Deleted {
			return false, ignored("deleted")
		}
		return true, nil
	}
	c, err := r.Store.CommentByObject(ctx, id)
	switch {
	case errors.Is(err, blog.ErrNotFound):
		return false, ignored("unknown")
	case errors.Is(err, blog.ErrGone) || err == nil && (c.Local || c.State == blog.CommentDeleted):
		return false, ignored("deleted")
	}
	return false, err
}
