package federation_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, kind := range []aptest.KeyDocument{aptest.WholeActor, aptest.StubActor, aptest.BareKey} {
		r := newReceiver(t)
		server, err := r.world.Start(aptest.Options{KeyDocument: kind})
		r.check(err)
		bob := server.Person("bob")
		if _, err := r.service.StoredKey(t.Context(), bob.KeyID()); !errors.Is(err, inbox.ErrNoKey) {
			t.Errorf("kind %d: StoredKey before = %v", kind, err)
		}
		if known, err := r.service.Known(t.Context(), bob.ID()); known || err != nil {
			t.Errorf("kind %d: Known before = %v, %v", kind, known, err)
		}
		fetched, err := r.service.FetchKey(t.Context(), bob.KeyID())
		r.check(err)
		stored, err := r.service.StoredKey(t.Context(), bob.KeyID())
		r.check(err)
		if fetched.Owner != bob.ID() || stored.Owner != bob.ID() || stored.ID != bob.KeyID() {
			t.Errorf("kind %d: fetched of %s, stored of %s, want %s", kind, fetched.Owner, stored.Owner, bob.ID())
		}
		if known, err := r.service.Known(t.Context(), bob.ID()); !known || err != nil {
			t.Errorf("kind %d: Known after = %v, %v", kind, known, err)
		}
		// The first activity confirms the handle, the next ones fetch nothing.
		r.takes(r.reply(bob, r.article.ObjectURI, "a"))
		a, err := r.store.RemoteActor(t.Context(), bob.ID())
		r.check(err)
		if a.Unconfirmed || a.Handle+"@"+a.Domain != bob.Handle() {
			t.Errorf("kind %d: handle %s@%s, unconfirmed %v", kind, a.Handle, a.Domain, a.Unconfirmed)
		}
		server.Misbehave(aptest.Behaviour{Path: path(server, bob.ID()), Status: http.StatusInternalServerError})
		r.takes(r.reply(bob, r.article.ObjectURI, "b"))
		r.wantThread("2: a b")
	}
}

// New actors count once they have proved who they are, whoever fetched their
// keys before.
func TestFetchKeyBounds(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.service.Limits = federation.Limits{NewActorsPerHour: 2}
	names := []string{"a", "b", "c"}
	for _, name := range names {
		_, err := r.service.FetchKey(t.Context(), r.remote.Person(name).KeyID())
		r.check(err)
	}
	for i, name := range append(names, "a") {
		who := r.remote.Person(name)
		activity, err := activitypub.Decode(do(who, "Like", r.article.ObjectURI).Body)
		r.check(err)
		err = r.service.Accept(t.Context(), inbox.Delivery{Signer: who.ID(), Host: federation.Host(who.ID()), Activity: activity, Raw: []byte("{}")})
		var later interface{ RetryAfter() time.Duration }
		if limited := errors.As(err, &later); limited != (i == 2) {
			t.Errorf("actor %d: %v", i, err)
		}
	}
	other := r.server()
	r.check(r.store.AddBlocks(t.Context(), []blog.Block{{Kind: "domain", Value: federation.Host(other.URL()), Created: r.now()}}, newID,
		blog.AuditEntry{ID: newID(), At: r.now(), Action: "block.add"}))
	eve := other.Person("eve")
	if _, err := r.service.FetchKey(t.Context(), eve.KeyID()); !errors.Is(err, inbox.ErrBlocked) {
		t.Errorf("key of a blocked host: %v", err)
	}
	if n := other.Requests(path(other, eve.ID())); n != 0 {
		t.Errorf("a blocked host was asked %d times", n)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	var tags []string
	r.store.Changed = func(changed ...string) { tags = append(tags, changed...) }
	bob := r.remote.Person("bob")
	r.takes(r.reply(bob, r.article.ObjectURI, "a"))
	tags = nil
	updated, err := bob.UpdateProfile(t.Context(), func(p *aptest.Profile) {
		p.Name, p.Summary, p.Icon = "Bob <b>B</b>\n\u202e", `<p onclick="x">me</p><script>x</script>`, "javascript:x"
	})
	r.check(err)
	r.takes(updated)
	r.wantOutcome(updated.ID, "profile")
	a, err := r.store.RemoteActor(t.Context(), bob.ID())
	r.check(err)
	if a.Name != "Bob <b>B</b>" || a.Summary != "<p>me</p>" || a.AvatarURL != "" {
		t.Errorf("profile %q %q %q", a.Name, a.Summary, a.AvatarURL)
	}
	if len(tags) != 1 || tags[0] != blog.PageActor(a.ID) {
		t.Errorf("changed pages %v", tags)
	}
}

// Profiles are read anew a day after, once, when they are used.
func TestRefresh(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	r.takes(r.reply(bob, r.article.ObjectURI, "a"), r.reply(eve, r.article.ObjectURI, "b"))
	_, err := bob.UpdateProfile(t.Context(), func(p *aptest.Profile) { p.Name = "New" })
	r.check(err)
	asked := r.remote.Requests(path(r.remote, bob.ID()))
	r.pass(25 * time.Hour)
	r.takes(r.reply(bob, r.article.ObjectURI, "c"), r.reply(bob, r.article.ObjectURI, "d"))
	if n := r.remote.Requests(path(r.remote, bob.ID())); n != asked {
		t.Errorf("the reply waited for %d fetches", n-asked)
	}
	r.check(r.service.RefreshActors(t.Context()))
	r.check(r.service.RefreshActors(t.Context()))
	a, err := r.store.RemoteActor(t.Context(), bob.ID())
	r.check(err)
	if n := r.remote.Requests(path(r.remote, bob.ID())); a.Name != "New" || n != asked+1 {
		t.Errorf("name %q after %d fetches", a.Name, n-asked)
	}
}

// What an actor's document may not make us do.
func TestForgedActor(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	mallory, bob := r.server().Person("mallory"), r.remote.Person("bob")
	_, err := r.service.FetchKey(t.Context(), bob.KeyID())
	r.check(err)
	key, err := r.service.StoredKey(t.Context(), bob.KeyID())
	r.check(err)
	r.takes(do(mallory, "Update", aptest.Doc{
		"id": mallory.ID(), "type": "Person", "preferredUsername": "mal@lory", "inbox": bob.Inbox(),
		"endpoints": aptest.Doc{"sharedInbox": r.remote.SharedInbox()},
		"publicKey": aptest.Doc{"id": bob.KeyID(), "owner": mallory.ID(), "publicKeyPem": "x"},
	}))
	a, err := r.store.RemoteActor(t.Context(), mallory.ID())
	r.check(err)
	if a.Inbox != "" || a.SharedInbox != "" || a.Handle != "mallory" {
		t.Errorf("inbox %q, shared %q, handle %q", a.Inbox, a.SharedInbox, a.Handle)
	}
	if after, err := r.service.StoredKey(t.Context(), bob.KeyID()); err != nil || after.Owner != key.Owner {
		t.Errorf("the key of bob: %v of %s", err, after.Owner)
	}
}

func TestBreachIsRecorded(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	body := do(bob, "Like", r.article.ObjectURI).Body
	activity, err := activitypub.Decode(body)
	r.check(err)
	d := inbox.Delivery{Signer: "https://x.example/eve", Host: "x.example", Activity: activity, Raw: body}
	r.service.Breach(t.Context(), d, "signer")
	r.work()
	if n := r.count(`select count(*) from inbound where outcome = 'refused:signer' and done is not null`); n != 1 {
		t.Errorf("%d refused activities recorded", n)
	}
	if got := r.numbers(); got != "0 likes 0 boosts 0 reactions" {
		t.Error(got)
	}
}
