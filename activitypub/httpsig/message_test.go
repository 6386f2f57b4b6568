package httpsig

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	covered = `("@method" "@target-uri" "content-digest")`
	stamped = covered + `;created=1772366100;keyid="` + keyID + `"`
)

// TestParseMessage changes one thing about a good delivery at a time.
func TestParseMessage(t *testing.T) {
	t.Parallel()
	lines := func(r *http.Request) []string {
		return []string{
			`"@method": POST`,
			`"@target-uri": https://blog.example/ap/inbox?x=1`,
			`"content-digest": ` + r.Header.Get("Content-Digest"),
		}
	}
	sign := func(params string) func(*http.Request) {
		return func(r *http.Request) { craftMessage(t, r, params, lines(r)...) }
	}
	digest := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Digest", value); sign(stamped)(r) }
	}
	after := func(change func(r *http.Request)) func(*http.Request) {
		return func(r *http.Request) { sign(stamped)(r); change(r) }
	}
	const keyParam = `;keyid="` + keyID + `"`
	tests := []struct {
		name string
		in   func(*http.Request)
		want string
	}{
		{"good", sign(stamped), ""},
		{"with alg", sign(stamped + `;alg="rsa-v1_5-sha256"`), ""},
		{"parameters in another order", sign(covered + keyParam + ";created=1772366100"), ""},
		{"not in canonical form", sign(`( "@method"   "@target-uri" "content-digest" ); created=1772366100; keyid="` + keyID + `"`), ""},
		{"expires", sign(stamped + ";expires=1772366400"), ""},
		{"tag and nonce", sign(stamped + `;nonce="a,b\"c";tag="fedi"`), ""},
		{"over http", func(r *http.Request) {
			l := lines(r)
			l[1] = strings.Replace(l[1], "https", "http", 1)
			craftMessage(t, r, stamped, l...)
		}, ""},
		{"behind a proxy's", after(func(r *http.Request) {
			r.Header.Set("Signature-Input", `proxy=("@path");created=1, `+r.Header.Get("Signature-Input"))
			r.Header.Add("Signature", "proxy=:AAAA:")
		}), ""},
		{"SHA-512 too", digest("sha-512=:+CWyx+tH26vWdI4H0lxuVmBAXZlKnw+ouqbX35TBA2SUH7pqgEktLsPVIIg4BSmAP9ZNZFbfA5oHkdyT1A/C6Q==:, sha-256=:" + sha256Base64(body) + ":"), ReasonDigest},
		{"all components", func(r *http.Request) {
			craftMessage(t, r, `("@method" "@target-uri" "content-digest" "@authority" "@scheme" "@path" "@query" "@query-param";name="x" "@request-target" "host" "date");created=1772366100`+keyParam,
				append(lines(r), `"@authority": blog.example`, `"@scheme": https`, `"@path": /ap/inbox`, `"@query": ?x=1`,
					`"@query-param";name="x": 1`, `"@request-target": /ap/inbox?x=1`, `"host": blog.example`, `"date": `+r.Header.Get("Date"))...)
		}, ""},

		{"old", sign(covered + ";created=1772300000" + keyParam), ReasonClock},
		{"ahead", sign(covered + ";created=1772376700" + keyParam), ReasonClock},
		{"expired", sign(stamped + ";expires=1772360000"), ReasonClock},
		{"expires is text", sign(stamped + `;expires="never"`), ReasonClock},
		{"no created", sign(covered + keyParam), ReasonCoverage},
		{"created is text", sign(covered + `;created="1772366100"` + keyParam), ReasonCoverage},
		{"method not covered", sign(`("@target-uri" "content-digest");created=1772366100` + keyParam), ReasonCoverage},
		{"target not covered", sign(`("@method" "@authority" "@path" "content-digest");created=1772366100` + keyParam), ReasonCoverage},
		{"digest not covered", sign(`("@method" "@target-uri");created=1772366100` + keyParam), ReasonCoverage},
		{"target of a request before", sign(`("@method" "@target-uri";req "content-digest");created=1772366100` + keyParam), ReasonCoverage},
		{"covered but not sent", sign(`("@method" "@target-uri" "content-digest" "x-gone");created=1772366100` + keyParam), ReasonCoverage},
		{"unknown component", sign(`("@method" "@target-uri" "content-digest" "@status");created=1772366100` + keyParam), ReasonCoverage},
		{"query parameter not there", sign(`("@method" "@target-uri" "content-digest" "@query-param";name="y");created=1772366100` + keyParam), ReasonCoverage},
		{"header with parameters", sign(`("@method" "@target-uri" "content-digest" "date";bs);created=1772366100` + keyParam), ReasonCoverage},

		{"digest of another body", digest("sha-256=:" + sha256Base64([]byte("other")) + ":"), ReasonDigest},
		{"only an unknown digest", digest("md5=:AAAA:"), ReasonDigest},
		{"digest no dictionary", digest("?"), ReasonDigest},
		{"digest no bytes", digest(`sha-256="text"`), ReasonDigest},

		{"another target", func(r *http.Request) {
			l := lines(r)
			l[1] += "&y=2"
			craftMessage(t, r, stamped, l...)
		}, ReasonSignature},
		{"another method", after(func(r *http.Request) { r.Method = http.MethodPut }), ReasonSignature},
		{"http over TLS", func(r *http.Request) {
			l := lines(r)
			l[1] = strings.Replace(l[1], "https", "http", 1)
			craftMessage(t, r, stamped, l...)
			r.TLS = new(tls.ConnectionState)
		}, ReasonSignature},
		{"another host", after(func(r *http.Request) { r.Host = "other.example" }), ReasonHost},

		{"pss", sign(stamped + `;alg="rsa-pss-sha512"`), ReasonAlgorithm},
		{"ed25519 with an RSA key", sign(stamped + `;alg="ed25519"`), ReasonAlgorithm},
		{"alg is a number", sign(stamped + `;alg=1`), ReasonAlgorithm},

		{"no key id", sign(covered + ";created=1772366100"), ReasonMalformed},
		{"a component twice", sign(`("@method" "@method" "@target-uri" "content-digest");created=1772366100` + keyParam), ReasonMalformed},
		{"upper case", sign(`("@method" "@target-uri" "content-digest" "Date");created=1772366100` + keyParam), ReasonMalformed},
		{"a label twice", after(func(r *http.Request) {
			r.Header.Add("Signature-Input", r.Header.Get("Signature-Input"))
		}), ReasonMalformed},
		{"no signature", after(func(r *http.Request) { r.Header.Del("Signature") }), ReasonMalformed},
		{"another label", after(func(r *http.Request) { r.Header.Set("Signature", "sig2=:AAAA:") }), ReasonMalformed},
		{"no list", after(func(r *http.Request) { r.Header.Set("Signature-Input", "sig1=1") }), ReasonMalformed},
		{"rubbish", after(func(r *http.Request) { r.Header.Set("Signature-Input", "(((") }), ReasonMalformed},
		{"empty", after(func(r *http.Request) { r.Header.Set("Signature-Input", "") }), ReasonMalformed},
		{"cavage in Signature", func(r *http.Request) {
			craftCavage(t, r, full, "/ap/inbox?x=1", nil)
			r.Header.Set("Signature-Input", "sig1="+stamped)
		}, ReasonMalformed},
		{"too long", after(func(r *http.Request) { r.Header.Set("Signature-Input", strings.Repeat("a,", 1<<16)) }), ReasonMalformed},
	}
	p := Policy{Now: policy.Now, Hosts: []string{"blog.example"}}
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

func TestRawMembers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     map[string]string
	}{
		{"one", `a=("x");k="v"`, map[string]string{"a": `("x");k="v"`}},
		{"two", `a=1,  b=2`, map[string]string{"a": "1", "b": "2"}},
		{"comma in a string", `a=1;k="x,y", b=2`, map[string]string{"a": `1;k="x,y"`, "b": "2"}},
		{"quote in a string", `a=1;k="x\",b=2"`, map[string]string{"a": `1;k="x\",b=2"`}},
		{"twice", `a=1, a=2`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, rawMembers(test.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
