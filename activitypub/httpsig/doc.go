// Package httpsig signs requests and judges signed requests, in the two kinds
// that the fediverse speaks: draft-cavage-http-signatures-12 (on
// go-fed/httpsig) and HTTP Message Signatures (RFC 9421).
//
// Both kinds are held to one policy: what a signature must cover, how old it
// may be, and that the digest is that of the body as it came. A request is
// judged in two steps, so that nothing is fetched for a request that could not
// pass anyway: [Parse] needs no key, [Signature.Verify] does.
package httpsig

import (
	"crypto"
	"errors"
)

// Kind names a signature scheme, as it is remembered for a host.
type Kind string

const (
	// Cavage is draft-cavage-http-signatures-12: a Signature header with
	// keyId, headers and signature, and a Digest header (RFC 3230).
	Cavage Kind = "cavage"
	// RFC9421 is HTTP Message Signatures: Signature-Input and Signature, and
	// a Content-Digest header (RFC 9530).
	RFC9421 Kind = "rfc9421"
)

// Key is a public key, its id (the keyId of signatures) and the id of the
// actor that it belongs to. Public is an *rsa.PublicKey or ed25519.PublicKey.
type Key struct {
	ID, Owner string
	Public    crypto.PublicKey
}

// Signer signs in the name of KeyID. Private is an *rsa.PrivateKey or an
// ed25519.PrivateKey.
type Signer struct {
	KeyID   string
	Private crypto.Signer
}

// ErrMissing is returned for a request without any signature.
var ErrMissing = errors.New("httpsig: no signature")

// The reasons of [Refused]. They are few and fixed, so they can be counted.
const (
	ReasonMalformed = "malformed" // the headers cannot be read
	ReasonAlgorithm = "algorithm" // an algorithm that is not accepted, or not the key's
	ReasonCoverage  = "coverage"  // something that must be signed is not
	ReasonClock     = "clock"     // too old, expired, or too far ahead
	ReasonHost      = "host"      // signed for another host
	ReasonDigest    = "digest"    // the body is not the one that was signed
	ReasonSignature = "signature" // the key did not make this signature
)

// Refused says why a signature does not hold. Reason is one of the Reason
// constants, Detail is for the log.
type Refused struct {
	Reason, Detail string
}

// Error names the reason and the detail.
func (e *Refused) Error() string {
	return "httpsig: refused: " + e.Reason + ": " + e.Detail
}

func refuse(reason, detail string) error {
	return &Refused{Reason: reason, Detail: detail}
}
