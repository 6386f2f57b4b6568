package client

import (
	"context"
	"fmt"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Key reads the public key with the id and the actor it belongs to. Servers
// put at a key's address the whole actor, a stub of the actor (GoToSocial) or
// the bare key; in the last two cases the owner is read as well, and is the one
// who is believed. Key and owner must be of the same origin.
func (c *Client) Key(ctx context.Context, keyID string) (httpsig.Key, *activitypub.Object, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	owner, err := c.owner(ctx, keyID)
	if err != nil {
		return httpsig.Key{}, nil, fmt.Errorf("key: %w", err)
	}
	key, err := listed(owner, keyID)
	if err != nil {
		return httpsig.Key{}, nil, fmt.Errorf("key: %w", err)
	}
	return key, owner, nil
}

// owner returns the actor that a key's document names, fetched from its id.
func (c *Client) owner(ctx context.Context, keyID string) (*activitypub.Object, error) {
	doc, err := c.document(ctx, keyID)
	if err != nil {
		return nil, err
	}
	if doc.object.Is("Tombstone") {
		return nil, fmt.Errorf("%w: %s", ErrTombstone, keyID)
	}
	// A stub has the id of its actor too, but not the actor's address: when
	// the owner is not what was fetched, it is fetched now.
	owner := namedOwner(doc.object, keyID)
	if owner == "" || !sameOrigin(owner, keyID) || !sameOrigin(doc.url, keyID) {
		return nil, notBelieved("key %s belongs to %q by the word of %s", keyID, owner, doc.url)
	}
	if doc.object.IsActor() && doc.believed(keyID) {
		return doc.object, nil
	}
	actor, _, err := c.fetch(ctx, owner)
	if err != nil {
		return nil, err
	}
	if actor.ID != owner {
		return nil, notBelieved("owner %s of key %s is %s", owner, keyID, actor.ID)
	}
	return actor, nil
}

// namedOwner returns whom a key's document names: the actor that it is, or the
// owner of the bare key. That is only a hint, since that actor must list the
// key.
func namedOwner(o *activitypub.Object, keyID string) string {
	if o.IsActor() {
		return o.ID
	}
	for _, k := range o.PublicKeys {
		if k.ID == keyID {
			return k.Owner
		}
	}
	return ""
}

// listed finds the key among those that the actor says are its own, as
// publicKey or as assertionMethod (FEP-521a).
func listed(actor *activitypub.Object, keyID string) (httpsig.Key, error) {
	for _, k := range actor.PublicKeys {
		if k.ID != keyID || k.Owner != "" && k.Owner != actor.ID {
			continue
		}
		public, err := httpsig.ParsePublicKey(k.PEM)
		if err != nil {
			return httpsig.Key{}, fmt.Errorf("%w: %s: %w", ErrNotBelieved, keyID, err)
		}
		return httpsig.Key{ID: keyID, Owner: actor.ID, Public: public}, nil
	}
	for _, k := range actor.AssertionMethods {
		if k.ID != keyID || k.Controller != actor.ID {
			continue
		}
		public, err := httpsig.ParseMultikey(k.Multibase)
		if err != nil {
			return httpsig.Key{}, fmt.Errorf("%w: %s: %w", ErrNotBelieved, keyID, err)
		}
		return httpsig.Key{ID: keyID, Owner: actor.ID, Public: public}, nil
	}
	return httpsig.Key{}, notBelieved("%s does not list key %s", actor.ID, keyID)
}
