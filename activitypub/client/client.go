package client

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"

	"kabar/activitypub/httpsig"
)

// Bounds of every operation. Mastodon's are of the same size.
const (
	defaultTimeout = 10 * time.Second
	mediaTimeout   = 60 * time.Second
	maxDocument    = 1 << 20 // bytes, after decompression
	maxRedirects   = 3
	maxExcerpt     = 512
)

// Options are the settings of a Client. The zero value is usable: https to
// public addresses only, unsigned fetches.
type Options struct {
	// UserAgent is sent with every request.
	UserAgent string
	// Signer returns the key that signs fetches, the instance actor's; nil
	// leaves them unsigned.
	Signer func(context.Context) (httpsig.Signer, error)
	// AllowPrivate also lets the client use http, any port and addresses that
	// are not public. For tests and demonstrations only.
	AllowPrivate bool
	// Resolver looks up the hosts; nil is the machine's own.
	Resolver *net.Resolver
	// RootCAs replaces the system's certificate authorities; nil keeps them.
	RootCAs *x509.CertPool
	// Self is the own origin, which is never fetched; "" refuses nothing.
	Self string
	// Now is the clock of signatures and Retry-After dates; nil is time.Now.
	Now func() time.Time
	// Timeout bounds one operation with all its requests, 10 s if zero.
	Timeout time.Duration
}

// Client fetches and delivers. It is safe for use by several goroutines, and
// one should be shared: it keeps connections.
type Client struct {
	options   Options
	self      string
	transport *http.Transport
	signing   signing
	gate      Gate // nil lets everything through
}

// New returns a Client with the options.
func New(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	c := &Client{options: o, transport: newTransport(o), signing: newSigning()}
	if u, err := url.Parse(o.Self); err == nil && u.Host != "" {
		c.self = origin(u)
	}
	return c
}

// CloseIdle closes the connections that are kept for later.
func (c *Client) CloseIdle() { c.transport.CloseIdleConnections() }

func (c *Client) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.options.Timeout)
}
