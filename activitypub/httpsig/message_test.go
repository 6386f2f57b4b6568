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

const keyParam = `;keyid="` + keyID + `"`

// goodLines are the signature base of a good delivery, without its parameters.
func goodLines(r *http.Request) []string {
	return []string{
		`"@method": POST`,
		`"@target-uri": https://blog.example/ap/inbox?x=1`,
		`"content-digest": ` + r.Header.Get("Content-Digest"),
	}
}

// message9421 signs the good lines with the given parameters.
func message9421(t *testing.T, params string) change {
	return func(r *http.Request) { craftMessage(t, r, params, goodLines(r)...) }
}

func messageDigest(t *testing.T, value string) change {
	return func(r *http.Request) { r.Header.Set("Content-Digest", value); message9421(t, stamped)(r) }
}

func messageThen(t *testing.T, edit change) change {
	return func(r *http.Request) { message9421(t, stamped)(r); edit(r) }
}

// TestMessageTaken varies a good delivery.
func TestMessageTaken(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"good", message9421(t, stamped), ""},
		{"with alg", message9421(t, stamped+`;alg="rsa-v1_5-sha256"`), ""},
		{"parameters in another order", message9421(t, covered+keyParam+";created=1772366100"), ""},
		{"not in canonical form", message9421(t, `( "@method"   "@target-uri" "content-digest" ); created=1772366100; keyid="`+keyID+`"`), ""},
		{"expires", message9421(t, stamped+";expires=1772366400"), ""},
		{"tag and nonce", message9421(t, stamped+`;nonce="a,b\"c";tag="fedi"`), ""},
		{"over http", func(r *http.Request) {
			l := goodLines(r)
			l[1] = strings.Replace(l[1], "https", "http", 1)
			craftMessage(t, r, stamped, l...)
		}, ""},
		{"behind a proxy's", messageThen(t, func(r *http.Request) {
			r.Header.Set("Signature-Input", `proxy=("@path");created=1, `+r.Header.Get("Signature-Input"))
			r.Header.Add("Signature", "proxy=:AAAA:")
		}), ""},
		{"SHA-512 too", messageDigest(t, "sha-512=:"+sha512Base64(body)+":, sha-256=:"+sha256Base64(body)+":"), ""},
		{"SHA-512 alone", messageDigest(t, "sha-512=:"+sha512Base64(body)+":"), ""},
		{"all components", func(r *http.Request) {
			craftMessage(t, r, `("@method" "@target-uri" "content-digest" "@authority" "@scheme" "@path" "@query" "@query-param";name="x" "@request-target" "host" "date");created=1772366100`+keyParam,
				append(goodLines(r), `"@authority": blog.example`, `"@scheme": https`, `"@path": /ap/inbox`, `"@query": ?x=1`,
					`"@query-param";name="x": 1`, `"@request-target": /ap/inbox?x=1`, `"host": blog.example`, `"date": `+r.Header.Get("Date"))...)
		}, ""},
	})
}

// TestMessageMustCover leaves out, or makes too old, what the policy asks for.
func TestMessageMustCover(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"old", message9421(t, covered+";created=1772300000"+keyParam), ReasonClock},
		{"ahead", message9421(t, covered+";created=1772376700"+keyParam), ReasonClock},
		{"expired", message9421(t, stamped+";expires=1772360000"), ReasonClock},
		{"expires is text", message9421(t, stamped+`;expires="never"`), ReasonClock},
		{"no created", message9421(t, covered+keyParam), ReasonCoverage},
		{"created is text", message9421(t, covered+`;created="1772366100"`+keyParam), ReasonCoverage},
		{"method not covered", message9421(t, `("@target-uri" "content-digest");created=1772366100`+keyParam), ReasonCoverage},
		{"target not covered", message9421(t, `("@method" "@authority" "@path" "content-digest");created=1772366100`+keyParam), ReasonCoverage},
		{"digest not covered", message9421(t, `("@method" "@target-uri");created=1772366100`+keyParam), ReasonCoverage},
		{"target of a request before", message9421(t, `("@method" "@target-uri";req "content-digest");created=1772366100`+keyParam), ReasonCoverage},
		{"covered but not sent", message9421(t, `("@method" "@target-uri" "content-digest" "x-gone");created=1772366100`+keyParam), ReasonCoverage},
		{"unknown component", message9421(t, `("@method" "@target-uri" "content-digest" "@status");created=1772366100`+keyParam), ReasonCoverage},
		{"query parameter not there", message9421(t, `("@method" "@target-uri" "content-digest" "@query-param";name="y");created=1772366100`+keyParam), ReasonCoverage},
		{"header with parameters", message9421(t, `("@method" "@target-uri" "content-digest" "date";bs);created=1772366100`+keyParam), ReasonCoverage},
	})
}

