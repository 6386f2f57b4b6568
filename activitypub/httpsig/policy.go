package httpsig

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Policy is what a signature must keep to, beyond being made by the key. Its
// zero value is ready for use.
type Policy struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// MaxAge is how long ago a request may have been signed; 0 is 12 hours,
	// the longest that Mastodon takes.
	MaxAge time.Duration
	// MaxAhead is how far the clock of a signer may be off: ahead of ours, or
	// behind it for an expiry. 0 is one hour.
	MaxAhead time.Duration
	// Hosts are the Host headers that are ours, with their port if it is not
	// the scheme's. Empty takes every host.
	Hosts []string
}

func (p Policy) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p Policy) maxAge() time.Duration {
	if p.MaxAge == 0 {
		return 12 * time.Hour
	}
	return p.MaxAge
}

func (p Policy) maxAhead() time.Duration {
	if p.MaxAhead == 0 {
		return time.Hour
	}
	return p.MaxAhead
}

// checkSigned judges the moment of signing.
func (p Policy) checkSigned(at time.Time) error {
	age := p.now().Sub(at)
	if age > p.maxAge() {
		return refuse(ReasonClock, "signed at "+at.UTC().Format(time.RFC3339)+", too long ago")
	}
	if -age > p.maxAhead() {
		return refuse(ReasonClock, "signed at "+at.UTC().Format(time.RFC3339)+", in the future")
	}
	return nil
}

// checkExpires judges the moment of expiry, with the same allowance for clocks
// that differ.
func (p Policy) checkExpires(at time.Time) error {
	if p.now().Sub(at) > p.maxAhead() {
		return refuse(ReasonClock, "expired at "+at.UTC().Format(time.RFC3339))
	}
	return nil
}

func (p Policy) checkHost(host string) error {
	if len(p.Hosts) == 0 || slices.ContainsFunc(p.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return nil
	}
	return refuse(ReasonHost, fmt.Sprintf("host %q is not ours", host))
}

// checkCovered wants every name of required among covered.
func checkCovered(covered []string, required ...string) error {
	for _, name := range required {
		if !slices.Contains(covered, name) {
			return refuse(ReasonCoverage, name+" is not signed")
		}
	}
	return nil
}

// maxHeader bounds the bytes of signature headers, maxCovered what one
// signature may cover: more than any server sends, little to read.
const (
	maxHeader  = 16 << 10
	maxCovered = 50
)

// headerValue is the value of a signed header as both schemes write it: lines
// joined by ", " (draft-cavage-12, section 2.3; RFC 9421, section 2.1). It
// knows the headers that net/http moves elsewhere.
func headerValue(r *http.Request, name string) (string, error) {
	values := r.Header.Values(name)
	switch {
	case name == "host":
		values = []string{r.Host}
	case name == "content-length" && len(values) == 0 && r.ContentLength >= 0:
		values = []string{fmt.Sprint(r.ContentLength)}
	}
	if len(values) == 0 {
		return "", refuse(ReasonCoverage, fmt.Sprintf("%q is signed but not sent", name))
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.TrimSpace(v)
	}
	return strings.Join(trimmed, ", "), nil
}

// target is the request target as it was sent, before any prefix was stripped
// or path cleaned.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
