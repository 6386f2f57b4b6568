package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Sign signs r, whose body is body (nil for a request without one), and
// replaces what an earlier call set: the Date, digest and signature headers.
//
// Cavage covers (request-target) host date, and with a body digest and
// content-type; RFC 9421 covers @method @target-uri, and with a body
// content-digest: the sets that Mastodon, Misskey and GoToSocial require.
func Sign(r *http.Request, body []byte, s Signer, kind Kind, now time.Time) error {
	if s.KeyID == "" || strings.ContainsAny(s.KeyID, "\",\\\r\n") {
		return fmt.Errorf("httpsig: sign: key id %q cannot be written in a header", s.KeyID)
	}
	for _, name := range []string{"Signature", "Signature-Input", "Digest", "Content-Digest"} {
		r.Header.Del(name)
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	switch kind {
	case Cavage:
		return signCavage(r, body, s)
	case RFC9421:
		return signMessage(r, body, s, now)
	}
	return fmt.Errorf("httpsig: sign: unknown kind %q", kind)
}

// hasBody tells whether a digest belongs to the request: an empty POST has one too.
func hasBody(method string, body []byte) bool {
	return len(body) > 0 || method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// wireHost is the Host header that net/http will send for r.
func wireHost(r *http.Request) (string, error) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	ascii, err := httpguts.PunycodeHostPort(host)
	if err != nil {
		return "", fmt.Errorf("httpsig: sign: host %q: %w", host, err)
	}
	return strings.TrimSuffix(ascii, ":"), nil
}

func sha256Base64(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// signBase signs the signature base of RFC 9421 with the algorithm of the key.
func signBase(base string, key crypto.Signer) ([]byte, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		sum := sha256.Sum256([]byte(base))
		return rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	case ed25519.PrivateKey:
		return ed25519.Sign(k, []byte(base)), nil
	}
	return nil, fmt.Errorf("httpsig: sign: key of type %T", key)
}
