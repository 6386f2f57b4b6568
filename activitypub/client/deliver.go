package client

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Delivery is one activity for one inbox.
type Delivery struct {
	Inbox  string
	Body   []byte // the activity's JSON
	Signer httpsig.Signer
	Kind   httpsig.Kind // "" is Cavage
	// ContentType is that of a body of somebody else; "" is that of ours.
	ContentType string
}

// Answer is what an inbox said.
type Answer struct {
	Status     int
	RetryAfter time.Duration // 0 if not given
	Excerpt    string        // the start of the body, for people to read
}

// Accepted reports whether the inbox took the activity.
func (a Answer) Accepted() bool { return a.Status >= 200 && a.Status < 300 }

// Deliver posts the activity once. It follows no redirect and repeats nothing:
// every answer is returned, and an error means that there was none.
func (c *Client) Deliver(ctx context.Context, d Delivery) (Answer, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	r, err := c.post(ctx, d)
	if err != nil {
		return Answer{}, fmt.Errorf("deliver: %w", err)
	}
	res, err := c.transport.RoundTrip(r)
	if err != nil {
		return Answer{}, fmt.Errorf("deliver to %s: %w", d.Inbox, cause(err))
	}
	defer res.Body.Close()
	excerpt, _ := io.ReadAll(io.LimitReader(res.Body, maxExcerpt))
	drain(res.Body)
	return Answer{res.StatusCode, retryAfter(res, c.options.Now()), printable(excerpt)}, nil
}

// post makes the signed request.
func (c *Client) post(ctx context.Context, d Delivery) (*http.Request, error) {
	u, err := c.address(d.Inbox)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(d.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", cmp.Or(d.ContentType, activitypub.ContentType))
	r.Header.Set("User-Agent", c.options.UserAgent)
	// An activity has an id, so sending it again does no harm: this lets the
	// transport repeat it when a kept connection turns out to be closed. An
	// empty value is not sent.
	r.Header["Idempotency-Key"] = []string{}
	kind := d.Kind
	if kind == "" {
		kind = httpsig.Cavage
	}
	if err := c.sign(ctx, r, d.Body, d.Signer, kind); err != nil {
		return nil, fmt.Errorf("sign for %s: %w", d.Inbox, err)
	}
	return r, nil
}

// printable makes one line of text out of the start of a foreign body.
func printable(b []byte) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(b), ""))
	return strings.Join(strings.Fields(clean), " ")
}
