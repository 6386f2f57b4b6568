package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// PostForm sends a form, unsigned, and follows no redirect. An answer outside
// of 2xx is a *StatusError.
func (c *Client) PostForm(ctx context.Context, address string, form url.Values) error {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	u, err := c.address(address)
	if err != nil {
		return fmt.Errorf("post to %s: %w", address, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("post to %s: %w", address, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", c.options.UserAgent)
	res, err := c.transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("post to %s: %w", address, cause(err))
	}
	defer res.Body.Close()
	drain(res.Body)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return &StatusError{URL: address, Status: res.StatusCode, RetryAfter: retryAfter(res, c.options.Now())}
	}
	return nil
}
