package federation

import "context"

// remove deletes a post, or an actor with all it left here. A post that never
// arrived is remembered, so that its Create does nothing when it comes late.
func (r *receipt) remove(ctx context.Context) error {
	id := printable(r.activity.Object.ID())
	switch {
	case id == "":
		return ignored("no-object")
	case id == r.Actor:
		return r.Store.DeleteActor(ctx, id, r.done("deleted"))
	case !sameOrigin(id, r.Actor):
		return refused("origin", id)
	}
	return r.Store.DeleteObject(ctx, Deletion{URI: id, Actor: r.Actor, Remember: true, Forward: r.convinces()}, r.done("deleted"))
}
