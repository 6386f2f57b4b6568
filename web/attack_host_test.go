package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

// TestAttackHosts spells hosts in ways that mean the same to DNS, or look the
// same, and not to who compares them.
func TestAttackHosts(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	host := strings.TrimPrefix(f.home.URL(), "http://")
	name, port, _ := strings.Cut(host, ":")
	own, ownPort, _ := strings.Cut(strings.TrimPrefix(f.origin, "http://"), ":")
	for _, spelt := range []string{
		"http://" + name + ".:" + port, "http://" + name + "..:" + port, "http://user@" + host, "http://user:secret@" + host, "http://" + host + "@victim.example",
		"http://victim.example@" + host, `http://` + host + `\@victim.example`, "http://" + host + "%2F", "http://" + host + "%00", "http://" + host + "#.victim.example",
		"http://" + host + "?.victim.example", "http://①27.1.0.2:" + port, "http://127。1。0。2:" + port, "http://xn--:" + port, "http://vıctim.example", "http://evil.example.", "http://münchen.example",
		"http://m%C3%BCnchen.example", "http://[::ffff:" + name + "]:" + port, "http://0x7f010002:" + port, "http://2130771970:" + port, "http://:" + port, "http://", "http:///", "//" + host, host, "http:" + host,
		"http://" + name + ":0" + port, "http://" + name + ":+" + port, "http://" + name + ":99999", "ftp://" + host, "javascript://" + host, "http://localhost.:" + port, "http://" + own + ":" + ownPort, "http://" + own + ".:" + ownPort,
		"HTTP://LOCALHOST:" + ownPort, "http://localhost:" + ownPort, "http://[::1]:" + ownPort, "https://" + own + ":443", "http://169.254.169.254", "http://metadata.google.internal",
	} {
		actor := spelt + "/users/eve"
		body := fmt.Sprintf(`{"id":%q,"type":"Like","actor":%q,"object":%q}`, actor+"#like", actor, f.article.ObjectURI)
		r := seal{}.request(f, eve, body)
		r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), eve.KeyID(), strings.ReplaceAll(actor, "\x00", "")+"#main-key", 1))
		if got := f.raw(r); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", spelt, got.StatusCode, got.body)
		}
	}
	f.storedOnly(0)
}

// TestAttackAddresses answers what looks like an article of ours.
func TestAttackAddresses(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	path := strings.TrimPrefix(f.article.ObjectURI, f.origin)
	host := strings.TrimPrefix(f.origin, "http://")
	tests := []struct {
		in   string
		want bool // it stands below the article
	}{
		{f.article.ObjectURI, true},
		{f.origin + "/kabar-baik", true},
		{f.origin + "/kabar-baik/", true},
		{f.origin + "/kabar-baik?utm=1#x", true},
		{"HTTP://" + host + path, false},
		{"http://user@" + host + path, false},
		{"http://" + host + "@evil.example" + path, false},
		{"https://" + host + path, false},
		{"http://evil.example" + path, false},
		{"http://" + host + ".evil.example" + path, false},
		{"http://" + host + "/x/.." + path, false},
		{"http://" + host + "//kabar-baik", true},
		{path, false},
	}
	for i, tt := range tests {
		before := len(f.thread())
		f.take(eve, eve.Compose(aptest.Note{Content: fmt.Sprint(i), InReplyTo: tt.in, Inboxes: []string{f.inbox}}))
		if got := len(f.thread()) > before; got != tt.want {
			t.Errorf("%s: on the page is %v", tt.in, got)
		}
	}
	f.settled()
}

