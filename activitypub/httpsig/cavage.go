package httpsig

import (
	"net/http"
	"strings"
)

// The algorithm parameters that are accepted. hs2019, the placeholder of
// draft-cavage-12, and none at all leave the choice to the key.
const (
	algHS2019  = "hs2019"
	algRSA     = "rsa-sha256"
	algEd25519 = "ed25519"
)

const (
	created = "(created)"
	expires = "(expires)"
)

// cavage is a parsed header of draft-cavage-12, section 2.1. The times keep
// the text that was signed.
type cavage struct {
	keyID, algorithm string
	covered          []string
	signature        string
	created, expires string
}

func parseCavage(r *http.Request, header string, body []byte, p Policy) (*Signature, error) {
	c, err := readCavage(header)
	if err != nil {
		return nil, err
	}
	if err := c.check(r, body, p); err != nil {
		return nil, err
	}
	s := &Signature{KeyID: c.keyID, Kind: Cavage, Signed: c.signed(r)}
	full := target(r)
	path, _, hasQuery := strings.Cut(full, "?")
	targets := []string{full}
	if hasQuery {
		targets = append(targets, path)
	}
	for _, t := range targets {
		check, err := c.verifier(r, t)
		if err != nil {
			return nil, err
		}
		s.checks = append(s.checks, check)
	}
	return s, nil
}
