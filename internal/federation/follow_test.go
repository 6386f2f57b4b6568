package federation_test

import (
	"strings"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
)

func (r *receiver) followers() int { return r.count(`select count(*) from followers`) }

func TestFollow(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	nudged := 0
	r.service.Nudge = func() { nudged++ }
	bob := r.remote.Person("bob")
	follow := do(bob, "Follow", r.actor.URI)
	r.takes(follow)
	r.wantOutcome(follow.ID, "follow")
	if r.followers() != 1 || nudged != 1 {
		t.Errorf("%d followers, %d nudges", r.followers(), nudged)
	}
	var body []byte
	var to string
	r.scan(`select a.json, d.inbox from activities a join deliveries d on d.activity_id = a.id where a.type = 'Accept'`, nil, &body, &to)
	accept, err := activitypub.Decode(body)
	r.check(err)
	switch {
	case to != bob.Inbox():
		t.Errorf("the Accept goes to %s, want %s", to, bob.Inbox())
	case accept.Actor.ID() != r.actor.URI, accept.Object.ID() != follow.ID, !strings.HasPrefix(accept.ID, origin+"/ap/activities/"):
		t.Errorf("Accept %s", body)
	}
	if n := r.count(`select count(*) from hosts where next_at is not null`); n != 1 {
		t.Error("the host of the follower is not due")
	}

	// Again and again is one follower; each is answered.
	r.takes(do(bob, "Follow", r.actor.URI), follow)
	if n := r.count(`select count(*) from activities where type = 'Accept'`); r.followers() != 1 || n != 2 {
		t.Errorf("%d followers, %d Accepts", r.followers(), n)
	}
}

func TestEndOfFollow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(r *receiver, bob *aptest.Person, follow *aptest.Sent) *aptest.Sent
		want string
		left int
	}{
		{"undo", func(_ *receiver, bob *aptest.Person, f *aptest.Sent) *aptest.Sent { return do(bob, "Undo", f.Activity) }, "undone", 0},
		{"undo by id", func(_ *receiver, bob *aptest.Person, f *aptest.Sent) *aptest.Sent { return do(bob, "Undo", f.ID) }, "undone", 0},
		{"undo without id", func(r *receiver, bob *aptest.Person, _ *aptest.Sent) *aptest.Sent {
			return do(bob, "Undo", aptest.Doc{"type": "Follow", "actor": bob.ID(), "object": r.actor.URI})
		}, "undone", 0},
		{"block", func(r *receiver, bob *aptest.Person, _ *aptest.Sent) *aptest.Sent {
			return do(bob, "Block", r.actor.URI)
		}, "blocked", 0},
		{"delete", func(_ *receiver, bob *aptest.Person, _ *aptest.Sent) *aptest.Sent { return do(bob, "Delete", bob.ID()) }, "deleted", 0},
		{"undo by a neighbour", func(r *receiver, _ *aptest.Person, f *aptest.Sent) *aptest.Sent {
			return do(r.remote.Person("eve"), "Undo", f.ID)
		}, "ignored:unknown", 1},
		{"block by a neighbour", func(r *receiver, _ *aptest.Person, _ *aptest.Sent) *aptest.Sent {
			return do(r.remote.Person("eve"), "Block", r.actor.URI)
		}, "ignored:unknown", 1},
		{"reject is recorded", func(_ *receiver, bob *aptest.Person, f *aptest.Sent) *aptest.Sent { return do(bob, "Reject", f.ID) }, "recorded", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			bob := r.remote.Person("bob")
			follow := do(bob, "Follow", r.actor.URI)
			r.takes(follow)
			end := tt.end(r, bob, follow)
			r.takes(end)
			r.wantOutcome(end.ID, tt.want)
			if n := r.followers(); n != tt.left {
				t.Errorf("%d followers left, want %d", n, tt.left)
			}
		})
	}
}

