package web_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
)

// seal is a signature of draft-cavage that is made by hand, so that each part
// of it can be wrong. The zero value is right.
type seal struct {
	covered string            // headers; "" = (request-target) host date digest
	alg     string            // "" leaves it out
	created string            // parameters; "" leaves them out
	expires string            //
	date    string            // header; "" = now
	digest  string            // header; "" = right, "-" = none
	target  string            // that is signed; "" = right
	host    string            // that is signed; "" = right
	keyID   string            // "" = right
	more    string            // appended to the header
	sent    map[string]string // headers set after signing
	inbox   string            // "" = shared
	method  string            // "" = POST
}

func sum256(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func sum512(body string) string {
	sum := sha512.Sum512([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// signed signs a text with the key of somebody.
func (f *fortress) signed(who *aptest.Person, text string) []byte {
	f.t.Helper()
	signer, err := who.Signer()
	check(f.t, err)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer.Private.(*rsa.PrivateKey), crypto.SHA256, sum[:])
	check(f.t, err)
	return signature
}

// request makes the request that bears the seal.
func (s seal) request(f *fortress, who *aptest.Person, body string) *http.Request {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), or(s.method, "POST"), or(s.inbox, f.inbox), bytes.NewReader([]byte(body)))
	check(f.t, err)
	r.Header.Set("Content-Type", asActivity)
	r.Header.Set("Date", or(s.date, time.Now().UTC().Format(http.TimeFormat)))
	if s.digest != "-" {
		r.Header.Set("Digest", or(s.digest, "SHA-256="+sum256(body)))
	}
	values := map[string]string{
		"(request-target)": or(s.target, "post "+r.URL.RequestURI()), "host": or(s.host, r.URL.Host),
		"(created)": s.created, "(expires)": s.expires,
	}
	covered := or(s.covered, "(request-target) host date digest")
	var lines []string
	for name := range strings.FieldsSeq(covered) {
		value, ok := values[name]
		if !ok {
			value = r.Header.Get(name)
		}
		lines = append(lines, name+": "+value)
	}
	header := fmt.Sprintf(`keyId="%s",headers="%s",signature="%s"`, or(s.keyID, who.KeyID()), covered,
		base64.StdEncoding.EncodeToString(f.signed(who, strings.Join(lines, "\n"))))
	for name, value := range map[string]string{"algorithm": s.alg, "created": s.created, "expires": s.expires} {
		if value != "" {
			header += fmt.Sprintf(`,%s="%s"`, name, value)
		}
	}
	r.Header.Set("Signature", header+s.more)
	for name, value := range s.sent {
		r.Header.Set(name, value)
	}
	return r
}

// at is a moment as draft-cavage writes it.
func at(d time.Duration) string { return fmt.Sprint(time.Now().Add(d).Unix()) }

func stamp(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }

const like = `{"@context":"https://www.w3.org/ns/activitystreams","id":"HOME/likes/%d","type":"Like","actor":"ACTOR","object":"ARTICLE"}`

// TestAttackCavage sends signatures that are wrong in one thing each.
func TestAttackCavage(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	const timed = "(request-target) host (created) (expires) digest"
	other := "SHA-256=" + sum256("another body")
	tests := []struct {
		name string
		in   seal
		want int
	}{
		{"right", seal{}, 202},
		{"hs2019", seal{alg: "hs2019", created: at(0), expires: at(time.Minute), covered: timed}, 202},
		{"target not covered", seal{covered: "host date digest"}, 401},
		{"host not covered", seal{covered: "(request-target) date digest"}, 401},
		{"date not covered", seal{covered: "(request-target) host digest"}, 401},
		{"digest not covered", seal{covered: "(request-target) host date"}, 401},
		{"nothing but the date", seal{covered: "date"}, 401},
		{"a header covered twice", seal{covered: "(request-target) host host date digest"}, 401},
		{"a header that is not sent", seal{covered: "(request-target) host date digest x-none"}, 401},
		{"no digest", seal{digest: "-", covered: "(request-target) host date"}, 401},
		{"digest of another body", seal{digest: other}, 401},
		{"digest changed after signing", seal{sent: map[string]string{"Digest": other}}, 401},
		{"another host signed", seal{host: "victim.example"}, 401},
		{"another path signed", seal{target: "post /ap/other"}, 401},
		{"another method signed", seal{target: "get /ap/inbox"}, 401},
		{"11 h 59 min old", seal{date: stamp(-12*time.Hour + time.Minute)}, 202},
		{"12 h 1 min old", seal{date: stamp(-12*time.Hour - time.Minute)}, 401},
		{"59 min ahead", seal{date: stamp(59 * time.Minute)}, 202},
		{"61 min ahead", seal{date: stamp(61 * time.Minute)}, 401},
		{"no date at all", seal{date: "yesterday"}, 401},
		{"created 12 h 1 min ago", seal{alg: "hs2019", created: at(-12*time.Hour - time.Minute), expires: at(time.Hour), covered: timed}, 401},
		{"created 61 min ahead", seal{alg: "hs2019", created: at(61 * time.Minute), expires: at(2 * time.Hour), covered: timed}, 401},
		{"expired an hour and more ago", seal{alg: "hs2019", created: at(-2 * time.Hour), expires: at(-61 * time.Minute), covered: timed}, 401},
		{"expired within the tolerance", seal{alg: "hs2019", created: at(-2 * time.Hour), expires: at(-59 * time.Minute), covered: timed}, 202},
		{"created with rsa-sha256", seal{alg: "rsa-sha256", created: at(0), expires: at(time.Minute), covered: timed}, 401},
		{"created covered, not given", seal{alg: "hs2019", covered: "(request-target) host (created) digest"}, 401},
		{"created is no number", seal{alg: "hs2019", created: "soon", covered: "(request-target) host (created) digest"}, 401},
		{"created overflows", seal{alg: "hs2019", created: "99999999999999999999", covered: "(request-target) host (created) digest"}, 401},
		{"an old date beside a new one", seal{alg: "hs2019", created: at(0), date: stamp(-24 * time.Hour), covered: "(request-target) host (created) date digest"}, 401},
		{"rsa-sha1", seal{alg: "rsa-sha1"}, 401},
		{"hmac-sha256", seal{alg: "hmac-sha256"}, 401},
		{"ed25519 for an RSA key", seal{alg: "ed25519"}, 401},
		{"none", seal{alg: "none"}, 401},
		{"a parameter twice", seal{more: `,keyId="https://evil.example/key"`}, 401},
		{"an open quote", seal{more: `,x="`}, 401},
		{"no signature at all", seal{sent: map[string]string{"Signature": ""}}, 401},
		{"20 KiB of signature", seal{more: `,x="` + strings.Repeat("x", 20<<10) + `"`}, 401},
		{"a key without a host", seal{keyID: "acct:bob@home.example"}, 401},
		{"a key of no http", seal{keyID: "ftp://home.example/key"}, 401},
		{"a key with user information", seal{keyID: strings.Replace(bob.KeyID(), "http://", "http://evil.example@", 1)}, 401},
		{"to the inbox of the actor", seal{inbox: f.own}, 202},
		{"for another inbox", seal{inbox: f.own, target: "post /ap/inbox"}, 401},
	}
	for i, tt := range tests {
		body := f.says(bob, fmt.Sprintf(like, i))
		got := f.raw(tt.in.request(f, bob, body))
		if diff := cmp.Diff(tt.want, got.StatusCode); diff != "" {
			t.Errorf("%s: %s: %s", tt.name, diff, got.body)
		}
	}
	f.storedOnly(6)
}

// storedOnly holds what is stored to the activities that were taken.
func (f *fortress) storedOnly(want int) {
	f.t.Helper()
	got := 0
	for _, n := range f.outcomes() {
		got += n
	}
	if got != want {
		f.t.Errorf("%d activities are stored, want %d", got, want)
	}
}

// TestAttackDigest plays with the algorithms of a digest.
func TestAttackDigest(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	body := f.says(bob, fmt.Sprintf(like, 0))
	right, wrong := sum256(body), sum256("x")
	tests := []struct {
		name, in string
		want     int
	}{
		{"lower case", "sha-256=" + right, 202},
		{"SHA-512 only", "SHA-512=" + sum512(body), 202},
		{"both", "SHA-256=" + right + ",SHA-512=" + sum512(body), 202},
		{"both, the second wrong", "SHA-256=" + right + ", SHA-512=" + sum512("x"), 401},
		{"the same twice, the second wrong", "SHA-256=" + right + ",SHA-256=" + wrong, 401},
		{"the same twice, the first wrong", "SHA-256=" + wrong + ",SHA-256=" + right, 401},
		{"MD5 only", "MD5=HUXZLQLMuI/KZ5KDcJPcOA==", 401},
		{"SHA-1 only", "SHA=qvTGHdzF6KLavt4PO0gs2a6pQ00=", 401},
		{"a cheap one beside a wrong one", "MD5=HUXZLQLMuI/KZ5KDcJPcOA==,SHA-256=" + wrong, 401},
		{"no value", "SHA-256=", 401},
		{"no algorithm", right, 401},
		{"hexadecimal", fmt.Sprintf("SHA-256=%x", sha256.Sum256([]byte(body))), 401},
		{"cut short", "SHA-256=" + right[:20], 401},
		{"nothing", ",", 401},
	}
	for _, tt := range tests {
		got := f.raw(seal{digest: tt.in}.request(f, bob, body))
		if diff := cmp.Diff(tt.want, got.StatusCode); diff != "" {
			t.Errorf("%s: %s: %s", tt.name, diff, got.body)
		}
	}
	f.storedOnly(1)
}

// TestAttackForged sends what a person with keys of their own can.
func TestAttackForged(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob, eve := f.home.Person("bob"), f.server(aptest.Options{}).Person("eve")
	far := func(d time.Duration) aptest.Forgery { return aptest.Forgery{At: time.Now().Add(d)} }
	tests := []struct {
		name string
		in   aptest.Forgery
		want int
	}{
		{"unsigned", aptest.Forgery{Unsigned: true}, 401},
		{"wrong key", aptest.Forgery{WrongKey: true}, 401},
		{"wrong key, RFC 9421", aptest.Forgery{WrongKey: true, Kind: httpsig.RFC9421}, 401},
		{"wrong digest", aptest.Forgery{WrongDigest: true}, 401},
		{"wrong digest, RFC 9421", aptest.Forgery{WrongDigest: true, Kind: httpsig.RFC9421}, 401},
		{"too old, RFC 9421", aptest.Forgery{At: far(-12*time.Hour - time.Minute).At, Kind: httpsig.RFC9421}, 401},
		{"too far ahead, RFC 9421", aptest.Forgery{At: far(61 * time.Minute).At, Kind: httpsig.RFC9421}, 401},
		{"key of another actor", aptest.Forgery{Signer: eve}, 403},
		{"body changed after signing", aptest.Forgery{Tamper: func(r *http.Request) {
			body := f.says(bob, fmt.Sprintf(like, 1000))
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}}, 401},
		{"two signature headers", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) }}, 401},
		{"two dates", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Add("Date", stamp(time.Hour)) }}, 401},
		{"two digests", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Add("Digest", "SHA-256="+sum256("x")) }}, 401},
		{"a cookie", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Set("Cookie", "session=x; __Host-session=y") }}, 202},
		{"an origin", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }}, 202},
		{"true", aptest.Forgery{}, 202},
		{"true, RFC 9421", aptest.Forgery{Kind: httpsig.RFC9421}, 202},
	}
	for i, tt := range tests {
		got := f.send(bob.Forging(tt.in), f.says(bob, fmt.Sprintf(like, i)))
		if diff := cmp.Diff(tt.want, got.Status); diff != "" {
			t.Errorf("%s: %s: %s", tt.name, diff, got.Body)
		}
	}
	f.work()
	if diff := cmp.Diff(map[string]int{"like": 1, "ignored:known": 3, "refused:signer": 1}, f.outcomes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	a, err := f.blog.Article(t.Context(), f.article.ID)
	check(t, err)
	if a.Likes != 1 || f.counted()["unsigned"] != 1 {
		t.Errorf("%d likes; refusals %v", a.Likes, f.counted())
	}
}

