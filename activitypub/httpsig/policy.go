package httpsig

import (
	"net/http"
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

// Signature is a request's signature that keeps to the policy and is still to
// be verified.
type Signature struct {
	// KeyID is the keyId (cavage) or keyid (RFC 9421), as given.
	KeyID string
	// Kind is the scheme.
	Kind Kind
}

// Parse reads the signature of r, whose body was body.
func Parse(r *http.Request, body []byte, p Policy) (*Signature, error) {
	return nil, ErrMissing
}

// Verify checks the signature with the key.
func (s *Signature) Verify(k Key) error {
	return refuse(ReasonSignature, "not verified")
}