func TestFollowRefused(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	undone := do(bob, "Follow", r.actor.URI)
	tests := []struct {
		name string
		sent *aptest.Sent
		want string
	}{
		{"nobody", do(bob, "Follow", origin+"/ap/actors/x"), "ignored:not-ours"},
		{"the instance actor", do(bob, "Follow", origin+"/ap/actor"), "ignored:not-ours"},
		{"somebody else's", do(bob, "Follow", bob.ID()), "ignored:not-ours"},
		{"the Undo came first", do(bob, "Undo", undone.Activity), "ignored:unknown"},
		{"undone before", undone, "ignored:undone"},
	}
	for _, tt := range tests {
		r.takes(tt.sent)
		if got := r.outcome(tt.sent.ID); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if n := r.followers(); n != 0 {
		t.Errorf("%d followers", n)
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, next, eve := r.remote.Person("bob"), r.server().Person("bob"), r.server().Person("eve")
	r.takes(do(bob, "Follow", r.actor.URI))
	forged := do(bob, "Move", bob.ID(), aptest.Doc{"target": eve.ID()})
	r.takes(forged)
	r.wantOutcome(forged.ID, "refused:move")
	moved, err := bob.Move(t.Context(), next)
	r.check(err)
	r.takes(moved)
	r.wantOutcome(moved.ID, "moved")
	var uri, inbox string
	r.scan(`select a.uri, a.inbox from followers f join actors a on a.id = f.actor_id`, nil, &uri, &inbox)
	if uri != next.ID() || inbox != next.Inbox() {
		t.Errorf("%s follows at %s, want %s", uri, inbox, next.ID())
	}
	again := do(bob, "Move", bob.ID(), aptest.Doc{"target": next.ID()})
	r.takes(again)
	r.wantOutcome(again.ID, "ignored:no-follower")
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	flag := r.remote.Instance().Prepare(aptest.Doc{
		"type": "Flag", "content": "<b>bad</b>", "object": []string{r.actor.URI, r.article.ObjectURI},
	})
	r.takes(flag)
	r.wantOutcome(flag.ID, "flag")
	var actor, content string
	var objects []string
	r.scan(`select actor_uri, content, objects from reports`, nil, &actor, &content, &objects)
	if actor != r.remote.Instance().ID() || content != "<b>bad</b>" || len(objects) != 2 {
		t.Errorf("report by %s: %q about %v", actor, content, objects)
	}
}

// TestFollowUnderOneID has a person follow, leave and come back with the same
// ids each time, as Misskey gives them.
func TestFollowUnderOneID(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	follow := do(bob, "Follow", r.actor.URI)
	undo := do(bob, "Undo", follow.Activity)
	for round := range 2 {
		r.takes(follow, follow)
		if n := r.count(`select count(*) from activities where type = 'Accept'`); r.followers() != 1 || n != round+1 {
			t.Errorf("round %d: %d followers, %d Accepts", round, r.followers(), n)
		}
		if round == 0 {
			r.takes(undo, undo)
			r.wantOutcome(undo.ID, "undone")
		}
	}
	r.takes(do(bob, "Block", r.actor.URI), do(bob, "Undo", follow.ID), follow)
	if r.followers() != 1 {
		t.Error("the follow after a block has no effect")
	}
	r.takes(undo)
	if r.followers() != 0 {
		t.Error("the second Undo under one id has no effect")
	}
}

// TestFollowReplayed sends the request of a follow again that was taken back:
// without a new signature it is no new follow.
func TestFollowReplayed(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	follow := do(bob, "Follow", r.actor.URI)
	r.takes(follow)
	signed := time.Unix(r.signed.Load(), 0)
	r.takes(do(bob, "Undo", follow.Activity))
	r.acceptSigned(follow.Body, signed)
	r.work()
	if r.followers() != 0 {
		t.Error("a request that was sent again made a follower")
	}
	r.takes(follow)
	if r.followers() != 1 {
		t.Error("the same follow under a new signature was not taken")
	}
}
