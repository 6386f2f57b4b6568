package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// TestAttackReplay sends what was sent before. Nothing happens twice.
func TestAttackReplay(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	reply := bob.Prepare(f.reply(bob, "Satu", nil))
	deletion := bob.Prepare(aptest.Doc{"type": "Delete", "object": reply.ObjectID})
	likes := bob.Prepare(aptest.Doc{"type": "Like", "object": f.article.ObjectURI})
	undo := bob.Prepare(aptest.Doc{"type": "Undo", "object": likes.ID})
	nameless := f.says(bob, `{"type":"Announce","actor":"ACTOR","object":"ARTICLE","to":"PUBLIC"}`)
	state := func() []any {
		a, err := f.blog.Article(t.Context(), f.article.ID)
		check(t, err)
		return []any{f.thread(), a.Comments, a.Likes, a.Boosts}
	}
	early := bob.Prepare(f.reply(bob, "Terlambat", nil))
	steps := []struct {
		name string
		body string
		want []any
	}{
		{"a reply", string(reply.Body), []any{[]string{"Satu"}, 1, 0, 0}},
		{"a like", string(likes.Body), []any{[]string{"Satu"}, 1, 1, 0}},
		{"a boost without id", nameless, []any{[]string{"Satu"}, 1, 1, 1}},
		{"the reply again, in other words", strings.Replace(string(reply.Body), "Satu", "Dua", 1), []any{[]string{"Satu"}, 1, 1, 1}},
		{"the like taken back", string(undo.Body), []any{[]string{"Satu"}, 1, 0, 1}},
		{"the like again", string(likes.Body), []any{[]string{"Satu"}, 1, 0, 1}},
		{"the reply deleted", string(deletion.Body), []any{[]string{}, 0, 0, 1}},
		{"the reply again", string(reply.Body), []any{[]string{}, 0, 0, 1}},
		{"the reply again, with a new id", strings.Replace(string(reply.Body), reply.ID, reply.ID+"2", 1), []any{[]string{}, 0, 0, 1}},
		{"the reply as an edit", strings.NewReplacer(`"type":"Create"`, `"type":"Update"`, reply.ID, reply.ID+"3").Replace(string(reply.Body)), []any{[]string{}, 0, 0, 1}},
		{"a deletion that comes early", f.says(bob, `{"id":"HOME/d/1","type":"Delete","actor":"ACTOR","object":"`+early.ObjectID+`"}`), []any{[]string{}, 0, 0, 1}},
		{"what it deletes", string(early.Body), []any{[]string{}, 0, 0, 1}},
	}
	for _, s := range steps {
		request := seal{}.request(f, bob, s.body)
		for range 3 { // the very same bytes and signature
			again := request.Clone(t.Context())
			again.Body = io.NopCloser(bytes.NewReader([]byte(s.body)))
			if got := f.raw(again); got.StatusCode != 202 {
				t.Errorf("%s: %d %s", s.name, got.StatusCode, got.body)
			}
			f.work()
		}
		for _, who := range []*aptest.Person{bob, bob.Forging(aptest.Forgery{Kind: httpsig.RFC9421})} { // signed anew
			for _, inbox := range []string{f.inbox, f.own} {
				if got := f.sendTo(inbox, who, s.body); got.Status != 202 {
					t.Errorf("%s, by %s: %d %s", s.name, inbox, got.Status, got.Body)
				}
			}
		}
		f.work()
		if diff := cmp.Diff(s.want, state()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, diff)
		}
	}
	f.settled()
}

