package client

import (
	"context"
	"fmt"

	"kabar/activitypub"
)

// Page reads a collection or a page of one, and returns it with the address
// that answered. Many servers give their pages no id, or another than the one
// that leads there, so none is asked for: only what has the origin of that
// address is vouched for by it.
func (c *Client) Page(ctx context.Context, address string) (page *activitypub.Object, from string, err error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	doc, err := c.document(ctx, address)
	if err != nil {
		return nil, "", fmt.Errorf("page: %w", err)
	}
	if !doc.object.IsCollection() {
		return nil, "", fmt.Errorf("page: %w", notBelieved("%s is no collection", doc.url))
	}
	return doc.object, doc.url, nil
}
