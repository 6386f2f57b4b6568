package httpsig

import (
	"crypto"
	"net/http"
	"strings"
	"testing"
	"time"
)

const full = "(request-target) host date digest"

func at(moment time.Time) string { return moment.Format(http.TimeFormat) }

// change is what is done to a delivery before it is judged.
type change func(*http.Request)

// over signs what is covered, for target, with more parameters.
func over(t *testing.T, covered, target string, more map[string]string) change {
	return func(r *http.Request) { craftCavage(t, r, covered, target, more) }
}

func good(t *testing.T) change { return over(t, full, "/ap/inbox?x=1", nil) }

func dated(t *testing.T, moment time.Time) change {
	return func(r *http.Request) {
		r.Header.Set("Date", at(moment))
		good(t)(r)
	}
}

// after changes headers that were signed.
func after(t *testing.T, edit func(http.Header)) change {
	return func(r *http.Request) { good(t)(r); edit(r.Header) }
}

func hs(more ...string) map[string]string {
	m := map[string]string{"algorithm": "hs2019"}
	for i := 0; i < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

const timed = "(request-target) host (created) (expires) digest"

// judgeAll judges a delivery for each change.
func judgeAll(t *testing.T, tests []judged) {
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
}

type judged struct {
	name string
	in   change
	want string // the reason
}

// TestCavageTaken varies a good delivery.
func TestCavageTaken(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"good", good(t), ""},
		{"hs2019", over(t, full, "/ap/inbox?x=1", hs()), ""},
		{"rsa-sha256", over(t, full, "/ap/inbox?x=1", map[string]string{"algorithm": "rsa-sha256"}), ""},
		{"query left out", over(t, full, "/ap/inbox", nil), ""},
		{"more headers", over(t, full+" content-type", "/ap/inbox?x=1", nil), ""},
		{"another order", over(t, "digest date host (request-target)", "/ap/inbox?x=1", nil), ""},
		{"spaces between parameters", after(t, func(h http.Header) {
			h.Set("Signature", strings.ReplaceAll(h.Get("Signature"), `",`, `" , `))
		}), ""},
		{"in Authorization", after(t, func(h http.Header) {
			h.Set("Authorization", "Signature "+h.Get("Signature"))
			h.Del("Signature")
		}), ""},
		{"second digest", func(r *http.Request) {
			r.Header.Set("Digest", "md5=AAAA,"+r.Header.Get("Digest"))
			good(t)(r)
		}, ""},
		{"created and expires", over(t, timed, "/ap/inbox?x=1", hs("created", "1772366100", "expires", "1772366700")), ""},
		{"created, another clock", over(t, timed, "/ap/inbox?x=1", hs("created", "1772369700", "expires", "1772363000")), ""},
		{"expires with a fraction", over(t, timed, "/ap/inbox?x=1", hs("created", "1772366100", "expires", "1772366700.5")), ""},
		{"11 hours old", dated(t, now.Add(-11*time.Hour)), ""},
		{"59 minutes ahead", dated(t, now.Add(59*time.Minute)), ""},
	})
}

