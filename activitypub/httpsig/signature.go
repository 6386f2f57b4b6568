package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Signature is a request's signature that keeps to the policy and is still to
// be verified.
type Signature struct {
	// KeyID is the keyId (cavage) or keyid (RFC 9421), as given.
	KeyID string
	// Kind is the scheme.
	Kind Kind
	// Signed is when the signer says that it signed, in whole seconds. It is
	// covered, so a request that is sent again has the same.
	Signed time.Time

	// checks are the readings of the request that the signer may have meant;
	// the signature holds if it is over one of them.
	checks []func(crypto.PublicKey) error
}

// Parse reads the signature of r, whose body was body, and holds it to p:
// well formed, an accepted algorithm, everything covered that must be, signed
// in time, and a digest that is the body's. A request with Signature-Input is
// read as RFC 9421 only.
//
// For a GET that is the target, the host, and a date or creation time; a
// request that has a body, and every POST, needs the digest too.
//
// The error is [ErrMissing] or a *[Refused].
func Parse(r *http.Request, body []byte, p Policy) (*Signature, error) {
	if headers := r.Header.Values("Signature-Input"); len(headers) > 0 {
		return parseMessage(r, body, p)
	}
	header, err := cavageHeader(r.Header)
	if err != nil {
		return nil, err
	}
	return parseCavage(r, header, body, p)
}

// cavageHeader finds the parameters in the Signature header or, as GoToSocial
// also takes them, in Authorization with the scheme Signature.
func cavageHeader(h http.Header) (string, error) {
	values := h.Values("Signature")
	if len(values) > 1 {
		return "", refuse(ReasonMalformed, "more than one Signature header")
	}
	if len(values) == 1 {
		return values[0], nil
	}
	scheme, params, found := strings.Cut(h.Get("Authorization"), " ")
	if found && strings.EqualFold(scheme, "Signature") {
		return params, nil
	}
	return "", ErrMissing
}

// Verify tells whether k made the signature. A cavage signature is tried with
// the query string and, as Misskey makes them, without; one of RFC 9421 with
// the schemes that the client may have used towards a proxy.
//
// The error is a *[Refused].
func (s *Signature) Verify(k Key) error {
	var err error
	for _, check := range s.checks {
		if err = check(k.Public); err == nil {
			return nil
		}
	}
	if err == nil {
		err = refuse(ReasonSignature, "nothing to verify")
	}
	return err
}

// verifyString checks a signature over text with the algorithm of the key:
// RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519.
func verifyString(key crypto.PublicKey, text string, signature []byte) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256([]byte(text))
		if rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil {
			return nil
		}
	case ed25519.PublicKey:
		if len(k) == ed25519.PublicKeySize && ed25519.Verify(k, []byte(text), signature) {
			return nil
		}
	default:
		return refuse(ReasonAlgorithm, fmt.Sprintf("key of type %T", key))
	}
	return refuse(ReasonSignature, "not made by this key")
}

// checkAlgorithm refuses a stated algorithm that is not the key's. rsa and
// ed25519 are the names that belong to the scheme.
func checkAlgorithm(stated string, key crypto.PublicKey, rsaName, ed25519Name string) error {
	_, isRSA := key.(*rsa.PublicKey)
	_, isEd25519 := key.(ed25519.PublicKey)
	if stated == rsaName && !isRSA || stated == ed25519Name && !isEd25519 {
		return refuse(ReasonAlgorithm, fmt.Sprintf("%s with a key of type %T", stated, key))
	}
	return nil
}
