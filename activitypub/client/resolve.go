package client

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"kabar/activitypub"
	"kabar/activitypub/wellknown"
)

// Resolve returns the id of the actor behind user@host. Both sides must say
// so: the handle's host names the actor, and the actor, fetched from its id,
// goes back to that handle or to the one that the host names as its subject.
func (c *Client) Resolve(ctx context.Context, handle string) (actorID string, err error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	actorID, err = c.resolve(ctx, handle)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", handle, err)
	}
	return actorID, nil
}

func (c *Client) resolve(ctx context.Context, handle string) (string, error) {
	asked, err := wellknown.ParseHandle(handle)
	if err != nil {
		return "", err
	}
	jrd, err := c.finger(ctx, asked)
	if err != nil {
		return "", err
	}
	id := jrd.Self()
	if id == "" {
		return "", notBelieved("no actor in the answer")
	}
	actor, _, err := c.fetch(ctx, id)
	if err != nil {
		return "", err
	}
	if actor.ID != id || !actor.IsActor() {
		return "", notBelieved("%s is not the actor %s", actor.ID, id)
	}
	own, err := c.handle(ctx, actor, answers{asked: jrd})
	if err != nil {
		return "", err
	}
	if !sameHandle(own, asked) && !sameHandle(own, subject(jrd, asked)) {
		return "", notBelieved("%s calls itself %s", id, own.Handle())
	}
	return id, nil
}

// Handle returns the handle user@host of an actor that was fetched from its
// id. The actor claims it by its webfinger property (FEP-2c59) or by
// preferredUsername and host, and WebFinger must lead back to the actor; there
// it may once be sent on to another subject, as split domains do.
func (c *Client) Handle(ctx context.Context, actor *activitypub.Object) (string, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	handle, err := c.handle(ctx, actor, nil)
	if err != nil {
		return "", fmt.Errorf("handle of %s: %w", actor.ID, err)
	}
	return handle.Handle(), nil
}

// answers are the WebFinger answers that are known already.
type answers map[wellknown.Resource]*wellknown.JRD

func (c *Client) handle(ctx context.Context, actor *activitypub.Object, known answers) (wellknown.Resource, error) {
	claimed, err := claim(actor)
	if err != nil {
		return wellknown.Resource{}, err
	}
	named, err := c.confirm(ctx, claimed, actor.ID, known)
	if err != nil || sameHandle(named, claimed) {
		return named, err
	}
	again, err := c.confirm(ctx, named, actor.ID, known)
	if err != nil {
		return wellknown.Resource{}, err
	}
	if !sameHandle(again, named) {
		return wellknown.Resource{}, notBelieved("%s is sent on to %s and again to %s", claimed.Handle(), named.Handle(), again.Handle())
	}
	return named, nil
}

// confirm asks about a handle, demands that it leads to the actor, and returns
// the subject.
func (c *Client) confirm(ctx context.Context, handle wellknown.Resource, actorID string, known answers) (wellknown.Resource, error) {
	jrd := known[handle]
	if jrd == nil {
		var err error
		if jrd, err = c.finger(ctx, handle); err != nil {
			return wellknown.Resource{}, err
		}
	}
	if self := jrd.Self(); self != actorID {
		return wellknown.Resource{}, notBelieved("%s leads to %q, not to %s", handle.Handle(), self, actorID)
	}
	return subject(jrd, handle), nil
}

// claim is the handle that an actor gives itself.
func claim(actor *activitypub.Object) (wellknown.Resource, error) {
	if actor.WebFinger != "" {
		if handle, err := wellknown.ParseHandle(actor.WebFinger); err == nil {
			return handle, nil
		}
	}
	u, err := url.Parse(actor.ID)
	if err != nil || actor.PreferredUsername == "" {
		return wellknown.Resource{}, notBelieved("%s has no name", actor.ID)
	}
	handle, err := wellknown.ParseHandle(actor.PreferredUsername + "@" + u.Host)
	if err != nil {
		return wellknown.Resource{}, notBelieved("%s is called %q", actor.ID, actor.PreferredUsername)
	}
	return handle, nil
}

// subject is the handle that a JRD is about: the asked one unless it names
// another account.
func subject(jrd *wellknown.JRD, asked wellknown.Resource) wellknown.Resource {
	if named, err := wellknown.ParseHandle(jrd.Subject); err == nil {
		return named
	}
	return asked
}

// sameHandle compares without case, as every server does with names.
func sameHandle(a, b wellknown.Resource) bool {
	return strings.EqualFold(a.User, b.User) && a.Host == b.Host
}
