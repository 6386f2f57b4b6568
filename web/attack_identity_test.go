package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
)

// TestAttackOwnership sends, well signed, what is not the sender's to say.
func TestAttackOwnership(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob, eve := f.home.Person("bob"), f.server(aptest.Options{}).Person("eve")
	neighbour := f.home.Person("neighbour")
	mine := f.take(bob, f.reply(bob, "Asli", nil))
	f.take(bob, aptest.Doc{"type": "Follow", "object": f.actor.URI})
	f.take(neighbour, f.reply(neighbour, "Tetangga", nil))
	note := func(id, by string) string {
		return fmt.Sprintf(`{"id":"%s","type":"Note","attributedTo":"%s","to":"PUBLIC","inReplyTo":"ARTICLE","content":"palsu","updated":"2099-01-01T00:00:00Z"}`, id, by)
	}
	tests := []struct {
		name    string
		who     *aptest.Person
		in      string
		want    int
		outcome string // "" = not stored
	}{
		{"as somebody else", eve, `{"id":"HOME/a/1","type":"Like","actor":"` + bob.ID() + `","object":"ARTICLE"}`, 403, "refused:signer"},
		{"as a neighbour", neighbour, `{"id":"HOME/a/2","type":"Like","actor":"` + bob.ID() + `","object":"ARTICLE"}`, 403, "refused:signer"},
		{"as the blog", eve, `{"id":"HOME/a/3","type":"Create","actor":"BLOG","object":` + note("BLOG/1", "BLOG") + `}`, 403, "refused:signer"},
		{"activity's id elsewhere", eve, `{"id":"https://victim.example/1","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
		{"a note elsewhere", eve, `{"id":"HOME/a/4","type":"Create","actor":"ACTOR","object":` + note("https://victim.example/1", "ACTOR") + `}`, 403, "refused:origin"},
		{"a note here", eve, `{"id":"HOME/a/5","type":"Create","actor":"ACTOR","object":` + note("ARTICLE", "ACTOR") + `}`, 403, "refused:origin"},
		{"a note of another actor", eve, `{"id":"HOME/a/6","type":"Create","actor":"ACTOR","object":` + note("HOME/n/6", bob.ID()) + `}`, 202, "refused:attribution"},
		{"a note of a neighbour", neighbour, `{"id":"HOME/a/7","type":"Create","actor":"ACTOR","object":` + note("HOME/n/7", bob.ID()) + `}`, 202, "refused:attribution"},
		{"Update of another's, elsewhere", eve, `{"id":"HOME/a/8","type":"Update","actor":"ACTOR","object":` + note(mine.ObjectID, "ACTOR") + `}`, 403, "refused:origin"},
		{"Update of a neighbour's", neighbour, `{"id":"HOME/a/9","type":"Update","actor":"ACTOR","object":` + note(mine.ObjectID, "ACTOR") + `}`, 202, "refused:not-owner"},
		{"Create over a neighbour's", neighbour, `{"id":"HOME/a/10","type":"Create","actor":"ACTOR","object":` + note(mine.ObjectID, "ACTOR") + `}`, 202, "ignored:known"},
		{"Delete of another's, elsewhere", eve, `{"id":"HOME/a/11","type":"Delete","actor":"ACTOR","object":"` + mine.ObjectID + `"}`, 403, "refused:origin"},
		{"Delete of a neighbour's", neighbour, `{"id":"HOME/a/12","type":"Delete","actor":"ACTOR","object":"` + mine.ObjectID + `"}`, 202, "refused:not-owner"},
		{"Delete of our article", eve, `{"id":"HOME/a/13","type":"Delete","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
		{"Delete of a person, elsewhere", eve, `{"id":"HOME/a/14","type":"Delete","actor":"ACTOR","object":"` + bob.ID() + `"}`, 403, "refused:origin"},
		{"Delete of a neighbour", neighbour, `{"id":"HOME/a/15","type":"Delete","actor":"ACTOR","object":"` + bob.ID() + `"}`, 202, "ignored:unknown"},
		{"Update of a neighbour's profile", neighbour, `{"id":"HOME/a/16","type":"Update","actor":"ACTOR","object":{"id":"` + bob.ID() + `","type":"Person","inbox":"HOME/inbox","name":"palsu"}}`, 202, "refused:not-owner"},
		{"Undo of a neighbour's follow", neighbour, `{"id":"HOME/a/17","type":"Undo","actor":"ACTOR","object":{"id":"HOME/f/1","type":"Follow","actor":"` + bob.ID() + `","object":"BLOG"}}`, 403, "refused:origin"},
		{"Move of a neighbour", neighbour, `{"id":"HOME/a/18","type":"Move","actor":"ACTOR","object":"` + bob.ID() + `","target":"ACTOR"}`, 202, "refused:not-owner"},
		{"two objects, one elsewhere", eve, `{"id":"HOME/a/19","type":"Create","actor":"ACTOR","object":[` + note("HOME/n/19", "ACTOR") + `,"https://victim.example/1"]}`, 403, "refused:origin"},
		{"id with user information", eve, `{"id":"http://victim.example@x/1","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
		{"id with a backslash", eve, `{"id":"HOME\\@victim.example/1","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
		{"id of another port", eve, `{"id":"http://127.0.0.1:1/1","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
		{"id of no web address", eve, `{"id":"javascript:alert(1)","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 403, "refused:origin"},
	}
	for _, tt := range tests {
		before := f.outcomes()
		if got := f.send(tt.who, f.says(tt.who, tt.in)); got.Status != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got.Status, tt.want, got.Body)
		}
		f.work()
		after := f.outcomes()
		if after[tt.outcome] != before[tt.outcome]+1 {
			t.Errorf("%s: outcomes %v, want one more %q", tt.name, after, tt.outcome)
		}
	}
	// Nor can a neighbour forbid what is still to come.
	next := f.reply(bob, "Nanti", nil)
	id := next["object"].(aptest.Doc)["id"]
	f.send(neighbour, f.says(neighbour, fmt.Sprintf(`{"id":"HOME/a/20","type":"Delete","actor":"ACTOR","object":"%s"}`, id)))
	f.work()
	f.take(bob, next)
	if diff := cmp.Diff([]string{"Asli", "Tetangga", "Nanti"}, f.thread()); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
	if got := f.get("/kabar-baik"); got.StatusCode != 200 || strings.Contains(got.body, "palsu") {
		t.Errorf("the page: %d", got.StatusCode)
	}
}

// TestAttackKeys has keys that cannot be had, or are not the sender's.
func TestAttackKeys(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	other := f.server(aptest.Options{})
	victim := other.Person("victim")
	signer, err := eve.Signer()
	check(t, err)
	pem, err := httpsig.MarshalPublicKey(signer.Private.Public())
	check(t, err)
	key := func(id, owner string) aptest.Doc { return aptest.Doc{"id": id, "owner": owner, "publicKeyPem": pem} }
	actor := func(id string, key aptest.Doc) aptest.Doc {
		return aptest.Doc{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": "x", "inbox": f.home.URL() + "/inbox", "publicKey": key}
	}
	serve := func(path string, o aptest.Doc) string { return f.home.ServeObject(path, o) }
	home := f.home.URL()
	raw, err := json.Marshal(actor(home+"/plain", key(home+"/plain#k", home+"/plain")))
	check(t, err)
	other.ServeObject("/stolen", actor(other.URL()+"/stolen", key(other.URL()+"/stolen#k", other.URL()+"/stolen")))
	f.home.Misbehave(aptest.Behaviour{Path: "/away", Status: 302, Location: other.URL() + "/stolen"})
	f.home.Misbehave(aptest.Behaviour{Path: "/round", Status: 302, Location: home + "/round"})
	f.home.Misbehave(aptest.Behaviour{Path: "/gone", Status: 410})
	f.home.Misbehave(aptest.Behaviour{Path: "/broken", Status: 500})
	f.home.Misbehave(aptest.Behaviour{Path: "/huge", Size: 2 << 20, ContentType: asActivity})
	f.home.Misbehave(aptest.Behaviour{Path: "/bomb", Size: 64 << 20, Gzip: true, ContentType: asActivity})
	f.home.Misbehave(aptest.Behaviour{Path: "/reset", Reset: true})
	tests := []struct {
		name, key, actor string
		want             int
	}{
		{"nothing there", home + "/nobody#k", home + "/nobody", 401},
		{"gone", home + "/gone#k", home + "/gone", 401},
		{"broken", home + "/broken#k", home + "/broken", 401},
		{"too large", home + "/huge#k", home + "/huge", 401},
		{"too large when unpacked", home + "/bomb#k", home + "/bomb", 401},
		{"connection closed", home + "/reset#k", home + "/reset", 401},
		{"redirect to another host", home + "/away#k", other.URL() + "/stolen", 401},
		{"redirect in a circle", home + "/round#k", home + "/round", 401},
		{"nobody listens", "http://127.0.0.1:1/k", "http://127.0.0.1:1/u", 401},
		{"ours", f.actor.URI + "#main-key", f.actor.URI, 401},
		{"no host of this world", "http://nowhere.invalid/k", "http://nowhere.invalid/u", 401},
		{"as a page", f.home.Serve("/page", "text/html", raw) + "#k", home + "/page", 401},
		{"as plain JSON", f.home.Serve("/plain", "application/json", raw) + "#k", home + "/plain", 401},
		{"as ld+json without profile", f.home.Serve("/plain", "application/ld+json", raw) + "#k", home + "/plain", 401},
		{"no key in it", serve("/empty", actor(home+"/empty", nil)) + "#k", home + "/empty", 401},
		{"of another owner", serve("/owned", actor(home+"/owned", key(home+"/owned#k", victim.ID()))) + "#k", victim.ID(), 401},
		{"of another owner, as itself", serve("/owned2", actor(home+"/owned2", key(home+"/owned2#k", victim.ID()))) + "#k", home + "/owned2", 401},
		{"bare, for a victim who has another", serve("/bare", aptest.Doc{"id": home + "/bare", "owner": victim.ID(), "publicKeyPem": pem}), victim.ID(), 401},
		{"bare, for a neighbour who has another", serve("/bare2", aptest.Doc{"id": home + "/bare2", "owner": f.home.Person("ann").ID(), "publicKeyPem": pem}), home + "/users/ann", 401},
		{"stub that says to be a neighbour", serve("/stub", actor(f.home.Person("ann").ID(), key(home+"/stub", home+"/users/ann"))), home + "/users/ann", 401},
		{"actor with another id", serve("/claim", actor(victim.ID(), key(home+"/claim#k", victim.ID()))) + "#k", victim.ID(), 401},
		{"another's key with own name", victim.KeyID(), eve.ID(), 401},
		{"good", serve("/good", actor(home+"/good", key(home+"/good#k", home+"/good"))) + "#k", home + "/good", 202},
		{"good, as somebody else", home + "/good#k", victim.ID(), 403},
	}
	for i, tt := range tests {
		body := fmt.Sprintf(`{"id":"%s/a/%d","type":"Like","actor":"%s","object":"%s"}`, tt.actor, i, tt.actor, f.article.ObjectURI)
		got := f.raw(seal{keyID: tt.key}.request(f, eve, body))
		if got.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got.StatusCode, tt.want, got.body)
		}
		if strings.Contains(got.body, "dial tcp") || strings.Contains(got.body, "connection") {
			t.Errorf("%s: the answer tells of the network: %s", tt.name, got.body)
		}
	}
	f.work()
	if diff := cmp.Diff(map[string]int{"like": 1, "refused:signer": 1}, f.outcomes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestAttackKeyKinds takes keys that stand alone or in a stub of their actor.
func TestAttackKeyKinds(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	for _, o := range []aptest.Options{
		{KeyDocument: aptest.StubActor},
		{KeyDocument: aptest.BareKey},
		{KeyDocument: aptest.StubActor, AuthorizedFetch: true},
		{KeyDocument: aptest.BareKey, Kind: httpsig.RFC9421},
	} {
		ann := f.server(o).Person("ann")
		f.take(ann, aptest.Doc{"type": "Like", "object": f.article.ObjectURI})
		ann.RotateKey()
		f.take(ann, aptest.Doc{"type": "Announce", "object": f.article.ObjectURI})
	}
	a, err := f.blog.Article(t.Context(), f.article.ID)
	check(t, err)
	if diff := cmp.Diff([]int{4, 4}, []int{a.Likes, a.Boosts}); diff != "" {
		t.Error(diff)
	}
}

// TestAttackFailedKey is not asked for again and again.
func TestAttackFailedKey(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	for i := range 20 {
		body := fmt.Sprintf(`{"type":"Like","actor":"%s","object":"%d"}`, f.home.URL()+"/nobody", i)
		if got := f.raw(seal{keyID: f.home.URL() + "/nobody#k"}.request(f, eve, body)); got.StatusCode != 401 {
			t.Errorf("%d %s", got.StatusCode, got.body)
		}
	}
	if n := f.home.Requests("/nobody"); n > 2 {
		t.Errorf("asked %d times", n)
	}
	// A forged signature does not make us ask for a good key each time.
	path := strings.TrimPrefix(eve.ID(), f.home.URL())
	f.send(eve, f.says(eve, fmt.Sprintf(like, 1)))
	asked := f.home.Requests(path)
	for range 20 {
		f.send(eve.Forging(aptest.Forgery{WrongKey: true}), f.says(eve, fmt.Sprintf(like, 2)))
	}
	if n := f.home.Requests(path) - asked; n > 1 {
		t.Errorf("a good key was asked for %d times again", n)
	}
	if got := f.send(eve, f.says(eve, fmt.Sprintf(like, 3))); got.Status != http.StatusAccepted {
		t.Errorf("the forgeries shut the real sender out: %d", got.Status)
	}
}

// TestAttackFetched has parents and objects that are fetched and lie.
func TestAttackFetched(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve, other := f.home.Person("eve"), f.server(aptest.Options{})
	victim := other.Person("victim")
	home := f.home.URL()
	note := func(id, by, parent string) aptest.Doc {
		return aptest.Doc{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Note", "attributedTo": by, "content": "palsu", "to": "https://www.w3.org/ns/activitystreams#Public", "inReplyTo": parent}
	}
	raw, err := json.Marshal(note(home+"/n/json", eve.ID(), f.article.ObjectURI))
	check(t, err)
	f.home.Misbehave(aptest.Behaviour{Path: "/n/away", Status: 302, Location: other.URL() + "/n/away"})
	other.ServeObject("/n/away", note(home+"/n/away", eve.ID(), f.article.ObjectURI))
	f.home.Misbehave(aptest.Behaviour{Path: "/n/private", Status: 302, Location: "http://[::ffff:169.254.169.254]/latest/meta-data"})
	f.home.Misbehave(aptest.Behaviour{Path: "/n/us", Status: 302, Location: f.article.ObjectURI})
	f.home.Misbehave(aptest.Behaviour{Path: "/n/file", Status: 302, Location: "file:///etc/passwd"})
	for _, id := range []string{
		f.home.Serve("/n/json", "application/json", raw), f.home.Serve("/n/html", "text/html", raw), f.home.Serve("/n/upload", "image/png", raw),
		f.home.Serve("/n/trailing", asActivity, append(bytes.Clone(raw), "{}"...)),
		f.home.ServeObject("/n/other", note(other.URL()+"/n/1", victim.ID(), f.article.ObjectURI)),
		f.home.ServeObject("/n/victim", note(home+"/n/victim", victim.ID(), f.article.ObjectURI)),
		f.home.ServeObject("/n/blog", note(home+"/n/blog", f.actor.URI, f.article.ObjectURI)),
		home + "/n/away", home + "/n/private", home + "/n/us", home + "/n/file", "http://localhost:22/", "gopher://127.0.0.1/x", "file:///etc/passwd",
	} {
		if strings.HasPrefix(id, home) {
			f.take(eve, aptest.Doc{"type": "Create", "to": "https://www.w3.org/ns/activitystreams#Public", "object": id})
		}
		f.take(eve, eve.Compose(aptest.Note{Content: "anak", InReplyTo: id, Inboxes: []string{f.inbox}}))
	}
	if got := f.thread(); len(got) != 0 {
		t.Errorf("on the page stand %q", got)
	}
}
