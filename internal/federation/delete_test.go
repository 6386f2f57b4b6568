package federation_test

import (
	"errors"
	"net/http"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
)

func TestDeleteActor(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	_, err := r.service.FetchKey(t.Context(), bob.KeyID())
	r.check(err)
	a := r.reply(bob, r.article.ObjectURI, "a")
	b := r.reply(eve, a.ObjectID, "b")
	c := r.reply(bob, r.article.ObjectURI, "c")
	r.takes(a, b, c, do(bob, "Like", r.article.ObjectURI), do(bob, "Like", b.ObjectID), do(eve, "Announce", r.article.ObjectURI),
		do(bob, "Follow", r.actor.URI))
	r.wantThread("3: a ( b ) c")

	end := do(bob, "Delete", bob.ID())
	r.takes(end)
	r.wantOutcome(end.ID, "deleted")
	r.wantThread("1: - ( b )")
	if got := r.numbers(); got != "0 likes 1 boosts 1 reactions" {
		t.Error(got)
	}
	if n := r.followers(); n != 0 {
		t.Errorf("%d followers", n)
	}
	if known, err := r.service.Known(t.Context(), bob.ID()); known || err != nil {
		t.Errorf("Known = %v, %v", known, err)
	}
	if _, err := r.service.StoredKey(t.Context(), bob.KeyID()); !errors.Is(err, inbox.ErrNoKey) {
		t.Errorf("StoredKey = %v, want ErrNoKey", err)
	}
	if n := r.count(`select count(*) from actors where uri = $1 and name = '' and summary = '' and avatar_url = ''`, bob.ID()); n != 1 {
		t.Error("the profile is still there")
	}

	// Nothing of theirs comes back.
	d := r.reply(bob, r.article.ObjectURI, "d")
	r.takes(d, r.reply(eve, d.ObjectID, "e"))
	r.wantOutcome(d.ID, "refused:actor-deleted")
	r.wantThread("1: - ( b )")
}

func TestDeleteIsRemembered(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	r.takes(r.reply(eve, r.article.ObjectURI, "e"), r.reply(bob, r.article.ObjectURI, "b"))
	a, c := r.reply(bob, r.article.ObjectURI, "a"), r.reply(bob, r.article.ObjectURI, "c")
	// A neighbour cannot keep bob from saying something.
	r.takes(do(eve, "Delete", c.ObjectID), remove(bob, a), c, a)
	r.wantOutcome(a.ID, "ignored:deleted")
	r.wantOutcome(c.ID, "comment")
	r.wantThread("3: e b c")
	if _, err := r.store.CommentByObject(t.Context(), a.ObjectID); !errors.Is(err, blog.ErrGone) {
		t.Errorf("CommentByObject = %v, want ErrGone", err)
	}
}

func TestForwarded(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	a := r.reply(bob, r.article.ObjectURI, "a")
	lie := do(bob, "Create", aptest.Doc{
		"id": a.ObjectID, "type": "Note", "attributedTo": bob.ID(), "content": "lie",
		"inReplyTo": r.article.ObjectURI, "to": a.Activity["to"],
	}, aptest.Doc{"signature": aptest.Doc{}})
	r.forward(eve.ID(), lie.Body)
	r.work()
	r.wantThread("1: a") // what stands at its origin

	// The origin still has it.
	stays := do(bob, "Delete", a.ObjectID, aptest.Doc{"signature": aptest.Doc{}})
	r.forward(eve.ID(), stays.Body)
	r.work()
	r.wantOutcome(stays.ID, "ignored:still-there")
	r.wantThread("1: a")

	tests := []struct {
		name   string
		status int
		want   string
		thread string
	}{
		{"the origin is down", http.StatusServiceUnavailable, "waiting", "1: a"},
		{"not found", http.StatusNotFound, "deleted", "0:"},
	}
	for _, tt := range tests {
		r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, a.ObjectID), Status: tt.status})
		gone := do(bob, "Delete", a.ObjectID, aptest.Doc{"signature": aptest.Doc{}})
		r.forward(eve.ID(), gone.Body)
		r.work()
		if got := r.outcome(gone.ID); len(got) < len(tt.want) || got[:len(tt.want)] != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		r.wantThread(tt.thread)
	}
}

// A person is believed deleted only when their server says gone.
func TestForwardedDeleteOfActor(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	r.takes(r.reply(bob, r.article.ObjectURI, "a"))
	for _, tt := range []struct {
		status int
		want   string
	}{{http.StatusNotFound, "1: a"}, {http.StatusGone, "0:"}} {
		r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, bob.ID()), Status: tt.status})
		r.forward(eve.ID(), do(bob, "Delete", bob.ID(), aptest.Doc{"signature": aptest.Doc{}}).Body)
		r.work()
		r.wantThread(tt.want)
	}
}
