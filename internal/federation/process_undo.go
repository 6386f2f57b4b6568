package federation

import (
	"context"
	"errors"

	"kabar/activitypub"
)

// undo takes back what the same actor did: by the id of the activity, or by
// what it was, where servers leave the id out.
func (r *receipt) undo(ctx context.Context) error {
	undone := r.activity.Object.First()
	u := Undoing{Actor: r.Actor, ActivityURI: printable(undone.ID), Remember: sameOrigin(undone.ID, r.Actor)}
	if o := undone.Object; o != nil && o.Type() != "" {
		if by := o.Actor.ID(); by != "" && by != r.Actor {
			return refused("not-owner", by)
		}
		kind, emoji, ok := undoable(o)
		if !ok {
			return ignored("undo-type")
		}
		object, err := r.undoneObject(ctx, kind, o.Object.ID())
		if err != nil {
			return err
		}
		u.Kind, u.ObjectURI, u.Content = kind, object, emoji
	}
	if u.ActivityURI == "" && u.ObjectURI == "" {
		return ignored("no-object")
	}
	return r.Store.Undo(ctx, u, r.done("undone"))
}

// undoable is what an activity that can be taken back is kept as.
func undoable(o *activitypub.Object) (kind, emoji string, ok bool) {
	if o.Is("Follow") {
		return "follow", "", true
	}
	return reactionOf(o)
}

// undoneObject is the object under the id that reactions are kept with.
func (r *receipt) undoneObject(ctx context.Context, kind, uri string) (string, error) {
	if kind == "follow" {
		return printable(uri), nil
	}
	place, ok, err := r.at(ctx, uri)
	var v verdict
	switch {
	case err == nil && ok:
		return place.ObjectURI, nil
	case err == nil, errors.As(err, &v), errors.Is(err, errNoParent):
		return "", nil
	}
	return "", err
}
