package httpsig

import (
	"crypto"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gofed "github.com/go-fed/httpsig"
)

// verifier prepares the check of one reading of the request.
func (c *cavage) verifier(r *http.Request, target string) (func(crypto.PublicKey) error, error) {
	header := make(http.Header, len(c.covered)+1)
	for _, name := range c.covered {
		if strings.HasPrefix(name, "(") {
			continue
		}
		value, err := headerValue(r, name)
		if err != nil {
			return nil, err
		}
		header[http.CanonicalHeaderKey(name)] = []string{value}
	}
	if slices.Contains(c.covered, created) || slices.Contains(c.covered, expires) {
		return c.timedVerifier(r.Method, target, header)
	}
	view := cavageView(r.Method, target, r.Host, header, c.covered)
	view.Header.Set("Signature", fmt.Sprintf(`keyId="key",headers="%s",signature="%s"`,
		strings.Join(c.covered, " "), c.signature))
	return func(key crypto.PublicKey) error { return c.verifyView(view, key) }, nil
}

// verifyView leaves the signing string and the arithmetic to go-fed/httpsig.
func (c *cavage) verifyView(view *http.Request, key crypto.PublicKey) error {
	algorithm, err := cavageAlgorithm(key)
	if err != nil {
		return err
	}
	if err := checkAlgorithm(c.algorithm, key, algRSA, algEd25519); err != nil {
		return err
	}
	verifier, err := gofed.NewVerifier(view)
	if err != nil {
		return refuse(ReasonMalformed, err.Error())
	}
	if err := verifier.Verify(key, algorithm); err != nil {
		return refuse(ReasonSignature, err.Error())
	}
	return nil
}

// timedVerifier makes the signing string itself: go-fed/httpsig holds
// (created) and (expires) to the machine's clock and ten seconds, and knows no
// fractions.
func (c *cavage) timedVerifier(method, target string, header http.Header) (func(crypto.PublicKey) error, error) {
	values := map[string]string{
		gofed.RequestTarget: strings.ToLower(method) + " " + target,
		created:             c.created,
		expires:             c.expires,
	}
	lines := make([]string, len(c.covered))
	for i, name := range c.covered {
		value, ok := values[name]
		if !ok {
			value = header.Get(name)
		}
		lines[i] = name + ": " + value
	}
	text := strings.Join(lines, "\n")
	signature, err := base64.StdEncoding.DecodeString(c.signature)
	if err != nil {
		return nil, refuse(ReasonMalformed, "signature is not base64")
	}
	return func(key crypto.PublicKey) error {
		if err := checkAlgorithm(c.algorithm, key, algRSA, algEd25519); err != nil {
			return err
		}
		return verifyString(key, text, signature)
	}, nil
}
