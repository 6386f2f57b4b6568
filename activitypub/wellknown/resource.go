package wellknown

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrBadResource is the error for a WebFinger resource that is neither an
// acct: URI (RFC 7565) nor an http(s) URL.
var ErrBadResource = errors.New("resource is neither acct: nor http(s)")

// Resource is what a WebFinger request asks about: an account (User and Host
// set) or a page or actor (URL set).
type Resource struct {
	User string // as written, without a leading "@"
	Host string // lower case, with a port if one was given
	URL  string
}

// ParseResource reads the resource parameter of a WebFinger request.
func ParseResource(s string) (Resource, error) {
	scheme, rest, _ := strings.Cut(s, ":")
	switch strings.ToLower(scheme) {
	case "acct":
		name, err := url.PathUnescape(rest) // RFC 7565 section 7: userpart may be percent-encoded
		if err != nil {
			return Resource{}, fmt.Errorf("resource %q: %w", s, ErrBadResource)
		}
		return ParseHandle(name)
	case "http", "https":
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			return Resource{}, fmt.Errorf("resource %q: %w", s, ErrBadResource)
		}
		return Resource{URL: s}, nil
	}
	return Resource{}, fmt.Errorf("resource %q: %w", s, ErrBadResource)
}

// ParseHandle reads user@host, with or without a leading "@" or "acct:".
func ParseHandle(s string) (Resource, error) {
	name := strings.TrimPrefix(strings.TrimPrefix(s, "acct:"), "@")
	user, host, found := strings.Cut(name, "@")
	if !found || user == "" || host == "" || strings.ContainsAny(name, "/?#\\ \t\r\n") || strings.Contains(host, "@") {
		return Resource{}, fmt.Errorf("handle %q: %w", s, ErrBadResource)
	}
	return Resource{User: user, Host: strings.ToLower(host)}, nil
}

// Handle returns user@host, or "" for a URL.
func (r Resource) Handle() string {
	if r.User == "" {
		return ""
	}
	return r.User + "@" + r.Host
}

// String returns the resource as a URI, the form in which it is asked for.
func (r Resource) String() string {
	if r.User == "" {
		return r.URL
	}
	return "acct:" + r.Handle()
}
