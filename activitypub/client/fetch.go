package client

import (
	"context"
	"fmt"

	"kabar/activitypub"
)

// Fetch reads the object at id and returns it with the bytes it was decoded
// from. It is believed only when it came from its own id: a document that
// claims another id is fetched once more, from there. The id of the result can
// therefore differ from the one asked for, but its origin always vouches for
// it; who needs that very id compares.
//
// A deleted object gives an error for which [Gone] is true.
func (c *Client) Fetch(ctx context.Context, id string) (*activitypub.Object, []byte, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	o, raw, err := c.fetch(ctx, id)
	if err != nil {
		return nil, nil, fmt.Errorf("fetch: %w", err)
	}
	return o, raw, nil
}

func (c *Client) fetch(ctx context.Context, id string) (*activitypub.Object, []byte, error) {
	doc, err := c.document(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !doc.believed(id) {
		claimed := doc.object.ID
		if claimed == "" || sameDocument(claimed, id) {
			return nil, nil, notBelieved("%s answers for id %q", doc.url, claimed)
		}
		if doc, err = c.document(ctx, claimed); err != nil {
			return nil, nil, err
		}
		if !doc.believed(claimed) || !sameDocument(doc.object.ID, claimed) {
			return nil, nil, notBelieved("%s claims to be %q, which is %q", id, claimed, doc.object.ID)
		}
	}
	if doc.object.Is("Tombstone") {
		return nil, nil, fmt.Errorf("%w: %s", ErrTombstone, doc.object.ID)
	}
	return doc.object, doc.raw, nil
}

// fetched is a decoded document together with where it really came from.
type fetched struct {
	url    string
	object *activitypub.Object
	raw    []byte
}

// believed reports whether the document was served from its own id: it is the
// final address, or was asked for by that id without leaving the origin.
func (f fetched) believed(asked string) bool {
	id := f.object.ID
	return sameDocument(f.url, id) || sameDocument(asked, id) && sameOrigin(f.url, id)
}

func (c *Client) document(ctx context.Context, id string) (fetched, error) {
	res, err := c.get(ctx, request{url: id, accept: acceptObject, signed: true, max: maxDocument})
	if err != nil {
		return fetched{}, err
	}
	if !isObjectType(res.contentType) {
		return fetched{}, notBelieved("%s has content type %q", res.url, res.contentType)
	}
	o, err := activitypub.Decode(res.body)
	if err != nil {
		return fetched{}, fmt.Errorf("%w: %s: %w", ErrNotBelieved, res.url, err)
	}
	return fetched{res.url, o, res.body}, nil
}
