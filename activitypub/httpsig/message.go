package httpsig

import (
	"crypto"
	"fmt"
	"net/http"
	"time"

	"github.com/dunglas/httpsfv"
)

// The values of alg (RFC 9421, section 6.2.2) that are accepted: those that
// Mastodon makes. Without alg the key tells.
const (
	messageRSA     = "rsa-v1_5-sha256"
	messageEd25519 = "ed25519"
)

// message is one signature of RFC 9421, section 4.
type message struct {
	inner     httpsfv.InnerList
	raw       string // the member of Signature-Input as received
	covered   []string
	signature []byte
}

// parseMessage takes the first signature that keeps to the policy.
func parseMessage(r *http.Request, body []byte, p Policy) (*Signature, error) {
	messages, err := readMessages(r)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		s, checkErr := m.check(r, body, p)
		if checkErr == nil {
			return s, nil
		}
		if err == nil {
			err = checkErr
		}
	}
	return nil, err
}

// check holds the signature to the policy and prepares its verification.
func (m message) check(r *http.Request, body []byte, p Policy) (*Signature, error) {
	keyID, _ := m.param("keyid").(string)
	if keyID == "" {
		return nil, refuse(ReasonMalformed, "no keyid")
	}
	required := []string{`"@method"`, `"@target-uri"`}
	if hasBody(r.Method, body) {
		required = append(required, `"content-digest"`)
	}
	if err := checkCovered(m.covered, required...); err != nil {
		return nil, err
	}
	if err := m.checkClock(p); err != nil {
		return nil, err
	}
	if err := p.checkHost(r.Host); err != nil {
		return nil, err
	}
	if hasBody(r.Method, body) {
		if err := checkContentDigest(r.Header.Values("Content-Digest"), body); err != nil {
			return nil, err
		}
	}
	return m.prepare(r, keyID)
}

func (m message) prepare(r *http.Request, keyID string) (*Signature, error) {
	alg, _ := m.param("alg").(string)
	if m.param("alg") != nil && alg != messageRSA && alg != messageEd25519 {
		return nil, refuse(ReasonAlgorithm, fmt.Sprintf("%v is not accepted", m.param("alg")))
	}
	at, _ := m.param("created").(int64) // checkClock has judged it
	s := &Signature{KeyID: keyID, Kind: RFC9421, Signed: time.Unix(at, 0)}
	for _, scheme := range schemes(r) {
		base, err := m.base(r, scheme)
		if err != nil {
			return nil, err
		}
		s.checks = append(s.checks, func(key crypto.PublicKey) error {
			if err := checkAlgorithm(alg, key, messageRSA, messageEd25519); err != nil {
				return err
			}
			return verifyString(key, base, m.signature)
		})
	}
	return s, nil
}

// schemes are those that the signer may have used: a proxy may have ended TLS
// before us.
func schemes(r *http.Request) []string {
	if r.TLS != nil {
		return []string{"https"}
	}
	return []string{"https", "http"}
}

func (m message) checkClock(p Policy) error {
	at, ok := m.param("created").(int64)
	if !ok || at < 0 || at > maxUnix {
		return refuse(ReasonCoverage, "no time of creation")
	}
	if err := p.checkSigned(time.Unix(at, 0)); err != nil {
		return err
	}
	if m.param("expires") == nil {
		return nil
	}
	end, ok := m.param("expires").(int64)
	if !ok || end < 0 || end > maxUnix {
		return refuse(ReasonClock, "expires is no time")
	}
	return p.checkExpires(time.Unix(end, 0))
}

// param is a parameter of the signature, nil if it is not there.
func (m message) param(name string) any {
	value, _ := m.inner.Params.Get(name)
	return value
}
