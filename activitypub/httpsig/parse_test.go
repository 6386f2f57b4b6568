package httpsig

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const full = "(request-target) host date digest"

func at(moment time.Time) string { return moment.Format(http.TimeFormat) }

// TestParseCavage changes one thing about a good delivery at a time.
func TestParseCavage(t *testing.T) {
	t.Parallel()
	stranger, err := GenerateRSA()
	if err != nil {
		t.Fatal(err)
	}
	edwards, err := GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	sign := func(covered, target string, more map[string]string) func(*http.Request) {
		return func(r *http.Request) { craftCavage(t, r, covered, target, more) }
	}
	signAt := func(moment time.Time) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Date", at(moment))
			craftCavage(t, r, full, "/ap/inbox?x=1", nil)
		}
	}
	good := sign(full, "/ap/inbox?x=1", nil)
	after := func(change func(h http.Header)) func(*http.Request) {
		return func(r *http.Request) { good(r); change(r.Header) }
	}
	hs := func(more ...string) map[string]string {
		m := map[string]string{"algorithm": "hs2019"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	const timed = "(request-target) host (created) (expires) digest"
	tests := []struct {
		name string
		in   func(*http.Request)
		want string
	}{
		{"good", good, ""},
		{"hs2019", sign(full, "/ap/inbox?x=1", hs()), ""},
		{"rsa-sha256", sign(full, "/ap/inbox?x=1", map[string]string{"algorithm": "rsa-sha256"}), ""},
		{"query left out", sign(full, "/ap/inbox", nil), ""},
		{"more headers", sign(full+" content-type", "/ap/inbox?x=1", nil), ""},
		{"another order", sign("digest date host (request-target)", "/ap/inbox?x=1", nil), ""},
		{"spaces between parameters", after(func(h http.Header) {
			h.Set("Signature", strings.ReplaceAll(h.Get("Signature"), `",`, `" , `))
		}), ""},
		{"in Authorization", after(func(h http.Header) {
			h.Set("Authorization", "Signature "+h.Get("Signature"))
			h.Del("Signature")
		}), ""},
		{"second digest", func(r *http.Request) {
			r.Header.Set("Digest", "md5=AAAA,"+r.Header.Get("Digest"))
			good(r)
		}, ""},
		{"created and expires", sign(timed, "/ap/inbox?x=1", hs("created", "1772366100", "expires", "1772366700")), ""},
		{"created, another clock", sign(timed, "/ap/inbox?x=1", hs("created", "1772369700", "expires", "1772363000")), ""},
		{"expires with a fraction", sign(timed, "/ap/inbox?x=1", hs("created", "1772366100", "expires", "1772366700.5")), ""},
		{"11 hours old", signAt(now.Add(-11 * time.Hour)), ""},
		{"59 minutes ahead", signAt(now.Add(59 * time.Minute)), ""},

		{"unsigned", func(*http.Request) {}, "missing"},
		{"bearer token", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, "missing"},
		{"13 hours old", signAt(now.Add(-13 * time.Hour)), ReasonClock},
		{"2 hours ahead", signAt(now.Add(2 * time.Hour)), ReasonClock},
		{"no date", func(r *http.Request) { r.Header.Del("Date"); good(r) }, ReasonClock},
		{"two dates", after(func(h http.Header) { h.Add("Date", h.Get("Date")) }), ReasonClock},
		{"date is rubbish", func(r *http.Request) { r.Header.Set("Date", "yesterday"); good(r) }, ReasonClock},
		{"created long ago", sign(timed, "/ap/inbox?x=1", hs("created", "1772300000", "expires", "1772366700")), ReasonClock},
		{"created in the future", sign(timed, "/ap/inbox?x=1", hs("created", "1772376700", "expires", "1772386700")), ReasonClock},
		{"expired", sign(timed, "/ap/inbox?x=1", hs("created", "1772350000", "expires", "1772360000")), ReasonClock},
		{"created not given", sign(timed, "/ap/inbox?x=1", hs("expires", "1772366700")), ReasonClock},
		{"created overflows", sign(timed, "/ap/inbox?x=1", hs("created", "9223372036854775807")), ReasonClock},
		{"created with rsa-sha256", sign(timed, "/ap/inbox?x=1", map[string]string{
			"algorithm": "rsa-sha256", "created": "1772366100", "expires": "1772366700"}), ReasonAlgorithm},

		{"default coverage", after(func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), `headers="`+full+`",`, "", 1))
		}), ReasonCoverage},
		{"target not covered", sign("host date digest", "", nil), ReasonCoverage},
		{"host not covered", sign("(request-target) date digest", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"date not covered", sign("(request-target) host digest", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"digest not covered", sign("(request-target) host date", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"covered but not sent", sign(full+" x-gone", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"digest not sent", after(func(h http.Header) { h.Del("Digest") }), ReasonCoverage},

		{"digest of another body", func(r *http.Request) {
			r.Header.Set("Digest", "SHA-256="+sha256Base64([]byte("other")))
			good(r)
		}, ReasonDigest},
		{"one digest right, one wrong", func(r *http.Request) {
			r.Header.Set("Digest", r.Header.Get("Digest")+",SHA-512="+sha256Base64(body))
			good(r)
		}, ReasonDigest},
		{"only MD5", func(r *http.Request) { r.Header.Set("Digest", "md5=AAAA"); good(r) }, ReasonDigest},
		{"digest no base64", func(r *http.Request) { r.Header.Set("Digest", "SHA-256=?"); good(r) }, ReasonDigest},

		{"another path", sign(full, "/ap/other?x=1", nil), ReasonSignature},
		{"another query", sign(full, "/ap/inbox?x=2", nil), ReasonSignature},
		{"date changed", after(func(h http.Header) { h.Set("Date", at(now.Add(time.Minute))) }), ReasonSignature},
		{"another host", func(r *http.Request) { good(r); r.Host = "other.example" }, ReasonHost},

		{"rsa-sha1", sign(full, "/ap/inbox?x=1", map[string]string{"algorithm": "rsa-sha1"}), ReasonAlgorithm},
		{"hmac", sign(full, "/ap/inbox?x=1", map[string]string{"algorithm": "hmac-sha256"}), ReasonAlgorithm},
		{"ed25519 with an RSA key", sign(full, "/ap/inbox?x=1", map[string]string{"algorithm": "ed25519"}), ReasonAlgorithm},

		{"two headers", after(func(h http.Header) { h.Add("Signature", h.Get("Signature")) }), ReasonMalformed},
		{"key id twice", after(func(h http.Header) { h.Set("Signature", h.Get("Signature")+`,keyId="x"`) }), ReasonMalformed},
		{"a header twice", sign(full+" host", "/ap/inbox?x=1", nil), ReasonMalformed},
		{"covers itself", sign(full+" signature", "/ap/inbox?x=1", nil), ReasonMalformed},
		{"not base64", after(func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), `signature="`, `signature="?`, 1))
		}), ReasonMalformed},
		{"nothing covered", after(func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), full, "", 1))
		}), ReasonMalformed},
		{"unfinished", func(r *http.Request) { r.Header.Set("Signature", `keyId="a`) }, ReasonMalformed},
		{"no comma", func(r *http.Request) { r.Header.Set("Signature", `keyId="a"signature="b"`) }, ReasonMalformed},
		{"escape", func(r *http.Request) { r.Header.Set("Signature", `keyId="a\"b",signature="YQ=="`) }, ReasonMalformed},
		{"no parameters", func(r *http.Request) { r.Header.Set("Signature", "rubbish") }, ReasonMalformed},
		{"too long", func(r *http.Request) { r.Header.Set("Signature", strings.Repeat("a", 1<<17)) }, ReasonMalformed},
	}
	p := Policy{Now: policy.Now, Hosts: []string{"Blog.example", "www.blog.example"}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := delivery(body)
			test.in(r)
			if got := judge(t, r, body, p, rsaKey(t).Public()); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	t.Run("another key", func(t *testing.T) {
		r := delivery(body)
		good(r)
		if got := judge(t, r, body, p, stranger.Public()); got != ReasonSignature {
			t.Errorf("got %q", got)
		}
		if got := judge(t, r, body, p, edwards.Public()); got != ReasonSignature {
			t.Errorf("Ed25519: got %q", got)
		}
		if got := judge(t, r, body, p, nil); got != ReasonAlgorithm {
			t.Errorf("no key: got %q", got)
		}
	})
	t.Run("another body", func(t *testing.T) {
		r := delivery(body)
		good(r)
		if got := judge(t, r, []byte(`{"type":"Block"}`), p, rsaKey(t).Public()); got != ReasonDigest {
			t.Errorf("got %q", got)
		}
	})
}

// TestParseGET needs no digest.
func TestParseGET(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Cavage, RFC9421} {
		r := delivery(nil)
		r.Method = http.MethodGet
		r.URL.Scheme = "https"
		if err := Sign(r, nil, Signer{KeyID: keyID, Private: rsaKey(t)}, kind, now); err != nil {
			t.Fatal(err)
		}
		if got := judge(t, r, nil, policy, rsaKey(t).Public()); got != "" {
			t.Errorf("%s: %q", kind, got)
		}
		if got := judge(t, r, body, policy, rsaKey(t).Public()); got != ReasonCoverage {
			t.Errorf("%s with a body: %q", kind, got)
		}
	}
}
