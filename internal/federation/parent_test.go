package federation_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

func TestNesting(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	a := r.reply(bob, r.article.ObjectURI, "a")
	b := r.reply(eve, a.ObjectID, "b")
	c := r.reply(bob, b.ObjectID, "c")
	r.takes(a, b, c)
	r.wantThread("3: a ( b ( c ) )")
	comment, err := r.store.CommentByObject(t.Context(), b.ObjectID)
	r.check(err)
	d := r.reply(eve, origin+"/kopi#c-"+comment.ID.String(), "d")
	r.takes(d)
	r.wantThread("4: a ( b ( c d ) )")

	// A deleted one with answers leaves its place, one without leaves nothing.
	r.takes(remove(eve, b), remove(eve, d))
	r.wantThread("2: a ( - ( c ) )")
	r.takes(remove(bob, c))
	r.wantThread("1: a")
}

// All in one batch, the last first.
func TestChildBeforeParent(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	a := r.reply(bob, r.article.ObjectURI, "a")
	b := r.reply(eve, a.ObjectID, "b")
	c := r.reply(bob, b.ObjectID, "c")
	for _, s := range []*aptest.Sent{c, b, a} {
		r.accept(s.Body)
	}
	r.work()
	r.wantThread("3: a ( b ( c ) )")
}

func TestParentIsFetched(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	a := r.reply(bob, r.article.ObjectURI, "a")
	b := r.reply(eve, a.ObjectID, "b")
	c := r.reply(bob, b.ObjectID, "c")
	r.takes(c)
	r.wantOutcome(c.ID, "comment")
	r.wantThread("3: a ( b ( c ) )")
	// What was fetched is known when it comes by itself.
	r.takes(a)
	r.wantOutcome(a.ID, "ignored:known")
	r.wantThread("3: a ( b ( c ) )")
}

func TestUnattached(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	a := r.reply(bob, r.article.ObjectURI, "a")
	b := r.reply(eve, a.ObjectID, "b")
	c := r.reply(bob, b.ObjectID, "c")
	r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, a.ObjectID), Status: http.StatusServiceUnavailable})
	r.takes(c)
	r.wantOutcome(c.ID, "unattached")
	r.takes(b)
	r.wantThread("0:")
	if n := r.count(`select count(*) from comments where article_id is null`); n != 2 {
		t.Errorf("%d wait, want 2", n)
	}
	// The parent comes: all that waited below it is there at once.
	r.takes(a)
	r.wantThread("3: a ( b ( c ) )")
	r.wantOutcome(c.ID, "comment")
	if n := r.count(`select count(*) from comments where retry_at is not null`); n != 0 {
		t.Errorf("%d still wait", n)
	}
}

func TestRetryParents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		parent  func(r *receiver, bob *aptest.Person) string // id of the parent that cannot be had at first
		healsIn int                                          // looks until its server is well again; 0 = never
		want    string
		outcome string
		rows    int
	}{
		{
			"healed", func(r *receiver, bob *aptest.Person) string { return r.reply(bob, r.article.ObjectURI, "a").ObjectID }, 2,
			"2: a ( b )", "comment", 2,
		},
		{
			"never", func(r *receiver, bob *aptest.Person) string { return r.reply(bob, r.article.ObjectURI, "a").ObjectID }, 0,
			"0:", "unattached", 1,
		},
		{
			"elsewhere", func(r *receiver, bob *aptest.Person) string { return r.reply(bob, "", "a").ObjectID }, 1,
			"0:", "ignored:elsewhere", 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			bob, eve := r.remote.Person("bob"), r.server().Person("eve")
			parent := tt.parent(r, bob)
			r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, parent), Status: http.StatusBadGateway})
			b := r.reply(eve, parent, "b")
			r.takes(b)
			for look, wait := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
				r.wantOutcome(b.ID, "unattached")
				r.pass(wait - 5*time.Second)
				r.check(r.service.RetryParents(t.Context()))
				if n := r.count(`select count(*) from comments where retries = $1`, look); n != 1 {
					t.Errorf("look %d came too early", look)
				}
				r.pass(10 * time.Second)
				if look+1 == tt.healsIn {
					r.remote.Behave()
				}
				r.check(r.service.RetryParents(t.Context()))
				if look+1 == tt.healsIn {
					break
				}
			}
			r.wantThread(tt.want)
			r.wantOutcome(b.ID, tt.outcome)
			if n := r.count(`select count(*) from comments`); n != tt.rows {
				t.Errorf("%d comments, want %d", n, tt.rows)
			}
			if n := r.count(`select count(*) from comments where retry_at is not null`); n != 0 {
				t.Errorf("%d still to be looked for", n)
			}
		})
	}
}

func path(s *aptest.Server, id string) string { return id[len(s.URL()):] }

