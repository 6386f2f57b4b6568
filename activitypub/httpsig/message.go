package httpsig

import (
	"crypto"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

// The values of alg (RFC 9421, section 6.2.2) that are accepted: those that
// Mastodon makes. Without alg the key tells.
const (
	messageRSA     = "rsa-v1_5-sha256"
	messageEd25519 = "ed25519"
)

// maxLabels bounds how many signatures of one request are looked at: proxies
// may add theirs.
const maxLabels = 4

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

func readMessages(r *http.Request) ([]message, error) {
	header := strings.Join(r.Header.Values("Signature-Input"), ", ")
	if len(header) > maxHeader {
		return nil, refuse(ReasonMalformed, "Signature-Input header too long")
	}
	inputs, err := httpsfv.UnmarshalDictionary([]string{header})
	if err != nil {
		return nil, refuse(ReasonMalformed, "Signature-Input: "+err.Error())
	}
	signatures, err := httpsfv.UnmarshalDictionary(r.Header.Values("Signature"))
	if err != nil {
		return nil, refuse(ReasonMalformed, "Signature: "+err.Error())
	}
	raw := rawMembers(header)
	names := inputs.Names()
	if len(names) == 0 || len(names) > maxLabels || len(raw) != len(names) {
		return nil, refuse(ReasonMalformed, "no signatures, too many, or a label twice")
	}
	messages := make([]message, len(names))
	for i, name := range names {
		m, err := readMessage(name, inputs, signatures)
		if err != nil {
			return nil, err
		}
		m.raw = raw[name]
		messages[i] = m
	}
	return messages, nil
}

func readMessage(name string, inputs, signatures *httpsfv.Dictionary) (message, error) {
	input, _ := inputs.Get(name)
	inner, ok := input.(httpsfv.InnerList)
	if !ok || len(inner.Items) > maxCovered {
		return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q covers no list, or too long a one", name))
	}
	member, _ := signatures.Get(name)
	item, _ := member.(httpsfv.Item)
	value, ok := item.Value.([]byte)
	if !ok {
		return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q is not given", name))
	}
	m := message{inner: inner, signature: value}
	for _, item := range inner.Items {
		id, err := httpsfv.Marshal(item)
		if err != nil || slices.Contains(m.covered, id) {
			return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q covers a thing twice", name))
		}
		m.covered = append(m.covered, id)
	}
	return m, nil
}

// rawMembers splits a dictionary at its commas and keeps the text of each
// member: the signature is over the parameters as they were sent (RFC 9421,
// section 3.2, step 8), also where they are not in canonical form.
func rawMembers(header string) map[string]string {
	members := make(map[string]string)
	add := func(text string) {
		name, value, _ := strings.Cut(strings.TrimSpace(text), "=")
		members[name] = value
	}
	start, quoted, commas := 0, false, 0
	for i := 0; i < len(header); i++ {
		switch c := header[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			add(header[start:i])
			start, commas = i+1, commas+1
		}
	}
	add(header[start:])
	if len(members) != commas+1 {
		return nil
	}
	return members
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
	s := &Signature{KeyID: keyID, Kind: RFC9421}
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