// TestAttackBlocked comes back under another spelling, or by another door.
func TestAttackBlocked(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve, bob := f.home.Person("eve"), f.server(aptest.Options{}).Person("bob")
	f.take(eve, f.reply(eve, "Sebelum", nil))
	_, err := f.blog.Block(t.Context(), uuid.Nil, strings.ToUpper(f.home.URL()), "")
	check(t, err)
	if got := f.send(eve, f.says(eve, fmt.Sprintf(like, 1))); got.Status != http.StatusForbidden {
		t.Errorf("blocked: %d", got.Status)
	}
	if got := f.send(f.home.Person("new"), f.says(f.home.Person("new"), fmt.Sprintf(like, 2))); got.Status != 401 && got.Status != 403 {
		t.Errorf("somebody new of a blocked server: %d", got.Status)
	}
	// By the hand of somebody else: forwarded, or as the parent of an answer.
	hidden := eve.Compose(aptest.Note{Content: "Lewat belakang", InReplyTo: f.article.ObjectURI, Inboxes: []string{f.inbox}})
	hidden["signature"] = aptest.Doc{"type": "RsaSignature2017"}
	if got := f.send(bob, string(eve.Prepare(hidden).Body)); got.Status != http.StatusForbidden && got.Status != http.StatusAccepted {
		t.Errorf("forwarded: %d", got.Status)
	}
	f.take(bob, bob.Compose(aptest.Note{Content: "Jawab", InReplyTo: hidden["object"].(aptest.Doc)["id"].(string), Inboxes: []string{f.inbox}}))
	f.settled()
	for _, text := range f.thread() {
		if text == "Lewat belakang" {
			t.Error("a blocked server came in by the back door")
		}
	}
	for in, want := range map[string]string{"München.example": "xn--mnchen-3ya.example", "Evil.Example.": "evil.example", "https://EVIL.example/": "evil.example", "@evil.example": "evil.example"} {
		b, err := f.blog.Block(t.Context(), uuid.Nil, in, "")
		check(t, err)
		if b.Value != want {
			t.Errorf("the block of %s is %s", in, b.Value)
		}
	}
}

// TestAttackSignedFetch reads what only signed requests may read.
func TestAttackSignedFetch(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	_, err := f.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.SignedGET = true; return nil })
	check(t, err)
	bob := f.home.Person("bob")
	object := f.article.ObjectURI
	get := func(s seal) int {
		s.method, s.inbox, s.digest = "GET", object, "-"
		return f.raw(s.request(f, bob, "")).StatusCode
	}
	path := "get " + strings.TrimPrefix(object, f.origin)
	const covered = "(request-target) host date"
	got := map[string]int{
		"right":         get(seal{target: path, covered: covered}),
		"for POST":      get(seal{covered: covered}),
		"another path":  get(seal{target: "get /ap/actor", covered: covered}),
		"another host":  get(seal{target: path, covered: covered, host: "victim.example"}),
		"no host":       get(seal{target: path, covered: "(request-target) date"}),
		"no date":       get(seal{target: path, covered: "(request-target) host"}),
		"old":           get(seal{target: path, covered: covered, date: "Wed, 21 Oct 2015 07:28:00 GMT"}),
		"no key":        get(seal{target: path, covered: covered, keyID: f.home.URL() + "/nobody#k"}),
		"unsigned":      f.get(strings.TrimPrefix(object, f.origin), "Accept", asActivity).StatusCode,
		"unsigned HEAD": f.do("HEAD", strings.TrimPrefix(object, f.origin), nil, "Accept", asActivity).StatusCode,
		"if changed":    f.get(strings.TrimPrefix(object, f.origin), "Accept", asActivity, "If-None-Match", "*", "If-Modified-Since", "Wed, 21 Oct 2035 07:28:00 GMT").StatusCode,
		"a range":       f.get(strings.TrimPrefix(object, f.origin), "Accept", asActivity, "Range", "bytes=0-100").StatusCode,
		"with a cookie": f.get(strings.TrimPrefix(object, f.origin), "Accept", asActivity, "Cookie", f.owner()).StatusCode,
		"actor":         f.get(strings.TrimPrefix(f.actor.URI, f.origin), "Accept", asActivity).StatusCode,
		"instance":      f.get("/ap/actor", "Accept", asActivity).StatusCode,
		"WebFinger":     f.get("/.well-known/webfinger?resource=acct:blog@blog.example").StatusCode,
	}
	want := map[string]int{"right": 200, "actor": 200, "instance": 200, "WebFinger": 200}
	for name := range got {
		if want[name] == 0 {
			want[name] = http.StatusUnauthorized
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A server that requires signatures itself is no deadlock.
	strict := f.server(aptest.Options{AuthorizedFetch: true, Kind: httpsig.RFC9421})
	f.take(strict.Person("ann"), aptest.Doc{"type": "Follow", "object": f.actor.URI, "to": activitypub.Public})
	f.settled()
}
