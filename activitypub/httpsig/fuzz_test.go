package httpsig

import (
	"errors"
	"net/http"
	"testing"
)

// FuzzParse feeds both kinds' headers: nothing may panic, every refusal is
// typed, and nothing verifies that the key did not sign.
func FuzzParse(f *testing.F) {
	f.Add(`keyId="a",headers="(request-target) host date digest",signature="YQ=="`, "", "SHA-256=AAAA", "")
	f.Add(`keyId="a",algorithm=hs2019,created=1772366100,headers="(created)",signature="YQ=="`, "", "", "")
	f.Add(`sig1=:AAAA:`, `sig1=`+stamped, "", "sha-256=:AAAA:")
	f.Add(`sig1=:AAAA:, b=:AAAA:`, `sig1=("@query-param";name="x" "date";bs);created=1, b=()`, "", "")
	f.Fuzz(func(t *testing.T, signature, input, digest, contentDigest string) {
		r := delivery(body)
		for name, value := range map[string]string{"Signature": signature, "Signature-Input": input, "Digest": digest, "Content-Digest": contentDigest} {
			r.Header.Del(name)
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		mustRefuse(t, r)
		r.Header.Set("Digest", "SHA-256="+sha256Base64(body))
		r.Header.Set("Content-Digest", "sha-256=:"+sha256Base64(body)+":")
		mustRefuse(t, r)
	})
}

func mustRefuse(t *testing.T, r *http.Request) {
	t.Helper()
	s, err := Parse(r, body, policy)
	if err == nil {
		err = s.Verify(Key{Public: rsaKey(t).Public()})
	}
	var refused *Refused
	if !errors.As(err, &refused) && !errors.Is(err, ErrMissing) {
		t.Fatalf("got %v", err)
	}
}
