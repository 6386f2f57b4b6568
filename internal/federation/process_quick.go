package federation

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// quick does the common case of a batch in one transaction and without the
// network: Creates that bring a new reply of a known actor in a known place.
// It returns the others, and all of them when the transaction failed: one bad
// row must not hold up the rest. Their order among each other does not
// matter, since every effect is the same in any order of arrival.
func (p *pass) quick(ctx context.Context, receipts []*receipt) (rest []*receipt, err error) {
	plain, rest := plainReplies(receipts)
	if len(plain) == 0 {
		return rest, nil
	}
	unfit, err := p.addPlain(ctx, plain)
	switch {
	case err == nil:
		return append(rest, unfit...), nil
	case ctx.Err() != nil || errors.Is(err, blog.ErrUnavailable):
		return nil, err
	}
	p.Log.WarnContext(ctx, "a batch of replies is done one by one", "replies", len(plain), "err", err)
	return append(rest, plain...), nil
}

// addPlain returns the replies that need more than what is stored.
func (p *pass) addPlain(ctx context.Context, plain []*receipt) (unfit []*receipt, err error) {
	actors, places, err := p.lookUp(ctx, plain)
	if err != nil {
		return nil, err
	}
	var comments []NewComment
	for _, r := range plain {
		if c, ok := r.quickComment(actors, places); ok {
			comments = append(comments, c)
		} else {
			unfit = append(unfit, r)
		}
	}
	if len(comments) == 0 {
		return unfit, nil
	}
	return unfit, p.Store.AddComments(ctx, comments...)
}

// plainReplies picks the Creates whose reply is believed as it stands, each
// object once.
func plainReplies(receipts []*receipt) (plain, rest []*receipt) {
	seen := map[string]bool{}
	for _, r := range receipts {
		if r.isPlain() && !seen[r.ObjectURI] {
			seen[r.ObjectURI] = true
			plain = append(plain, r)
		} else {
			rest = append(rest, r)
		}
	}
	return plain, rest
}

func (r *receipt) isPlain() bool {
	if r.activity == nil || r.Forwarded || r.activity.Type() != "Create" || r.blocked(r.Actor) {
		return false
	}
	o := r.activity.Object.First().Object
	return o != nil && checkPost(o, r.Actor) == nil && o.InReplyTo.ID() != ""
}

func (p *pass) lookUp(ctx context.Context, plain []*receipt) (map[string]KnownActor, map[Target]Place, error) {
	var uris []string
	var targets []Target
	for _, r := range plain {
		uris = append(uris, r.Actor)
		targets = append(targets, target(p.site, r.activity.Object.First().Object.InReplyTo.ID()))
	}
	actors, err := p.Store.KnownActors(ctx, uris)
	if err != nil {
		return nil, nil, err
	}
	places, err := p.Store.Places(ctx, targets)
	return actors, places, err
}

// quickComment reports false for what needs more than what is stored, and for
// what makes us panic: processSafely records that.
func (r *receipt) quickComment(actors map[string]KnownActor, places map[Target]Place) (c NewComment, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	o := r.activity.Object.First().Object
	actor, known := actors[r.Actor]
	place := places[target(r.site, o.InReplyTo.ID())]
	if !known || actor.Deleted || actor.Kind != blog.Remote || actor.Fetched.IsZero() || place.Gone || place.ArticleID == uuid.Nil {
		return NewComment{}, false
	}
	r.noteAge(actor)
	c = r.newComment(o, actor)
	c.Put(place)
	return c, true
}
