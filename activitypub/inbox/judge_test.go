package inbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSays sends activities with good signatures by ann.
func TestSays(t *testing.T) {
	t.Parallel()
	home, other := newRemote(t), newRemote(t)
	replace := strings.NewReplacer("ANN", home.id("ann"), "BOB", home.id("bob"), "HOME", home.URL, "OTHER", other.URL)
	says := func(text string) post { return post{body: replace.Replace(text), by: home.signer("ann")} }
	run(t, []deliveryTest{
		{"Create", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":{"id":"HOME/n/1","type":"Note"}}`), taken},
		{"Create, object as id", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":"HOME/n/1"}`), taken},
		{"Update of oneself", says(`{"id":"HOME/1","type":"Update","actor":"ANN","object":{"id":"ANN","type":"Person"}}`), taken},
		{"Delete by id", says(`{"type":"Delete","actor":"ANN","object":"HOME/n/1"}`), taken},
		{"Delete of a Tombstone", says(`{"id":"HOME/1","type":"Delete","actor":"ANN","object":{"id":"HOME/n/1","type":"Tombstone"}}`), taken},
		{"Like of anything", says(`{"id":"HOME/1","type":"Like","actor":"ANN","object":"https://blog.example/1"}`), taken},
		{"Announce of anything", says(`{"id":"HOME/1","type":"Announce","actor":"ANN","object":{"id":"OTHER/n/1","type":"Note"}}`), taken},
		{"Accept of our Follow", says(`{"id":"HOME/1","type":"Accept","actor":"ANN","object":{"id":"https://blog.example/f/1","type":"Follow","actor":"https://blog.example/u"}}`), taken},
		{"Undo of a Like", says(`{"id":"HOME/1","type":"Undo","actor":"ANN","object":{"id":"HOME/l/1","type":"Like","actor":"ANN","object":"https://blog.example/1"}}`), taken},
		{"Undo by id", says(`{"id":"HOME/1","type":"Undo","actor":"ANN","object":"HOME/l/1"}`), taken},
		{"Undo of what has no id", says(`{"id":"HOME/1","type":"Undo","actor":"ANN","object":{"type":"Follow","actor":"ANN","object":"https://blog.example/u"}}`), taken},

		{"id of another origin", says(`{"id":"OTHER/1","type":"Like","actor":"ANN","object":"https://blog.example/1"}`), forbidden("origin")},
		{"id of no origin", says(`{"id":"bogus","type":"Like","actor":"ANN","object":"https://blog.example/1"}`), forbidden("origin")},
		{"Create elsewhere", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":{"id":"OTHER/n/1","type":"Note"}}`), forbidden("origin")},
		{"Create elsewhere, as id", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":"OTHER/n/1"}`), forbidden("origin")},
		{"Create of one here, one elsewhere", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":["HOME/n/1","OTHER/n/1"]}`), forbidden("origin")},
		{"Create without an object", says(`{"id":"HOME/1","type":"Create","actor":"ANN"}`), forbidden("origin")},
		{"Create of what has no id", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":{"type":"Note"}}`), forbidden("origin")},
		{"Create on a port of ours", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":{"id":"http://127.0.0.1/n/1","type":"Note"}}`), forbidden("origin")},
		{"Create with the other scheme", says(`{"id":"HOME/1","type":"Create","actor":"ANN","object":{"id":"` + strings.Replace(home.URL, "http:", "https:", 1) + `/n/1","type":"Note"}}`), forbidden("origin")},
		{"Update elsewhere", says(`{"id":"HOME/1","type":"Update","actor":"ANN","object":{"id":"OTHER/n/1","type":"Note"}}`), forbidden("origin")},
		{"Delete elsewhere", says(`{"id":"HOME/1","type":"Delete","actor":"ANN","object":"https://blog.example/ap/objects/1"}`), forbidden("origin")},
		{"Undo of another's, elsewhere", says(`{"id":"HOME/1","type":"Undo","actor":"ANN","object":{"id":"OTHER/l/1","type":"Like","actor":"ANN"}}`), forbidden("origin")},
		{"Undo of another's, here", says(`{"id":"HOME/1","type":"Undo","actor":"ANN","object":{"id":"HOME/l/1","type":"Like","actor":"BOB"}}`), forbidden("origin")},

		{"forwarded with signature", says(`{"id":"OTHER/1","type":"Create","actor":"OTHER/u","object":{"id":"OTHER/n/1","type":"Note"},"signature":{"type":"RsaSignature2017"}}`), passedOn},
		{"forwarded with proof", says(`{"id":"HOME/1","type":"Update","actor":"BOB","object":{"id":"HOME/n/1","type":"Note"},"proof":{"type":"DataIntegrityProof"}}`), passedOn},
		{"forwarded Delete", says(`{"id":"OTHER/1","type":"Delete","actor":"OTHER/u","object":"OTHER/n/1","signature":{}}`), passedOn},
		{"forwarded bare", says(`{"id":"OTHER/1","type":"Create","actor":"OTHER/u","object":{"id":"OTHER/n/1","type":"Note"}}`), forbidden("signer")},
		{"forwarded Like", says(`{"id":"OTHER/1","type":"Like","actor":"OTHER/u","object":"https://blog.example/1","signature":{}}`), forbidden("signer")},
		{"forwarded with two types", says(`{"id":"OTHER/1","type":["Like","Create"],"actor":"OTHER/u","object":"OTHER/n/1","signature":{}}`), forbidden("signer")},
		{"forwarded Undo", says(`{"id":"OTHER/1","type":"Undo","actor":"OTHER/u","object":"OTHER/l/1","signature":{}}`), forbidden("signer")},
		{"forwarded, object elsewhere", says(`{"id":"OTHER/1","type":"Create","actor":"OTHER/u","object":{"id":"HOME/n/1","type":"Note"},"signature":{}}`), forbidden("origin")},
	})
}

func TestUnknownActorDeletesItself(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	gone := home.signer("gone")
	self := `{"id":"GONE#delete","type":"Delete","actor":"GONE","object":"GONE"}`
	tomb := `{"id":"GONE#delete","type":"Delete","actor":"GONE","object":{"id":"GONE","type":"Tombstone"}}`
	note := `{"id":"GONE#delete","type":"Delete","actor":"GONE","object":"GONE/1"}`
	tests := []struct {
		name, in string
		unsigned bool
		want     outcome
	}{
		{"signed", self, false, ignored},
		{"unsigned", self, true, ignored},
		{"Tombstone", tomb, false, ignored},
		{"of a note", note, false, unauthorized("key")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := strings.ReplaceAll(test.in, "GONE", home.id("gone"))
			got := newBox(t, nil).outcome(t, post{body: body, by: gone, unsigned: test.unsigned})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, other string
		want            bool
	}{
		{"same", "https://a.example/1", "https://a.example/2", true},
		{"upper case", "https://A.Example/1", "https://a.example/2", true},
		{"standard port", "https://a.example:443/1", "https://a.example/2", true},
		{"empty port", "https://a.example:/1", "https://a.example/2", true},
		{"another host", "https://a.example/1", "https://b.example/2", false},
		{"a subdomain", "https://a.example/1", "https://x.a.example/2", false},
		{"another port", "https://a.example:8443/1", "https://a.example/2", false},
		{"another scheme", "http://a.example/1", "https://a.example/2", false},
		{"another scheme, same port", "http://a.example:443/1", "https://a.example/2", false},
		{"user", "https://a.example@b.example/1", "https://a.example/2", false},
		{"user of the same host", "https://u@a.example/1", "https://a.example/2", false},
		{"no scheme", "a.example/1", "a.example/2", false},
		{"data", "data:text/plain,1", "data:text/plain,1", false},
		{"the dot of the root", "https://a.example./1", "https://a.example./2", false},
		{"not in ASCII", "https://mün.example/1", "https://mün.example/2", false},
		{"not in ASCII, escaped", "https://m%C3%BCn.example/1", "https://m%C3%BCn.example/2", false},
		{"empty", "", "", false},
		{"backslash", `https://a.example\@b.example/`, "https://a.example/", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := sameOrigin(test.in, test.other); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