// TestAttackThreads answers in circles, in the dark, and what is not there.
func TestAttackThreads(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	home := f.home.URL()
	public := activitypub.Public
	serve := func(path, parent string) string {
		return f.home.ServeObject(path, aptest.Doc{"@context": activitypub.Namespace, "id": home + path, "type": "Note", "attributedTo": eve.ID(), "content": "x", "to": public, "inReplyTo": parent})
	}
	serve("/loop/1", home+"/loop/2")
	serve("/loop/2", home+"/loop/1")
	serve("/self", home+"/self")
	for i := range 60 {
		serve(fmt.Sprint("/chain/", i), fmt.Sprint(home, "/chain/", i+1))
	}
	gone := f.publish(blog.DraftInput{Title: "Hilang", Markdown: "x"})
	check(t, f.blog.Delete(t.Context(), uuid.Nil, gone.ID))
	draft, err := f.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "Konsep", Markdown: "x"}})
	check(t, err)
	to := func(parent string) aptest.Note { return aptest.Note{Content: "x", InReplyTo: parent} }
	article := f.article.ObjectURI
	tests := []struct {
		name string
		in   aptest.Note
		want string
	}{
		{"a loop of two", to(home + "/loop/1"), "ignored:loop"},
		{"what answers itself", to(home + "/self"), "ignored:loop"},
		{"a chain without end", to(home + "/chain/0"), "ignored:too-deep"},
		{"a deleted article", to(gone.ObjectURI), "ignored:gone"},
		{"a draft", to(f.origin + "/ap/objects/" + draft.ID.String()), "ignored:no-target"},
		{"an article of ours that never was", to(f.origin + "/ap/objects/" + uuid.NewString()), "ignored:no-target"},
		{"the Studio", to(f.origin + "/studio"), "ignored:no-target"},
		{"an inbox", to(f.inbox), "ignored:no-target"},
		{"a script", to("javascript:alert(1)"), "unattached"},
		{"a file", to("file:///etc/passwd"), "unattached"},
		{"what is not there", to(home + "/none"), "unattached"},
		{"nothing", aptest.Note{Content: "x"}, "ignored:no-reply"},
		{"a vote", aptest.Note{Name: "Ya", InReplyTo: article}, "ignored:vote"},
		{"for followers", aptest.Note{Content: "x", InReplyTo: article, Visibility: activitypub.VisibilityFollowers}, "private"},
		{"direct", aptest.Note{Content: "x", InReplyTo: article, Visibility: activitypub.VisibilityDirect}, "private"},
		{"for nobody", aptest.Note{Content: "x", InReplyTo: article, Extra: aptest.Doc{"to": []string{}, "cc": []string{}}}, "private"},
		{"a note without text", aptest.Note{InReplyTo: article, Extra: aptest.Doc{"content": ""}}, "comment"},
		{"a Tombstone", aptest.Note{Content: "x", InReplyTo: article, Type: "Tombstone"}, "ignored:type"},
		{"a person", aptest.Note{Content: "x", InReplyTo: article, Type: "Person"}, "ignored:type"},
	}
	for _, tt := range tests {
		tt.in.Inboxes = []string{f.inbox}
		before := f.outcomes()[tt.want]
		f.take(eve, eve.Compose(tt.in))
		if got := f.outcomes(); got[tt.want] != before+1 {
			t.Errorf("%s: outcomes %v, want one more %s", tt.name, got, tt.want)
		}
	}
	// Itself as its own parent, known only by what was sent.
	own := f.reply(eve, "diri", nil)
	note := own["object"].(aptest.Doc)
	note["inReplyTo"] = note["id"]
	f.home.ServeObject(strings.TrimPrefix(note["id"].(string), home), note)
	f.take(eve, own)
	check(t, f.fed.RetryParents(t.Context()))
	f.settled()
	if a := f.get("/kabar-baik"); a.StatusCode != 200 || len(f.thread()) > 1 {
		t.Errorf("%d with %q", a.StatusCode, f.thread())
	}
}

// TestAttackBombs sends as much as can be sent.
func TestAttackBombs(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	eve := f.home.Person("eve")
	many := func(n int, make func(i int) aptest.Doc) []aptest.Doc {
		list := []aptest.Doc{}
		for i := range n {
			list = append(list, make(i))
		}
		return list
	}
	mention := func(i int) aptest.Doc {
		return aptest.Doc{"type": "Mention", "href": fmt.Sprint("https://x.example/", i)}
	}
	file := func(i int) aptest.Doc {
		return aptest.Doc{"type": "Image", "url": fmt.Sprint("https://x.example/", i), "name": strings.Repeat("d", 1000)}
	}
	tests := []struct {
		name, content string
		extra         aptest.Doc
		want          int
	}{
		{"900 KB of text", strings.Repeat("kata ", 180_000), aptest.Doc{"contentMap": nil}, 202},
		{"900 KB of tags", strings.Repeat("<b><i>", 150_000), aptest.Doc{"contentMap": nil}, 202},
		{"900 KB of open brackets", strings.Repeat("<", 900_000), aptest.Doc{"contentMap": nil}, 202},
		{"900 KB of references", strings.Repeat("&lt;", 225_000), aptest.Doc{"contentMap": nil}, 202},
		{"60 KB of nesting", strings.Repeat("<ul><li>", 7_000), aptest.Doc{"contentMap": nil}, 202},
		{"60 KB of attributes", "<a " + strings.Repeat("x ", 30_000) + ">", aptest.Doc{"contentMap": nil}, 202},
		{"60 KB of links", strings.Repeat(`<a href="//x">`, 4_200), aptest.Doc{"contentMap": nil}, 202},
		{"500 attachments", "x", aptest.Doc{"attachment": many(500, file)}, 202},
		{"2,000 mentions", "x", aptest.Doc{"tag": many(2_000, mention)}, 202},
		{"10,000 mentions", "x", aptest.Doc{"tag": many(10_000, mention)}, 400},
		{"3,000 addressed", "x", aptest.Doc{"cc": strings.Split(strings.Repeat("https://x.example/1 ", 3_000)+activitypub.Public, " ")}, 202},
		{"100 languages", "x", aptest.Doc{"contentMap": languages(100)}, 202},
	}
	for _, tt := range tests {
		sent, err := eve.Send(t.Context(), f.reply(eve, tt.content, tt.extra), f.inbox)
		check(t, err)
		if sent.Status() != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, sent.Status(), tt.want, sent.Answers[0].Body)
		}
		start := time.Now()
		f.settled()
		if took := time.Since(start); took > time.Minute { // it is milliseconds; more would be an attack
			t.Errorf("%s: took %v", tt.name, took)
		}
	}
	a := f.get("/kabar-baik")
	if a.StatusCode != 200 || len(a.body) > 2<<20 {
		t.Errorf("the page: %d, %d bytes", a.StatusCode, len(a.body))
	}
	if n := a.page(t).Find(".u-comment").Eq(0).Parent().Find(".attachment").Length(); n > 20*len(tests) {
		t.Errorf("%d attachments", n)
	}
}

