package federation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// maxChain is how many answers are followed up towards one of our articles.
const maxChain = 20

// errNoParent says that the parent of a reply cannot be had now.
var errNoParent = errors.New("parent not to be had")

// target reads an address as one that may be ours: the id of an object, the
// page of an article, or the place of a comment on it.
func target(site blog.Site, uri string) Target {
	address := site.Address()
	path, local := address.Local(uri)
	if !local {
		return Target{URI: printable(uri)}
	}
	if id, ok := blog.CommentID(uri); ok {
		return Target{Comment: id}
	}
	if slug, ok := address.Slug(uri); ok {
		return Target{Slug: printable(slug)}
	}
	return Target{URI: printable(site.Origin + path)}
}

// at returns what stands at an address of ours. errNoParent for a comment that
// waits for its own parent, ok = false for nothing.
func (r *receipt) at(ctx context.Context, uri string) (p Place, ok bool, err error) {
	t := target(r.site, uri)
	places, err := r.Store.Places(ctx, []Target{t})
	if err != nil {
		return Place{}, false, err
	}
	p, ok = places[t]
	switch {
	case !ok:
		return Place{}, false, nil
	case p.Gone:
		return Place{}, false, ignored("gone")
	case p.ArticleID == uuid.Nil && !p.Detached:
		return Place{}, false, fmt.Errorf("%w: %s is not attached itself", errNoParent, uri)
	}
	return p, true, nil
}

// place finds where a reply to uri belongs. Parents that are not known are
// fetched, up to one of our articles or comments, and kept as comments: they
// belong to the conversation. Errors: errNoParent, or the verdict that the
// reply answers nothing of ours.
func (r *receipt) place(ctx context.Context, uri string) (Place, error) {
	var above []*activitypub.Object // nearest first
	seen := map[string]bool{}
	for range maxChain {
		switch {
		case uri == "":
			return Place{}, ignored("elsewhere")
		case seen[uri]:
			return Place{}, ignored("loop")
		}
		seen[uri] = true
		p, ok, err := r.at(ctx, uri)
		if err != nil {
			return Place{}, err
		}
		if ok {
			return r.keepParents(ctx, p, above)
		}
		o, err := r.parent(ctx, uri)
		if err != nil {
			return Place{}, err
		}
		if o.ID != uri {
			// A page address: the object may be known by its own id.
			uri = o.ID
			continue
		}
		above = append(above, o)
		uri = o.InReplyTo.ID()
	}
	return Place{}, ignored("too-deep")
}

// parent fetches a post that is not known.
func (r *receipt) parent(ctx context.Context, uri string) (*activitypub.Object, error) {
	if _, local := r.site.Address().Local(uri); local {
		return nil, ignored("no-target")
	}
	o, err := r.fetch(ctx, uri)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", errNoParent, err.Error())
	}
	switch err := checkPost(o, o.AttributedTo.ID()); {
	case err != nil:
		return nil, ignored("elsewhere")
	case r.blocked(o.AttributedTo.ID()):
		return nil, fmt.Errorf("%w: its author is blocked", errNoParent)
	}
	return o, nil
}

// keepParents writes fetched parents from the top down and returns the place
// of the nearest.
func (r *receipt) keepParents(ctx context.Context, p Place, above []*activitypub.Object) (Place, error) {
	for i := len(above) - 1; i >= 0; i-- {
		actor, err := r.actorOf(ctx, above[i].AttributedTo.ID())
		if err != nil {
			return Place{}, r.withoutParent(err)
		}
		c := r.newComment(above[i], actor)
		c.InboundID, c.Done.ID = 0, 0
		if _, _, err := r.readQuote(ctx, &c, above[i], actor); err != nil {
			return Place{}, r.withoutParent(err)
		}
		c.Put(p)
		if err := r.addComments(ctx, c); err != nil {
			return Place{}, err
		}
		var ok bool
		if p, ok, err = r.at(ctx, above[i].ID); err != nil || !ok {
			return Place{}, r.withoutParent(err)
		}
	}
	return p, nil
}

// withoutParent lets the reply wait, except when the database is at fault.
func (r *receipt) withoutParent(err error) error {
	var v verdict
	var u *unreachable
	if err == nil || errors.As(err, &v) || errors.As(err, &u) {
		return fmt.Errorf("%w: %v", errNoParent, err)
	}
	return err
}

// RetryParents looks again for the parents of comments that wait for them.
func (s *Service) RetryParents(ctx context.Context) error {
	waiting, err := s.Store.ClaimUnattached(ctx, s.Now(), inboundLease, 50)
	if err != nil {
		return fmt.Errorf("retry parents: %w", err)
	}
	p, err := s.pass(ctx)
	if err != nil {
		return fmt.Errorf("retry parents: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(batchWidth)
	for _, u := range waiting {
		group.Go(func() error {
			r := &receipt{pass: p, fetches: maxFetches}
			if err := r.retryParent(ctx, u); err != nil {
				return fmt.Errorf("retry parent of %s: %w", u.ID, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (r *receipt) retryParent(ctx context.Context, u Unattached) error {
	place, err := r.place(ctx, u.InReplyTo)
	var v verdict
	switch {
	case err == nil:
		return r.attach(ctx, u.ID, place)
	case errors.As(err, &v) && u.Names && !u.Private && elsewhere(v):
		return r.Store.KeepMention(ctx, u.ID, outcomeMention)
	case errors.As(err, &v) && u.Private:
		// A letter: it is kept, though it belongs to no article.
		return r.Store.PostponeParent(ctx, u.ID, time.Time{})
	case errors.As(err, &v):
		return r.Store.DropUnattached(ctx, u.ID, v.outcome)
	case errors.Is(err, errNoParent):
		var next time.Time
		if u.Retries < len(nextLooks) {
			next = r.Now().Add(nextLooks[u.Retries])
		}
		return r.Store.PostponeParent(ctx, u.ID, next)
	}
	return err
}
