package client

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// address parses a URL that somebody else chose and refuses what the client
// does not fetch at all. The fragment is taken off.
func (c *Client) address(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBlockedAddress, err)
	}
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !c.options.AllowPrivate):
		return nil, fmt.Errorf("%w: scheme %q of %s", ErrBlockedAddress, u.Scheme, raw)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, fmt.Errorf("%w: %s has no host", ErrBlockedAddress, raw)
	case u.User != nil:
		return nil, fmt.Errorf("%w: %s has user information", ErrBlockedAddress, u.Redacted())
	case c.self != "" && origin(u) == c.self:
		return nil, fmt.Errorf("%w: %s is the own origin", ErrBlockedAddress, raw)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// origin returns scheme, host and port in one form: lower case, IDNA in ASCII,
// without a port that the scheme implies and without the root's dot.
func origin(u *url.URL) string {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	port := u.Port()
	if port == "" || port == "443" && u.Scheme == "https" || port == "80" && u.Scheme == "http" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return u.Scheme + "://" + host
	}
	return u.Scheme + "://" + net.JoinHostPort(host, port)
}

// document returns the URL in one form without the fragment: two ids with the
// same form are served by the same request.
func document(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return origin(u) + path
}

// sameDocument compares two ids without their fragments.
func sameDocument(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && document(ua) == document(ub)
}

// sameOrigin compares scheme, host and port of two ids.
func sameOrigin(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && ua.Host != "" && origin(ua) == origin(ub)
}