// TestAttackMessage leaves something out of what RFC 9421 signatures cover.
func TestAttackMessage(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	all := []string{"@method", "@target-uri", "content-digest"}
	tests := []struct {
		name    string
		covered []string
		params  string
		want    int
	}{
		{"right", all, fmt.Sprintf(`;created=%s;keyid="KEY"`, at(0)), 202},
		{"method not covered", []string{"@target-uri", "content-digest"}, fmt.Sprintf(`;created=%s;keyid="KEY"`, at(0)), 401},
		{"target not covered", []string{"@method", "content-digest"}, fmt.Sprintf(`;created=%s;keyid="KEY"`, at(0)), 401},
		{"digest not covered", []string{"@method", "@target-uri"}, fmt.Sprintf(`;created=%s;keyid="KEY"`, at(0)), 401},
		{"not created", all, `;keyid="KEY"`, 401},
		{"no key", all, fmt.Sprintf(`;created=%s`, at(0)), 401},
		{"expired", all, fmt.Sprintf(`;created=%s;expires=%s;keyid="KEY"`, at(-3*time.Hour), at(-2*time.Hour)), 401},
		{"an algorithm that is none", all, fmt.Sprintf(`;created=%s;keyid="KEY";alg="hmac-sha256"`, at(0)), 401},
	}
	for i, tt := range tests {
		body := f.says(bob, fmt.Sprintf(like, i))
		r := seal{}.request(f, bob, body)
		r.Header.Del("Digest")
		r.Header.Set("Content-Digest", "sha-256=:"+sum256(body)+":")
		values := map[string]string{"@method": "POST", "@target-uri": f.inbox, "content-digest": r.Header.Get("Content-Digest")}
		var lines []string
		for _, name := range tt.covered {
			lines = append(lines, fmt.Sprintf("%q: %s", name, values[name]))
		}
		params := `("` + strings.Join(tt.covered, `" "`) + `")` + strings.ReplaceAll(tt.params, "KEY", bob.KeyID())
		text := strings.Join(append(lines, `"@signature-params": `+params), "\n")
		r.Header.Set("Signature-Input", "sig1="+params)
		r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(f.signed(bob, text))+":")
		if got := f.raw(r); got.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got.StatusCode, tt.want, got.body)
		}
	}
	f.storedOnly(1)
}
