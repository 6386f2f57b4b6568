package httpsig

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// now is the clock of these tests.
var now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

var policy = Policy{Now: func() time.Time { return now }}

var sharedKey = sync.OnceValues(GenerateRSA)

func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := sharedKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

const keyID = "https://remote.example/users/bob#main-key"

var body = []byte(`{"type":"Like"}`)

func sha512Base64(body []byte) string {
	sum := sha512.Sum512(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// delivery is a POST as a server sees it, with the headers that a good
// signature covers.
func delivery(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/ap/inbox?x=1", bytes.NewReader(body))
	r.Host = "blog.example"
	r.Header.Set("Date", now.Format(http.TimeFormat))
	r.Header.Set("Content-Type", "application/activity+json")
	r.Header.Set("Digest", "SHA-256="+sha256Base64(body))
	r.Header.Set("Content-Digest", "sha-256=:"+sha256Base64(body)+":")
	return r
}

// craft signs by its own reading of the drafts: independent of what it tests.
func craft(t testing.TB, r *http.Request, text string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, rsaKey(t), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(signature)
}

// craftCavage sets a Signature header over covered; more are parameters in front.
func craftCavage(t testing.TB, r *http.Request, covered, target string, more map[string]string) {
	t.Helper()
	lines := []string{}
	for name := range strings.FieldsSeq(covered) {
		var value string
		switch name {
		case "(request-target)":
			value = "post " + target
		case "(created)", "(expires)":
			value = more[strings.Trim(name, "()")]
		case "host":
			value = r.Host
		default:
			value = r.Header.Get(name)
		}
		lines = append(lines, name+": "+value)
	}
	header := fmt.Sprintf(`keyId=%q`, keyID)
	for _, name := range []string{"algorithm", "created", "expires"} {
		if value, ok := more[name]; ok && name == "algorithm" {
			header += fmt.Sprintf(`,%s=%q`, name, value)
		} else if ok {
			header += "," + name + "=" + value
		}
	}
	r.Header.Set("Signature", fmt.Sprintf(`%s,headers=%q,signature=%q`, header, covered, craft(t, r, strings.Join(lines, "\n"))))
}

// craftMessage sets the headers of RFC 9421 over the given lines of the base.
func craftMessage(t testing.TB, r *http.Request, params string, lines ...string) {
	t.Helper()
	base := strings.Join(append(lines, `"@signature-params": `+params), "\n")
	r.Header.Set("Signature-Input", "sig1="+params)
	r.Header.Set("Signature", "sig1=:"+craft(t, r, base)+":")
}

// judge parses and verifies; it returns the reason, "missing" or "".
func judge(t testing.TB, r *http.Request, body []byte, p Policy, key crypto.PublicKey) string {
	t.Helper()
	s, err := Parse(r, body, p)
	if err == nil {
		if s.KeyID != keyID {
			t.Errorf("key id %q", s.KeyID)
		}
		err = s.Verify(Key{ID: keyID, Public: key})
	}
	if err == nil {
		return ""
	}
	if errors.Is(err, ErrMissing) {
		return "missing"
	}
	var refused *Refused
	if !errors.As(err, &refused) {
		t.Fatalf("error of type %T: %v", err, err)
	}
	t.Log(refused)
	return refused.Reason
}