// TestCavageRefused changes one thing about a good delivery at a time.
func TestCavageRefused(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"unsigned", func(*http.Request) {}, "missing"},
		{"bearer token", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, "missing"},
		{"13 hours old", dated(t, now.Add(-13*time.Hour)), ReasonClock},
		{"2 hours ahead", dated(t, now.Add(2*time.Hour)), ReasonClock},
		{"no date", func(r *http.Request) { r.Header.Del("Date"); good(t)(r) }, ReasonClock},
		{"two dates", after(t, func(h http.Header) { h.Add("Date", h.Get("Date")) }), ReasonClock},
		{"date is rubbish", func(r *http.Request) { r.Header.Set("Date", "yesterday"); good(t)(r) }, ReasonClock},
		{"created long ago", over(t, timed, "/ap/inbox?x=1", hs("created", "1772300000", "expires", "1772366700")), ReasonClock},
		{"created in the future", over(t, timed, "/ap/inbox?x=1", hs("created", "1772376700", "expires", "1772386700")), ReasonClock},
		{"expired", over(t, timed, "/ap/inbox?x=1", hs("created", "1772350000", "expires", "1772360000")), ReasonClock},
		{"created not given", over(t, timed, "/ap/inbox?x=1", hs("expires", "1772366700")), ReasonClock},
		{"created overflows", over(t, timed, "/ap/inbox?x=1", hs("created", "9223372036854775807")), ReasonClock},
		{"created with rsa-sha256", over(t, timed, "/ap/inbox?x=1", map[string]string{
			"algorithm": "rsa-sha256", "created": "1772366100", "expires": "1772366700",
		}), ReasonAlgorithm},

		{"default coverage", after(t, func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), `headers="`+full+`",`, "", 1))
		}), ReasonCoverage},
		{"target not covered", over(t, "host date digest", "", nil), ReasonCoverage},
		{"host not covered", over(t, "(request-target) date digest", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"date not covered", over(t, "(request-target) host digest", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"digest not covered", over(t, "(request-target) host date", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"covered but not sent", over(t, full+" x-gone", "/ap/inbox?x=1", nil), ReasonCoverage},
		{"digest not sent", after(t, func(h http.Header) { h.Del("Digest") }), ReasonCoverage},

		{"digest of another body", func(r *http.Request) {
			r.Header.Set("Digest", "SHA-256="+sha256Base64([]byte("other")))
			good(t)(r)
		}, ReasonDigest},
		{"one digest right, one wrong", func(r *http.Request) {
			r.Header.Set("Digest", r.Header.Get("Digest")+",SHA-512="+sha256Base64(body))
			good(t)(r)
		}, ReasonDigest},
		{"only MD5", func(r *http.Request) { r.Header.Set("Digest", "md5=AAAA"); good(t)(r) }, ReasonDigest},
		{"digest no base64", func(r *http.Request) { r.Header.Set("Digest", "SHA-256=?"); good(t)(r) }, ReasonDigest},

		{"another path", over(t, full, "/ap/other?x=1", nil), ReasonSignature},
		{"another query", over(t, full, "/ap/inbox?x=2", nil), ReasonSignature},
		{"date changed", after(t, func(h http.Header) { h.Set("Date", at(now.Add(time.Minute))) }), ReasonSignature},
		{"another host", func(r *http.Request) { good(t)(r); r.Host = "other.example" }, ReasonHost},

		{"rsa-sha1", over(t, full, "/ap/inbox?x=1", map[string]string{"algorithm": "rsa-sha1"}), ReasonAlgorithm},
		{"hmac", over(t, full, "/ap/inbox?x=1", map[string]string{"algorithm": "hmac-sha256"}), ReasonAlgorithm},
		{"ed25519 with an RSA key", over(t, full, "/ap/inbox?x=1", map[string]string{"algorithm": "ed25519"}), ReasonAlgorithm},

		{"two headers", after(t, func(h http.Header) { h.Add("Signature", h.Get("Signature")) }), ReasonMalformed},
		{"key id twice", after(t, func(h http.Header) { h.Set("Signature", h.Get("Signature")+`,keyId="x"`) }), ReasonMalformed},
		{"a header twice", over(t, full+" host", "/ap/inbox?x=1", nil), ReasonMalformed},
		{"covers itself", over(t, full+" signature", "/ap/inbox?x=1", nil), ReasonMalformed},
		{"not base64", after(t, func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), `signature="`, `signature="?`, 1))
		}), ReasonMalformed},
		{"nothing covered", after(t, func(h http.Header) {
			h.Set("Signature", strings.Replace(h.Get("Signature"), full, "", 1))
		}), ReasonMalformed},
		{"unfinished", func(r *http.Request) { r.Header.Set("Signature", `keyId="a`) }, ReasonMalformed},
		{"no comma", func(r *http.Request) { r.Header.Set("Signature", `keyId="a"signature="b"`) }, ReasonMalformed},
		{"escape", func(r *http.Request) { r.Header.Set("Signature", `keyId="a\"b",signature="YQ=="`) }, ReasonMalformed},
		{"no parameters", func(r *http.Request) { r.Header.Set("Signature", "rubbish") }, ReasonMalformed},
		{"too long", func(r *http.Request) { r.Header.Set("Signature", strings.Repeat("a", 1<<17)) }, ReasonMalformed},
	})
}

func TestCavageKeys(t *testing.T) {
	t.Parallel()
	stranger, err := GenerateRSA()
	if err != nil {
		t.Fatal(err)
	}
	edwards, err := GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   crypto.PublicKey
		want string
	}{
		{"own", rsaKey(t).Public(), ""},
		{"another", stranger.Public(), ReasonSignature},
		{"another kind", edwards.Public(), ReasonSignature},
		{"none", nil, ReasonAlgorithm},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := delivery(body)
			good(t)(r)
			if got := judge(t, r, body, policy, test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCavageAnotherBody(t *testing.T) {
	t.Parallel()
	r := delivery(body)
	good(t)(r)
	if got := judge(t, r, []byte(`{"type":"Block"}`), policy, rsaKey(t).Public()); got != ReasonDigest {
		t.Errorf("got %q", got)
	}
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
