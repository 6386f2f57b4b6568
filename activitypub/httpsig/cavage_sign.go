package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"

	gofed "github.com/go-fed/httpsig"
)

// signCavage signs a copy that holds just what is covered: go-fed/httpsig
// signs the decoded path, and writes into the headers it is given.
func signCavage(r *http.Request, body []byte, s Signer) error {
	algorithm, err := cavageAlgorithm(publicOf(s.Private))
	if err != nil {
		return err
	}
	host, err := wireHost(r)
	if err != nil {
		return err
	}
	covered := []string{gofed.RequestTarget, "host", "date"}
	if hasBody(r.Method, body) {
		r.Header.Set("Digest", "SHA-256="+sha256Base64(body))
		covered = append(covered, "digest")
		if r.Header.Get("Content-Type") != "" {
			covered = append(covered, "content-type")
		}
	}
	signer, _, err := gofed.NewSigner([]gofed.Algorithm{algorithm}, gofed.DigestSha256, covered, gofed.Signature, 0)
	if err != nil {
		return fmt.Errorf("httpsig: sign: %w", err)
	}
	view := cavageView(r.Method, r.URL.RequestURI(), host, r.Header, covered)
	if err := signer.SignRequest(s.Private, s.KeyID, view, nil); err != nil {
		return fmt.Errorf("httpsig: sign: %w", err)
	}
	r.Header.Set("Signature", view.Header.Get("Signature"))
	return nil
}

// cavageView is a request for go-fed/httpsig with the covered headers only and
// a target that it writes as it is: (request-target) is the path and query as
// sent (draft-cavage-12, section 2.3), not decoded.
func cavageView(method, target, host string, header http.Header, covered []string) *http.Request {
	view := &http.Request{
		Method: method,
		URL:    &url.URL{Path: target},
		Host:   host,
		Header: http.Header{"Host": {host}},
	}
	for _, name := range covered {
		key := http.CanonicalHeaderKey(name)
		if values, ok := header[key]; ok && key != "Host" {
			view.Header[key] = values
		}
	}
	return view
}

// cavageAlgorithm chooses by the type of the key, never by what a header
// says: hs2019 means "see the key", and in the fediverse RSA with SHA-256.
func cavageAlgorithm(public crypto.PublicKey) (gofed.Algorithm, error) {
	switch public.(type) {
	case *rsa.PublicKey:
		return gofed.RSA_SHA256, nil
	case ed25519.PublicKey:
		return gofed.ED25519, nil
	}
	return "", refuse(ReasonAlgorithm, fmt.Sprintf("key of type %T", public))
}

func publicOf(private crypto.Signer) crypto.PublicKey {
	if private == nil {
		return nil
	}
	return private.Public()
}
