package inbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/httpsig"
)

// outcome is what became of one delivery.
type outcome struct {
	Status    int
	Reason    string // counted
	Breach    bool   // told as such
	Accepted  bool
	Forwarded bool
}

var (
	taken     = outcome{Status: http.StatusAccepted, Accepted: true}
	passedOn  = outcome{Status: http.StatusAccepted, Accepted: true, Forwarded: true}
	ignored   = outcome{Status: http.StatusAccepted}
	malformed = outcome{Status: http.StatusBadRequest, Reason: "malformed"}
)

func unauthorized(reason string) outcome {
	return outcome{Status: http.StatusUnauthorized, Reason: reason}
}

func forbidden(reason string) outcome {
	return outcome{Status: http.StatusForbidden, Reason: reason, Breach: true}
}

func (b *box) outcome(t *testing.T, p post) outcome {
	t.Helper()
	got := outcome{}
	got.Status, _ = b.send(t, p)
	b.mu.Lock()
	defer b.mu.Unlock()
	got.Reason = strings.Join(b.refused, ",")
	got.Breach = len(b.breached) > 0
	got.Accepted = len(b.accepted) == 1
	got.Forwarded = got.Accepted && b.accepted[0].Forwarded
	return got
}

type deliveryTest struct {
	name string
	in   post
	want outcome
}

// run sends each to an inbox of its own.
func run(t *testing.T, tests []deliveryTest) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, nil)
			if diff := cmp.Diff(test.want, b.outcome(t, test.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	home, other := newRemote(t), newRemote(t)
	ann, bob := home.signer("ann"), home.signer("bob")
	like := fmt.Sprintf(`{"id":"%[1]s#likes/1","type":"Like","actor":"%[1]s","object":"https://blog.example/ap/objects/1"}`, home.id("ann"))
	without := func(part string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), part, "", 1))
		}
	}
	run(t, []deliveryTest{
		{"cavage", post{body: like, by: ann}, taken},
		{"RFC 9421", post{body: like, by: ann, kind: httpsig.RFC9421}, taken},
		{"11 hours old", post{body: like, by: ann, age: 11 * time.Hour}, taken},

		{"unsigned", post{body: like, unsigned: true}, unauthorized("unsigned")},
		{"unknown kind", post{body: like, unsigned: true, change: func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer x")
		}}, unauthorized("unsigned")},
		{"wrong key", post{body: like, by: httpsig.Signer{KeyID: ann.KeyID, Private: mustKey(keys[2])}}, unauthorized("signature: signature")},
		{"key of another actor", post{body: like, by: bob}, forbidden("signer")},
		{"key of an actor elsewhere", post{body: like, by: other.signer("ann")}, forbidden("signer")},
		{"digest missing", post{body: like, by: ann, change: func(r *http.Request) { r.Header.Del("Digest") }}, unauthorized("signature: coverage")},
		{"digest wrong", post{body: like, by: ann, sendInstead: strings.Replace(like, "Like", "Flag", 1)}, unauthorized("signature: digest")},
		{"digest wrong, RFC 9421", post{body: like, by: ann, kind: httpsig.RFC9421, sendInstead: strings.Replace(like, "Like", "Flag", 1)}, unauthorized("signature: digest")},
		{"target not covered", post{body: like, by: ann, change: without("(request-target) ")}, unauthorized("signature: coverage")},
		{"host not covered", post{body: like, by: ann, change: without("host ")}, unauthorized("signature: coverage")},
		{"date not covered", post{body: like, by: ann, change: without("date ")}, unauthorized("signature: coverage")},
		{"digest not covered", post{body: like, by: ann, change: without(" digest")}, unauthorized("signature: coverage")},
		{"13 hours old", post{body: like, by: ann, age: 13 * time.Hour}, unauthorized("signature: clock")},
		{"2 hours ahead", post{body: like, by: ann, age: -2 * time.Hour}, unauthorized("signature: clock")},
		{"sent to another path", post{body: like, by: ann, change: func(r *http.Request) { r.URL.Path = "/ap/actors/1/inbox" }}, unauthorized("signature: signature")},

		{"key of nobody", post{body: like, by: home.signer("nobody")}, unauthorized("key")},
		{"key gone", post{body: like, by: home.signer("gone")}, unauthorized("key")},
		{"key server broken", post{body: like, by: home.signer("broken")}, unauthorized("key")},
		{"key server dead", post{body: like, by: httpsig.Signer{KeyID: "http://127.0.0.1:1/users/ann#main-key", Private: ann.Private}}, unauthorized("key")},
		{"key is not listed", post{body: like, by: httpsig.Signer{KeyID: home.id("ann") + "#other", Private: ann.Private}}, unauthorized("key")},
		{"key id no address", post{body: like, by: httpsig.Signer{KeyID: "acct:ann@remote.example", Private: ann.Private}}, unauthorized("key")},
		{"key id too long", post{body: like, by: httpsig.Signer{KeyID: home.URL + "/" + strings.Repeat("a", 3000), Private: ann.Private}}, unauthorized("key")},
	})
}