func languages(n int) aptest.Doc {
	d := aptest.Doc{}
	for i := range n {
		d[fmt.Sprintf("a%c%c", 'a'+i/26, 'a'+i%26)] = strings.Repeat("x", 1000)
	}
	return d
}

// TestAttackLimits is more than one sender may do.
func TestAttackLimits(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{limits: federation.Limits{ActorPerMinute: 3, HostPerMinute: 8, NewActorsPerHour: 4}})
	eve, mass := f.home.Person("eve"), f.server(aptest.Options{})
	like := func(who *aptest.Person, i int) aptest.Response { return f.send(who, f.says(who, fmt.Sprintf(like, i))) }
	var got []int
	for i := range 5 {
		res := like(eve, i)
		got = append(got, res.Status)
		if res.Status == http.StatusTooManyRequests && res.Header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
	}
	for i := range 6 { // unknown people of one server
		who := mass.Person(fmt.Sprint("mass", i))
		// Forgeries in their names cost them nothing.
		forged := f.send(who.Forging(aptest.Forgery{WrongKey: true}), f.says(who, `{"type":"Like","actor":"ACTOR","object":"ARTICLE"}`))
		if forged.Status != 401 {
			t.Errorf("forged: %d", forged.Status)
		}
	}
	for i := range 6 {
		got = append(got, like(mass.Person(fmt.Sprint("mass", i)), i).Status)
	}
	for i := range 3 { // known ones, until the server has had its share
		got = append(got, like(mass.Person("mass0"), 10+i).Status)
	}
	got = append(got, like(f.server(aptest.Options{}).Person("ann"), 1).Status) // nobody else pays
	want := []int{202, 202, 202, 429, 429, 202, 202, 202, 202, 429, 429, 202, 202, 429, 202}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// What is refused for what it says is recorded within the limits only.
	liar := f.server(aptest.Options{}).Person("liar")
	for i := range 10 {
		if res := f.send(liar, fmt.Sprintf(`{"id":"https://victim.example/%d","type":"Like","actor":"%s"}`, i, liar.ID())); res.Status != 403 {
			t.Errorf("a lie: %d", res.Status)
		}
	}
	if n := f.outcomes()["refused:origin"]; n != 3 {
		t.Errorf("%d lies recorded, want 3", n)
	}
}

// TestAttackUnproven sends without end what proves nothing.
func TestAttackUnproven(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{trusts: func(a netip.Addr) bool { return a.IsLoopback() }})
	bob := f.home.Person("bob")
	send := func(from string, forgery aptest.Forgery) (status int, wait string) {
		forgery.Tamper = func(r *http.Request) { r.Header.Set("X-Forwarded-For", from) }
		res := f.send(bob.Forging(forgery), f.says(bob, fmt.Sprintf(like, 1)))
		return res.Status, res.Header.Get("Retry-After")
	}
	flood := func(from string) map[int]int {
		got := map[int]int{}
		for range 500 {
			status, wait := send(from, aptest.Forgery{Unsigned: true})
			got[status]++
			if status == http.StatusTooManyRequests && wait == "" {
				t.Fatal("429 without Retry-After")
			}
		}
		return got
	}
	if got := flood("203.0.113.7"); got[401] < 300 || got[429] == 0 {
		t.Errorf("one address: %v", got)
	}
	if got := flood("10.0.0.7"); got[401] != 500 {
		t.Errorf("a proxy that the settings do not name: %v", got)
	}
	if status, _ := send("203.0.113.8", aptest.Forgery{}); status != http.StatusAccepted {
		t.Errorf("another address: %d", status)
	}
	// Who proves who they are may send as much as the limits of actors allow.
	for range 400 {
		if status, _ := send("203.0.113.9", aptest.Forgery{}); status != http.StatusAccepted {
			t.Fatalf("proven: %d", status)
		}
	}
}