func TestElsewhere(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	root := r.reply(bob, "", "root")
	b := r.reply(eve, root.ObjectID, "b")
	c := r.reply(bob, b.ObjectID, "c")
	r.takes(c)
	r.wantOutcome(c.ID, "ignored:elsewhere")
	if n := r.count(`select count(*) from comments`); n != 0 {
		t.Errorf("%d comments, want none", n)
	}
}

// note serves a note whose shape the test decides.
func note(p *aptest.Person, name, parent string, more ...aptest.Doc) aptest.Doc {
	o := aptest.Doc{
		"@context": activitypub.Namespace, "id": p.Server().URL() + "/notes/" + name, "type": "Note",
		"attributedTo": p.ID(), "content": name, "inReplyTo": parent, "to": []string{activitypub.Public},
	}
	for _, doc := range more {
		for k, v := range doc {
			o[k] = v
		}
	}
	p.Server().ServeObject("/notes/"+name, o)
	return o
}

func TestHostileChains(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	at := func(name string) string { return r.remote.URL() + "/notes/" + name }
	note(bob, "self", at("self"))
	note(bob, "x", at("y"))
	note(bob, "y", at("x"))
	for i := range 100 {
		note(bob, fmt.Sprint("deep", i), at(fmt.Sprint("deep", i+1)))
	}
	note(bob, "forged", r.article.ObjectURI, aptest.Doc{"attributedTo": r.server().Person("eve").ID()})
	note(bob, "actor", r.article.ObjectURI, aptest.Doc{"type": "Person"})
	note(bob, "other-id", r.article.ObjectURI, aptest.Doc{"id": at("nothing")})
	r.remote.Serve("/notes/upload", "text/plain", []byte(`{"id":"`+at("upload")+`","type":"Note"}`))
	tests := []struct{ name, parent, want string }{
		{"answers itself", at("self"), "ignored:loop"},
		{"answers each other", at("x"), "ignored:loop"},
		{"a hundred deep", at("deep0"), "ignored:too-deep"},
		{"by somebody of another host", at("forged"), "ignored:elsewhere"},
		{"no post", at("actor"), "ignored:elsewhere"},
		{"under another id", at("other-id"), "unattached"},
		{"wrong content type", at("upload"), "unattached"},
		{"not there", at("none"), "unattached"},
		{"no address", "tag:x", "unattached"},
	}
	for i, tt := range tests {
		before := r.remote.Requests("/notes/deep30")
		create := do(bob, "Create", note(bob, fmt.Sprint("child", i), tt.parent))
		r.takes(create)
		if got := r.outcome(create.ID); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if r.remote.Requests("/notes/deep30") != before {
			t.Errorf("%s: followed for more than 20 answers", tt.name)
		}
	}
	r.wantThread("0:")
}

// A circle made of what is delivered, each before its parent, ends too.
func TestDeliveredCircle(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.remote.Misbehave(aptest.Behaviour{Path: "/notes/p", Status: http.StatusServiceUnavailable})
	r.remote.Misbehave(aptest.Behaviour{Path: "/notes/q", Status: http.StatusServiceUnavailable})
	at := func(name string) string { return r.remote.URL() + "/notes/" + name }
	r.takes(do(bob, "Create", note(bob, "p", at("q"))), do(bob, "Create", note(bob, "q", at("p"))))
	for range 3 {
		r.pass(48 * time.Hour)
		r.check(r.service.RetryParents(t.Context()))
	}
	r.wantThread("0:")
}

// A public answer to a private one stands where it belongs, and the private
// one does not show.
func TestPrivateParent(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	a := bob.Prepare(bob.Compose(aptest.Note{Content: "secret", InReplyTo: r.article.ObjectURI, Visibility: activitypub.VisibilityFollowers}))
	b := r.reply(bob, a.ObjectID, "b")
	r.takes(a, b)
	r.wantThread("1: - ( b )")
	c, err := r.store.CommentByObject(t.Context(), a.ObjectID)
	r.check(err)
	if c.Visibility != blog.Followers || c.Shown() {
		t.Errorf("the private one is %s", c.Visibility)
	}
}

// TestLetterIsKept keeps a private answer to one of ours whose parent turns out
// to be elsewhere.
func TestLetterIsKept(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	parent := r.reply(bob, "", "a").ObjectID
	r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, parent), Status: http.StatusBadGateway})
	letter := eve.Prepare(aptest.Doc{"type": "Create", "object": note(eve, "letter", parent, aptest.Doc{"to": r.actor.URI})})
	r.takes(letter)
	r.remote.Behave()
	r.pass(2 * time.Minute)
	r.check(r.service.RetryParents(t.Context()))
	r.wantOutcome(letter.ID, "private")
	if n := r.count(`select count(*) from comments where retry_at is null`); n != 1 {
		t.Errorf("%d letters", n)
	}
}
