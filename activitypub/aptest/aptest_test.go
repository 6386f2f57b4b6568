package aptest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
)

func newWorld(t *testing.T, o aptest.WorldOptions) *aptest.World {
	t.Helper()
	w, err := aptest.NewWorld(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func start(t *testing.T, w *aptest.World, o aptest.Options) *aptest.Server {
	t.Helper()
	s, err := w.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func withTimeout(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// must returns the activity, whose sending may not fail.
func must(t *testing.T) func(*aptest.Sent, error) *aptest.Sent {
	return func(s *aptest.Sent, err error) *aptest.Sent {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// TestKinds sends a Follow between servers of every kind.
func TestKinds(t *testing.T) {
	t.Parallel()
	type world struct {
		TLS  bool
		Home aptest.Options
	}
	tests := []struct {
		name string
		in   world
		want httpsig.Kind
	}{
		{"plain", world{}, httpsig.Cavage},
		{"TLS", world{TLS: true}, httpsig.Cavage},
		{"RFC 9421", world{Home: aptest.Options{Kind: httpsig.RFC9421}}, httpsig.RFC9421},
		{"RFC 9421 over TLS", world{TLS: true, Home: aptest.Options{Kind: httpsig.RFC9421}}, httpsig.RFC9421},
		{"stub actor", world{Home: aptest.Options{KeyDocument: aptest.StubActor}}, httpsig.Cavage},
		{"bare key", world{Home: aptest.Options{KeyDocument: aptest.BareKey}}, httpsig.Cavage},
		{"authorized fetch", world{Home: aptest.Options{AuthorizedFetch: true}}, httpsig.Cavage},
		{"authorized fetch and stub", world{Home: aptest.Options{AuthorizedFetch: true, KeyDocument: aptest.StubActor}}, httpsig.Cavage},
		{"own inboxes", world{Home: aptest.Options{OwnInboxes: true}}, httpsig.Cavage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := withTimeout(t)
			w := newWorld(t, aptest.WorldOptions{TLS: tt.in.TLS})
			bob := start(t, w, tt.in.Home).Person("bob")
			other := start(t, w, aptest.Options{AuthorizedFetch: tt.in.Home.AuthorizedFetch})
			blog := other.Person("blog")
			sent := must(t)(bob.Follow(ctx, blog.ID()))
			got, err := other.Wait(ctx, aptest.About("Follow", blog.ID()))
			if err != nil {
				t.Fatal(err)
			}
			type outcome struct {
				Status    int
				Kind      httpsig.Kind
				Actor, ID string
			}
			want := outcome{202, tt.want, bob.ID(), sent.ID}
			if diff := cmp.Diff(want, outcome{sent.Status(), got.Kind, got.Activity.Actor.ID(), got.Activity.ID}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestForgery sends lies and looks that each is found out.
func TestForgery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	bob, eve, blog := home.Person("bob"), home.Person("eve"), other.Person("blog")
	tests := []struct {
		name string
		in   aptest.Forgery
		want int
	}{
		{"none", aptest.Forgery{}, 202},
		{"other kind", aptest.Forgery{Kind: httpsig.RFC9421}, 202},
		{"unsigned", aptest.Forgery{Unsigned: true}, 401},
		{"wrong key", aptest.Forgery{WrongKey: true}, 401},
		{"wrong key, RFC 9421", aptest.Forgery{WrongKey: true, Kind: httpsig.RFC9421}, 401},
		{"wrong digest", aptest.Forgery{WrongDigest: true}, 401},
		{"wrong digest, RFC 9421", aptest.Forgery{WrongDigest: true, Kind: httpsig.RFC9421}, 401},
		{"somebody else's key", aptest.Forgery{Signer: eve}, 401},
		{"old", aptest.Forgery{At: time.Now().Add(-24 * time.Hour)}, 401},
		{"ahead", aptest.Forgery{At: time.Now().Add(2 * time.Hour)}, 401},
		{"no activity", aptest.Forgery{Body: []byte("[]")}, 401},
		{"tampered", aptest.Forgery{Tamper: func(r *http.Request) { r.Header.Set("Date", "Mon, 02 Jan 2006 15:04:05 GMT") }}, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent := must(t)(bob.Forging(tt.in).Follow(withTimeout(t), blog.ID()))
			if diff := cmp.Diff(tt.want, sent.Status()); diff != "" {
				t.Error(diff, sent.Answers[0].Body)
			}
		})
	}
}

// TestLife lets people do everything they can, and looks at what arrives.
func TestLife(t *testing.T) {
	t.Parallel()
	ctx, ok := withTimeout(t), must(t)
	w := newWorld(t, aptest.WorldOptions{})
	home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	bob, ann, blog := home.Person("bob"), home.Person("ann"), other.Person("blog")
	article := ok(blog.Post(ctx, aptest.Note{Type: "Article", Name: "Title", Content: "Text"}))

	like := ok(bob.Like(ctx, article.ObjectID))
	reply := ok(bob.Reply(ctx, article.ObjectID, "First"))
	deep := ok(ann.Reply(ctx, reply.ObjectID, "Deeper"))
	for _, s := range []*aptest.Sent{
		like, ok(bob.React(ctx, article.ObjectID, "🎉")), ok(bob.Boost(ctx, article.ObjectID)), ok(bob.Undo(ctx, like)),
		reply, deep, ok(bob.Edit(ctx, reply.ObjectID, "Changed")), ok(bob.Delete(ctx, reply.ObjectID)),
		ok(ann.EmojiReact(ctx, article.ObjectID, "🎉")), ok(bob.Follow(ctx, blog.ID())), ok(bob.Block(ctx, blog.ID())), ok(bob.Flag(ctx, blog.ID(), "Spam", article.ObjectID)),
		ok(bob.UpdateProfile(ctx, func(p *aptest.Profile) { p.Name = "Robert" })), ok(bob.Move(ctx, ann)), ok(ann.DeleteAccount(ctx)),
	} {
		if diff := cmp.Diff(202, s.Status()); diff != "" {
			t.Error(s.Activity["type"], diff)
		}
	}
	got := map[string]int{}
	for _, r := range other.Received() {
		got[r.Activity.Type()]++
		if r.Err != nil && r.Activity.Type() != "Delete" {
			t.Error(r.Activity.Type(), r.Err)
		}
	}
	want := map[string]int{"Announce": 1, "Block": 1, "Create": 2, "Delete": 2, "EmojiReact": 1, "Flag": 1, "Follow": 1, "Like": 2, "Move": 1, "Undo": 1, "Update": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestDocuments looks at what a server tells about its notes.
func TestDocuments(t *testing.T) {
	t.Parallel()
	ctx, ok := withTimeout(t), must(t)
	w := newWorld(t, aptest.WorldOptions{})
	home := start(t, w, aptest.Options{})
	bob := home.Person("bob")
	gone := ok(bob.Post(ctx, aptest.Note{Content: "gone"}))
	ok(bob.Delete(ctx, gone.ObjectID))
	tests := []struct {
		name string
		in   string
		want int
	}{
		{"public", ok(bob.Post(ctx, aptest.Note{Content: "a"})).ObjectID, 200},
		{"unlisted", ok(bob.Post(ctx, aptest.Note{Content: "a", Visibility: activitypub.VisibilityUnlisted})).ObjectID, 200},
		{"followers", ok(bob.Post(ctx, aptest.Note{Content: "a", Visibility: activitypub.VisibilityFollowers})).ObjectID, 404},
		{"direct", ok(bob.Post(ctx, aptest.Note{Content: "a", Visibility: activitypub.VisibilityDirect})).ObjectID, 404},
		{"deleted", gone.ObjectID, 410},
		{"activity", ok(bob.Post(ctx, aptest.Note{Content: "a"})).ID, 200},
		{"activity of a direct one", ok(bob.Post(ctx, aptest.Note{Content: "a", Visibility: activitypub.VisibilityDirect})).ID, 404},
		{"actor", bob.ID(), 200},
		{"followers collection", bob.ID() + "/followers", 200},
		{"avatar", bob.Profile().Icon, 200},
		{"nobody", home.URL() + "/users/nobody", 404},
		{"instance", home.Instance().ID(), 200},
		{"nodeinfo", home.URL() + "/nodeinfo/2.1", 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, err := http.Get(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if diff := cmp.Diff(tt.want, res.StatusCode); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRotatedKey(t *testing.T) {
	t.Parallel()
	ctx, ok := withTimeout(t), must(t)
	w := newWorld(t, aptest.WorldOptions{})
	bob, blog := start(t, w, aptest.Options{}).Person("bob"), start(t, w, aptest.Options{}).Person("blog")
	first := ok(bob.Follow(ctx, blog.ID()))
	bob.RotateKey()
	second := ok(bob.Follow(ctx, blog.ID()))
	if diff := cmp.Diff([]int{202, 202}, []int{first.Status(), second.Status()}); diff != "" {
		t.Error(diff)
	}
}

// TestMisbehave looks at the answers of an inbox that misbehaves twice.
func TestMisbehave(t *testing.T) {
	t.Parallel()
	ctx, ok := withTimeout(t), must(t)
	w := newWorld(t, aptest.WorldOptions{})
	bob, other := start(t, w, aptest.Options{}).Person("bob"), start(t, w, aptest.Options{})
	blog := other.Person("blog")
	other.Misbehave(aptest.Behaviour{Status: 503, RetryAfter: "7", Times: 2})
	other.Misbehave(aptest.Behaviour{Status: 410, Path: blog.ID() + "/elsewhere"})
	var got []int
	for range 3 {
		got = append(got, ok(bob.Follow(ctx, blog.ID())).Status())
	}
	other.Misbehave(aptest.Behaviour{Reset: true, Times: 1})
	if _, err := bob.Follow(ctx, blog.ID()); err == nil {
		t.Error("no error for a reset connection")
	}
	other.Misbehave(aptest.Behaviour{Status: 202, Body: []byte("{"), Short: 9, Times: 1})
	if _, err := bob.Follow(ctx, blog.ID()); err == nil {
		t.Error("no error for an answer that is shorter than announced")
	}
	for _, r := range other.Received() {
		got = append(got, r.Status)
	}
	if diff := cmp.Diff([]int{503, 503, 202, 503, 503, 202, 0, 202}, got); diff != "" {
		t.Error(diff)
	}
}

// TestHost gives a server another address in its ids than it listens on.
func TestHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	s := start(t, w, aptest.Options{Host: "far.test:8443"})
	if id := s.Person("bob").ID(); id != "http://far.test:8443/users/bob" {
		t.Errorf("its people are %s", id)
	}
}

func TestWaitTellsWhatCame(t *testing.T) {
	t.Parallel()
	ok := must(t)
	w := newWorld(t, aptest.WorldOptions{})
	bob, other := start(t, w, aptest.Options{}).Person("bob"), start(t, w, aptest.Options{})
	ok(bob.Follow(withTimeout(t), other.Person("blog").ID()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := other.Wait(ctx, aptest.Type("Accept"))
	if err == nil || !strings.Contains(err.Error(), "Follow of "+other.URL()+"/users/blog") {
		t.Errorf("the error %v does not name the Follow", err)
	}
	if err := w.Wait(ctx, 1); err != nil {
		t.Error(err)
	}
}
