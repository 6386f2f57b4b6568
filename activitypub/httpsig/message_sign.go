package httpsig

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// label names our signature in the Signature-Input and Signature dictionaries.
const label = "sig1"

// signMessage signs as RFC 9421, section 3.1, with the components that
// Mastodon requires. The key tells the algorithm, so alg is left out.
func signMessage(r *http.Request, body []byte, s Signer, now time.Time) error {
	host, err := wireHost(r)
	if err != nil {
		return err
	}
	lines := []string{
		`"@method": ` + r.Method,
		`"@target-uri": ` + r.URL.Scheme + "://" + authority(r.URL.Scheme, host) + r.URL.RequestURI(),
	}
	components := `"@method" "@target-uri"`
	if hasBody(r.Method, body) {
		digest := "sha-256=:" + sha256Base64(body) + ":"
		r.Header.Set("Content-Digest", digest)
		components += ` "content-digest"`
		lines = append(lines, `"content-digest": `+digest)
	}
	params := fmt.Sprintf(`(%s);created=%d;keyid="%s"`, components, now.Unix(), s.KeyID)
	lines = append(lines, `"@signature-params": `+params)
	signature, err := signBase(strings.Join(lines, "\n"), s.Private)
	if err != nil {
		return err
	}
	r.Header.Set("Signature-Input", label+"="+params)
	r.Header.Set("Signature", label+"=:"+base64.StdEncoding.EncodeToString(signature)+":")
	return nil
}
