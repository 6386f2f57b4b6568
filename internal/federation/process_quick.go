package federation

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// quick does the common cases of a batch in few transactions and without the
// network: new replies and reactions of known actors in known places. It
// returns the others, and all of them when a transaction failed: one bad row
// must not hold up the rest. Their order among each other does not matter,
// since every effect is the same in any order of arrival.
func (p *pass) quick(ctx context.Context, receipts []*receipt) (rest []*receipt, err error) {
	plain, rest := sortOut(receipts)
	if len(plain) == 0 {
		return rest, nil
	}
	unfit, err := p.addPlain(ctx, plain, objectsOf(receipts))
	switch {
	case err == nil:
		return append(rest, unfit...), nil
	case ctx.Err() != nil || errors.Is(err, blog.ErrUnavailable):
		return nil, err
	}
	p.Log.WarnContext(ctx, "a batch is done one by one", "activities", len(plain), "err", err)
	return append(rest, plain...), nil
}

// objectsOf are the objects that a batch is about. They may be there once it is
// done.
func objectsOf(receipts []*receipt) map[string]bool {
	objects := map[string]bool{}
	for _, r := range receipts {
		if r.activity != nil && r.Type != "Like" && r.Type != "EmojiReact" && r.Type != "Announce" {
			objects[r.ObjectURI] = true
		}
	}
	return objects
}

// addPlain returns those that need more than what is stored, and ends reactions
// to what is not ours. Of coming objects that cannot be told yet.
func (p *pass) addPlain(ctx context.Context, plain []*receipt, coming map[string]bool) (unfit []*receipt, err error) {
	actors, places, err := p.lookUp(ctx, plain)
	if err != nil {
		return nil, err
	}
	var comments []NewComment
	var reactions []NewReaction
	var ended []Done
	for _, r := range plain {
		actor, place := actors[r.Actor], places[target(r.site, r.about())]
		_, _, reacts := reactionOf(r.activity)
		if reacts && place == (Place{}) && r.elsewhere(r.about()) && !coming[printable(r.about())] {
			ended = append(ended, r.done(outcomeNotOurs))
		} else if !actor.usable() || !place.usable() {
			unfit = append(unfit, r)
		} else if r.noteAge(actor); reacts {
			reactions = append(reactions, r.reaction(actor, place))
		} else if c, ok := r.quickComment(actor, place); ok {
			comments = append(comments, c)
		} else {
			unfit = append(unfit, r)
		}
	}
	if len(ended) > 0 {
		if err := p.Store.FinishInbound(ctx, ended...); err != nil {
			return nil, err
		}
	}
	if err := p.addComments(ctx, comments...); err != nil {
		return nil, err
	}
	return unfit, p.Store.AddReactions(ctx, reactions...)
}

// elsewhere reports whether an address is one of another server.
func (r *receipt) elsewhere(uri string) bool {
	_, local := r.site.Address().Local(uri)
	return !local
}

// usable reports whether an actor's activities need no look at its origin.
func (a KnownActor) usable() bool {
	return a.Kind == blog.Remote && !a.Deleted && !a.Fetched.IsZero()
}

func (p Place) usable() bool { return !p.Gone && p.ArticleID != uuid.Nil }

// sortOut picks what is believed as it stands: Creates of a reply, each object
// once, and reactions, unless the same actor takes something back: then their
// order may matter.
func sortOut(receipts []*receipt) (plain, rest []*receipt) {
	undoing := map[string]bool{}
	for _, r := range receipts {
		undoing[r.Actor] = undoing[r.Actor] || r.Type == "Undo"
	}
	seen := map[string]bool{}
	for _, r := range receipts {
		switch {
		case r.isPlainReply() && !seen[r.ObjectURI]:
			seen[r.ObjectURI] = true
			plain = append(plain, r)
		case r.isPlainReaction() && !undoing[r.Actor]:
			plain = append(plain, r)
		default:
			rest = append(rest, r)
		}
	}
	return plain, rest
}

func (r *receipt) isPlainReply() bool {
	if r.activity == nil || r.Forwarded || r.activity.Type() != "Create" || r.blocked(r.Actor) {
		return false
	}
	o := r.embedded()
	if o == nil || checkPost(o, r.Actor) != nil || o.InReplyTo.ID() == "" {
		return false
	}
	_, quotes := r.site.Address().Local(o.Quote)
	return !quotes
}

func (r *receipt) isPlainReaction() bool {
	if r.activity == nil || r.Forwarded || r.blocked(r.Actor) {
		return false
	}
	kind, emoji, ok := reactionOf(r.activity)
	return ok && (kind != "emoji" || emoji != "")
}

// about is what a plain activity answers or reacts to.
func (r *receipt) about() string {
	if r.activity.Type() == "Create" {
		return r.embedded().InReplyTo.ID()
	}
	return r.activity.Object.ID()
}

// embedded is the object of the activity where more than its id came, or nil.
func (r *receipt) embedded() *activitypub.Object { return r.activity.Object.First().Object }

func (p *pass) lookUp(ctx context.Context, plain []*receipt) (map[string]KnownActor, map[Target]Place, error) {
	var uris []string
	var targets []Target
	for _, r := range plain {
		uris = append(uris, r.Actor)
		targets = append(targets, target(p.site, r.about()))
	}
	actors, err := p.Store.KnownActors(ctx, uris)
	if err != nil {
		return nil, nil, err
	}
	places, err := p.Store.Places(ctx, targets)
	return actors, places, err
}

// quickComment reports false for what makes us panic: processSafely records
// that.
func (r *receipt) quickComment(actor KnownActor, place Place) (c NewComment, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	c = r.newComment(r.embedded(), actor)
	c.Put(place)
	return c, true
}
