package httpsig

import (
	"bytes"
	"crypto"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSignOverHTTP signs, sends and verifies over a real connection.
func TestSignOverHTTP(t *testing.T) {
	t.Parallel()
	edwards, err := GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	reasons := make(chan string, 1)
	public := make(chan crypto.PublicKey, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		received, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		reasons <- judge(t, r, received, Policy{Now: policy.Now, Hosts: []string{r.Host}}, <-public)
	}))
	defer server.Close()
	paths := []string{"", "/", "/inbox", "/inbox?a=1&b=%20x", "/users/b%C3%B6b", "/a%2Fb", "/a?", "/caf\u00e9", "/a//b/../c", "/x;y=1"}
	for _, key := range []crypto.Signer{rsaKey(t), edwards} {
		for _, kind := range []Kind{Cavage, RFC9421} {
			for _, path := range paths {
				for _, payload := range [][]byte{nil, body, {}} {
					r := newRequest(t, server.URL+path, payload)
					if err := Sign(r, payload, Signer{KeyID: keyID, Private: key}, kind, now); err != nil {
						t.Fatal(err)
					}
					public <- key.Public()
					response, err := server.Client().Do(r)
					if err != nil {
						t.Fatal(err)
					}
					response.Body.Close()
					if reason := <-reasons; reason != "" {
						t.Errorf("%s %q %T %d bytes: refused: %s", kind, path, key, len(payload), reason)
					}
				}
			}
		}
	}
}

func newRequest(t *testing.T, url string, payload []byte) *http.Request {
	t.Helper()
	method := http.MethodGet
	if payload != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	return r
}

func TestSignHeaders(t *testing.T) {
	t.Parallel()
	cavageHead := `keyId="` + keyID + `",algorithm="hs2019",headers="(request-target) host date`
	tests := []struct {
		name, method string
		kind         Kind
		want         map[string]string // how the header begins
	}{
		{"cavage GET", http.MethodGet, Cavage, map[string]string{
			"Date": "Sun, 01 Mar 2026 12:00:00 GMT", "Signature": cavageHead + `",signature="`,
		}},
		{"cavage POST", http.MethodPost, Cavage, map[string]string{
			"Digest": "SHA-256=" + sha256Base64(body), "Signature": cavageHead + ` digest content-type",signature="`,
		}},
		{"RFC 9421 GET", http.MethodGet, RFC9421, map[string]string{
			"Signature-Input": `sig1=("@method" "@target-uri");created=1772366400;keyid="` + keyID + `"`,
		}},
		{"RFC 9421 POST", http.MethodPost, RFC9421, map[string]string{
			"Content-Digest":  "sha-256=:" + sha256Base64(body) + ":",
			"Signature-Input": `sig1=("@method" "@target-uri" "content-digest");created=1772366400;keyid="` + keyID + `"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(test.method, "https://blog.example/inbox", nil)
			r.Header.Set("Content-Type", "application/activity+json")
			var payload []byte
			if test.method == http.MethodPost {
				payload = body
			}
			if err := Sign(r, payload, Signer{KeyID: keyID, Private: rsaKey(t)}, test.kind, now); err != nil {
				t.Fatal(err)
			}
			got := make(map[string]string)
			for name, want := range test.want {
				value := r.Header.Get(name)
				got[name] = value[:min(len(value), len(want))]
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSignAgain tries the other kind on the same request, as a delivery does
// after a 401.
func TestSignAgain(t *testing.T) {
	t.Parallel()
	signer := Signer{KeyID: keyID, Private: rsaKey(t)}
	r := httptest.NewRequest(http.MethodPost, "https://blog.example/inbox", bytes.NewReader(body))
	for _, kind := range []Kind{Cavage, RFC9421, Cavage} {
		if err := Sign(r, body, signer, kind, now.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		if len(r.Header["Signature"]) != 1 || len(r.Header["Date"]) != 1 {
			t.Errorf("%s: headers of the earlier kind are left: %v", kind, r.Header)
		}
		if reason := judge(t, r, body, policy, signer.Private.Public()); reason != "" {
			t.Errorf("%s: %s", kind, reason)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   Signer
		kind Kind
	}{
		{"no key id", Signer{Private: rsaKey(t)}, Cavage},
		{"quote in the key id", Signer{KeyID: `a"b`, Private: rsaKey(t)}, Cavage},
		{"no key, cavage", Signer{KeyID: keyID}, Cavage},
		{"no key, RFC 9421", Signer{KeyID: keyID}, RFC9421},
		{"unknown kind", Signer{KeyID: keyID, Private: rsaKey(t)}, "other"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "https://blog.example/", nil)
			if err := Sign(r, nil, test.in, test.kind, now); err == nil {
				t.Error("signed")
			}
		})
	}
}

func TestWireHost(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "https://remote.example/inbox", "remote.example"},
		{"port", "https://remote.example:8443/inbox", "remote.example:8443"},
		{"empty port", "https://remote.example:/inbox", "remote.example"},
		{"not ASCII", "https://b\u00fccher.example/inbox", "xn--bcher-kva.example"},
		{"IPv6", "http://[::1]:8080/inbox", "[::1]:8080"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := wireHost(newRequest(t, test.in, body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