// TestMessageRefused changes one thing about a good delivery at a time.
func TestMessageRefused(t *testing.T) {
	t.Parallel()
	judgeAll(t, []judged{
		{"digest of another body", messageDigest(t, "sha-256=:"+sha256Base64([]byte("other"))+":"), ReasonDigest},
		{"one digest right, one wrong", messageDigest(t, "sha-512=:"+sha256Base64(body)+":, sha-256=:"+sha256Base64(body)+":"), ReasonDigest},
		{"only an unknown digest", messageDigest(t, "md5=:AAAA:"), ReasonDigest},
		{"digest no dictionary", messageDigest(t, "?"), ReasonDigest},
		{"digest no bytes", messageDigest(t, `sha-256="text"`), ReasonDigest},

		{"another target", func(r *http.Request) {
			l := goodLines(r)
			l[1] += "&y=2"
			craftMessage(t, r, stamped, l...)
		}, ReasonSignature},
		{"another method", messageThen(t, func(r *http.Request) { r.Method = http.MethodPut }), ReasonSignature},
		{"http over TLS", func(r *http.Request) {
			l := goodLines(r)
			l[1] = strings.Replace(l[1], "https", "http", 1)
			craftMessage(t, r, stamped, l...)
			r.TLS = new(tls.ConnectionState)
		}, ReasonSignature},
		{"another host", messageThen(t, func(r *http.Request) { r.Host = "other.example" }), ReasonHost},

		{"pss", message9421(t, stamped+`;alg="rsa-pss-sha512"`), ReasonAlgorithm},
		{"ed25519 with an RSA key", message9421(t, stamped+`;alg="ed25519"`), ReasonAlgorithm},
		{"alg is a number", message9421(t, stamped+`;alg=1`), ReasonAlgorithm},

		{"no key id", message9421(t, covered+";created=1772366100"), ReasonMalformed},
		{"a component twice", message9421(t, `("@method" "@method" "@target-uri" "content-digest");created=1772366100`+keyParam), ReasonMalformed},
		{"upper case", message9421(t, `("@method" "@target-uri" "content-digest" "Date");created=1772366100`+keyParam), ReasonMalformed},
		{"a label twice", messageThen(t, func(r *http.Request) {
			r.Header.Add("Signature-Input", r.Header.Get("Signature-Input"))
		}), ReasonMalformed},
		{"no signature", messageThen(t, func(r *http.Request) { r.Header.Del("Signature") }), ReasonMalformed},
		{"another label", messageThen(t, func(r *http.Request) { r.Header.Set("Signature", "sig2=:AAAA:") }), ReasonMalformed},
		{"no list", messageThen(t, func(r *http.Request) { r.Header.Set("Signature-Input", "sig1=1") }), ReasonMalformed},
		{"rubbish", messageThen(t, func(r *http.Request) { r.Header.Set("Signature-Input", "(((") }), ReasonMalformed},
		{"empty", messageThen(t, func(r *http.Request) { r.Header.Set("Signature-Input", "") }), ReasonMalformed},
		{"cavage in Signature", func(r *http.Request) {
			craftCavage(t, r, full, "/ap/inbox?x=1", nil)
			r.Header.Set("Signature-Input", "sig1="+stamped)
		}, ReasonMalformed},
		{"too long", messageThen(t, func(r *http.Request) { r.Header.Set("Signature-Input", strings.Repeat("a,", 1<<16)) }), ReasonMalformed},
	})
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
