package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"kabar/activitypub/wellknown"
)

// NodeInfo asks a server, by the origin of any of its ids, what it runs. The
// document must be on the same host (CVE-2026-62857: its address is the
// server's word). A name proves nothing: what follows from it must be harmless
// if it is a lie.
func (c *Client) NodeInfo(ctx context.Context, id string) (*wellknown.Document, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	u, err := c.address(id)
	if err != nil {
		return nil, fmt.Errorf("nodeinfo: %w", err)
	}
	index, err := c.jrd(ctx, origin(u)+wellknown.NodeInfoIndexPath)
	if err != nil {
		return nil, fmt.Errorf("nodeinfo: %w", err)
	}
	for _, rel := range []string{wellknown.RelNodeInfo21, wellknown.RelNodeInfo20} {
		if l, ok := index.Find(rel); ok {
			return c.nodeInfo(ctx, u, l.Href)
		}
	}
	return nil, fmt.Errorf("nodeinfo: %w", notBelieved("%s names no document of 2.0 or 2.1", origin(u)))
}

func (c *Client) nodeInfo(ctx context.Context, server *url.URL, href string) (*wellknown.Document, error) {
	if !sameOrigin(href, server.String()) {
		return nil, fmt.Errorf("nodeinfo: %w", notBelieved("%s points to %s", origin(server), href))
	}
	res, err := c.get(ctx, request{url: href, accept: "application/json", max: maxDocument})
	if err != nil {
		return nil, fmt.Errorf("nodeinfo: %w", err)
	}
	var doc wellknown.Document
	if err := json.Unmarshal(res.body, &doc); err != nil {
		return nil, fmt.Errorf("nodeinfo: %w: %s: %w", ErrNotBelieved, res.url, err)
	}
	return &doc, nil
}
