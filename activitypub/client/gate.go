package client

import (
	"context"
	"net/url"
	"strings"
)

// Gate is asked before each request of a fetch, redirects included. What leave
// ends is the request with its answer. An error keeps the request from being
// made, and is what the fetch returns, wrapped.
type Gate interface {
	Enter(ctx context.Context, host string) (leave func(), err error)
}

// Through returns a client that asks the gate before each fetch, and shares
// everything else with c. Deliveries ask nobody.
func (c *Client) Through(g Gate) *Client {
	gated := *c
	gated.gate = g
	return &gated
}

// enter names hosts with their port, if they have one, in lower case.
func (c *Client) enter(ctx context.Context, u *url.URL) (leave func(), err error) {
	if c.gate == nil {
		return func() {}, nil
	}
	return c.gate.Enter(ctx, strings.ToLower(u.Host))
}
