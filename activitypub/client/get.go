package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kabar/activitypub/httpsig"
)

// request is one document to be read: where, as what, how large at most.
type request struct {
	url    string
	accept string
	signed bool
	max    int64
}

// response is a document that was read whole.
type response struct {
	url         string // the one that answered, after redirects
	contentType string
	body        []byte
}

// get reads a document. Redirects are followed one by one, each checked and
// signed like the first request (Akkoma and GoToSocial do the same); no URL is
// asked twice.
func (c *Client) get(ctx context.Context, req request) (response, error) {
	seen := make(map[string]bool)
	next := req.url
	for range maxRedirects + 1 {
		u, err := c.address(next)
		if err != nil {
			return response{}, err
		}
		if seen[u.String()] {
			return response{}, fmt.Errorf("get %s: %w: %s again", req.url, ErrRedirects, u)
		}
		seen[u.String()] = true
		res, location, err := c.visit(ctx, u, req)
		if err != nil || location == "" {
			return res, err
		}
		next = location
	}
	return response{}, fmt.Errorf("get %s: %w: more than %d", req.url, ErrRedirects, maxRedirects)
}

// visit asks one address, and returns its answer or where it points to.
func (c *Client) visit(ctx context.Context, u *url.URL, req request) (res response, location string, err error) {
	leave, err := c.enter(ctx, u)
	if err != nil {
		return response{}, "", fmt.Errorf("get %s: %w", u, err)
	}
	defer leave()
	answer, err := c.ask(ctx, u, req)
	if err != nil {
		return response{}, "", fmt.Errorf("get %s: %w", u, cause(err))
	}
	if location = redirect(u, answer); location != "" {
		discard(answer.Body)
		return response{}, location, nil
	}
	res, err = c.read(u, answer, req.max)
	return res, "", err
}

// ask sends one GET, and once more with the other kind of signature if the
// first is not understood.
func (c *Client) ask(ctx context.Context, u *url.URL, req request) (*http.Response, error) {
	res, err := c.send(ctx, u, req, httpsig.Cavage)
	if err != nil || !req.signed || c.options.Signer == nil {
		return res, err
	}
	if res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusBadRequest {
		return res, nil
	}
	discard(res.Body)
	return c.send(ctx, u, req, httpsig.RFC9421)
}

func (c *Client) send(ctx context.Context, u *url.URL, req request, kind httpsig.Kind) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", req.accept)
	r.Header.Set("User-Agent", c.options.UserAgent)
	if req.signed && c.options.Signer != nil {
		signer, err := c.options.Signer(ctx)
		if err != nil {
			return nil, fmt.Errorf("key for signing: %w", err)
		}
		if err := c.sign(ctx, r, nil, signer, kind); err != nil {
			return nil, err
		}
	}
	return c.transport.RoundTrip(r)
}

// redirect returns where the answer points, or "" if it is no redirect. A
// Location that cannot be parsed is returned as it is, and refused there.
func redirect(from *url.URL, res *http.Response) string {
	switch res.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		location := res.Header.Get("Location")
		if u, err := from.Parse(location); err == nil && location != "" {
			return u.String()
		}
		return location
	}
	return ""
}

// read takes in the body of a final answer, limited after decompression (the
// transport undoes gzip before the limit counts).
func (c *Client) read(u *url.URL, res *http.Response, max int64) (response, error) {
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		drain(res.Body)
		return response{}, &StatusError{u.String(), res.StatusCode, retryAfter(res, c.options.Now())}
	}
	if res.ContentLength > max {
		return response{}, fmt.Errorf("get %s: %w: %d bytes", u, ErrTooLarge, res.ContentLength)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, max+1))
	if err != nil {
		return response{}, fmt.Errorf("get %s: read: %w", u, err)
	}
	if int64(len(body)) > max {
		return response{}, fmt.Errorf("get %s: %w: over %d bytes", u, ErrTooLarge, max)
	}
	return response{u.String(), res.Header.Get("Content-Type"), body}, nil
}

// drain reads what is left of a small body, so that the connection can be used
// again; a large one costs less when it is closed.
func drain(body io.Reader) {
	io.CopyN(io.Discard, body, 16<<10) //nolint:errcheck // an error only loses the connection
}

func discard(body io.ReadCloser) {
	drain(body)
	body.Close()
}

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds or a date. A
// moment that has passed gives 0.
func retryAfter(res *http.Response, now time.Time) time.Duration {
	value := res.Header.Get("Retry-After")
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return max(0, time.Duration(min(seconds, 1<<31))*time.Second)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}