func TestBodies(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	ann := home.signer("ann")
	like := fmt.Sprintf(`{"id":"%[1]s#likes/1","type":"Like","actor":"%[1]s","object":"https://blog.example/ap/objects/1"}`, home.id("ann"))
	with := func(members string) post {
		return post{body: fmt.Sprintf(`{%s,"object":"https://blog.example/ap/objects/1"}`, strings.ReplaceAll(members, "ANN", home.id("ann"))), by: ann}
	}
	padded := strings.Replace(like, `"type"`, `"content":"`+strings.Repeat("a", MaxBody)+`","type"`, 1)
	exact := like + strings.Repeat(" ", MaxBody-len(like))
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	tooLarge := outcome{Status: http.StatusRequestEntityTooLarge, Reason: "size"}
	unsupported := outcome{Status: http.StatusUnsupportedMediaType, Reason: "content type"}
	run(t, []deliveryTest{
		{"type in a list", with(`"type":["Like"],"actor":"ANN"`), taken},
		{"no id", with(`"type":"Like","actor":"ANN"`), taken},
		{"unknown type", with(`"type":"Zebra","actor":"ANN"`), taken},
		{"unknown context", with(`"@context":"https://nowhere.example/ns","type":"Like","actor":"ANN"`), taken},
		{"1 MiB", post{body: exact, by: ann}, taken},

		{"over 1 MiB", post{body: padded, by: ann}, tooLarge},
		{"over 1 MiB, length not told", post{body: padded, by: ann, change: chunked}, tooLarge},
		{"empty", post{body: "", by: ann}, malformed},
		{"no JSON", post{body: "type=Like", by: ann}, malformed},
		{"a list", post{body: "[" + like + "]", by: ann}, malformed},
		{"a text", post{body: `"Like"`, by: ann}, malformed},
		{"trailing bytes", post{body: like + "{}", by: ann}, malformed},
		{"no type", with(`"id":"ANN#1","actor":"ANN"`), malformed},
		{"type a number", with(`"type":1,"actor":"ANN"`), malformed},
		{"no actor", with(`"type":"Like"`), malformed},
		{"actor a number", with(`"type":"Like","actor":7`), malformed},
		{"id a number", with(`"id":5,"type":"Like","actor":"ANN"`), malformed},
		{"id a list", with(`"id":["ANN#1"],"type":"Like","actor":"ANN"`), malformed},
		{"nested too deep", with(`"type":"Like","actor":"ANN","x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33)), malformed},
		{"too many nodes", with(`"type":"Like","actor":"ANN","x":[0` + strings.Repeat(",0", 10_000) + `]`), malformed},

		{"ld+json with profile", post{body: like, by: ann, contentType: `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`}, taken},
		{"ld+json", post{body: like, by: ann, contentType: "application/ld+json"}, taken},
		{"with charset", post{body: like, by: ann, contentType: "Application/Activity+JSON; charset=utf-8"}, taken},
		{"json", post{body: like, by: ann, contentType: "application/json"}, unsupported},
		{"form", post{body: like, by: ann, contentType: "application/x-www-form-urlencoded"}, unsupported},
		{"html", post{body: like, by: ann, contentType: "text/html"}, unsupported},
		{"no content type", post{body: like, by: ann, change: func(r *http.Request) { r.Header.Del("Content-Type") }}, unsupported},
		{
			"GET",
			post{body: like, by: ann, change: func(r *http.Request) { r.Method = http.MethodGet }},
			outcome{Status: http.StatusMethodNotAllowed, Reason: "method"},
		},
	})
}
