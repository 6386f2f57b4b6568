package federation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// runJobs does the waiting jobs of a kind, newest first if reversed.
func runJobs[Job interface{ Kind() string }](r *receiver, do func(context.Context, Job) error, reversed bool) {
	r.t.Helper()
	var job Job
	order := "id"
	if reversed {
		order = "id desc"
	}
	rows, err := r.store.Pool().Query(r.t.Context(), `
		with done as (delete from river_job where kind = $1 returning id, args)
		select args from done order by `+order, job.Kind())
	r.check(err)
	args, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	r.check(err)
	for _, a := range args {
		var job Job
		r.check(json.Unmarshal(a, &job))
		r.check(do(r.t.Context(), job))
		r.check(do(r.t.Context(), job)) // as after a crash
	}
}

// told are the types of the activities of ours with their inboxes, oldest first.
func (r *receiver) told() string {
	r.t.Helper()
	rows, err := r.store.Pool().Query(r.t.Context(), `
		select a.type || ' ' || regexp_replace(d.inbox, '^.*/', '') from deliveries d join actors x on x.inbox = d.inbox or x.shared_inbox = d.inbox
		join activities a on a.id = d.activity_id group by a.id, d.inbox order by a.id, d.inbox`)
	r.check(err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	r.check(err)
	return strings.Join(list, ", ")
}

// heard is a comment by somebody of another server.
func (r *receiver) heard(name string) blog.Comment {
	r.t.Helper()
	create := r.reply(r.remote.Person(name), r.article.ObjectURI, "halo")
	r.takes(create)
	c, err := r.store.CommentByObject(r.t.Context(), create.ObjectID)
	r.check(err)
	return c
}

func TestOurReactions(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.article = r.publish("teh")
	r.takes(do(r.server().Person("follower"), "Follow", r.actor.URI))
	r.exec(`delete from deliveries`)
	c := r.heard("bob")
	react := func(f func(context.Context, uuid.UUID, blog.Subject, string) error, kind string) {
		t.Helper()
		r.check(f(t.Context(), uuid.Nil, blog.Subject{Comment: c.ID}, kind))
	}
	b := r.service.Blog
	for range 2 { // to do it again changes nothing
		react(b.React, "like")
		react(b.React, "boost")
	}
	runJobs(r, r.service.ReactionChanged, false)
	if got, want := r.told(), "Like inbox, Announce inbox, Announce inbox"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	ours, err := r.store.OurReactions(t.Context(), []uuid.UUID{c.ID})
	r.check(err)
	if diff := cmp.Diff(map[uuid.UUID]map[string]bool{c.ID: {"like": true, "boost": true}}, ours); diff != "" {
		t.Error(diff)
	}
	if c, _ = r.store.Comment(t.Context(), c.ID); c.Likes != 1 || c.Boosts != 1 {
		t.Errorf("%d likes, %d boosts", c.Likes, c.Boosts)
	}
	r.wantAnnounce(c)

	react(b.Unreact, "boost")
	react(b.Unreact, "boost")
	runJobs(r, r.service.ReactionChanged, false)
	if got, want := r.told(), "Like inbox, Announce inbox, Announce inbox, Undo inbox, Undo inbox"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	if c, _ = r.store.Comment(t.Context(), c.ID); c.Likes != 1 || c.Boosts != 0 {
		t.Errorf("%d likes, %d boosts", c.Likes, c.Boosts)
	}
	if n, _ := r.store.OutboxCount(t.Context(), r.actor.ID); n != 0 {
		t.Errorf("%d in the outbox", n)
	}
	entries, err := r.store.Audit(t.Context(), blog.AuditQuery{Limit: 3})
	r.check(err)
	if got := fmt.Sprint(entries[0].Action, entries[1].Action, entries[2].Action); got != "comment.unboostcomment.boostcomment.like" {
		t.Errorf("audit: %s", got)
	}
}

// wantAnnounce checks the boost as others fetch it, and that it is listed.
func (r *receiver) wantAnnounce(c blog.Comment) {
	r.t.Helper()
	list, err := r.store.Outbox(r.t.Context(), r.actor.ID, uuid.Nil, 9)
	r.check(err)
	if len(list) != 1 {
		r.t.Fatalf("%d in the outbox, want the Announce", len(list))
	}
	doc, err := r.service.ActivityDocument(r.t.Context(), list[0].ID)
	r.check(err)
	var got struct {
		Type, Actor, Object, Published string
		To, CC                         []string
	}
	r.check(json.Unmarshal(doc, &got))
	if got.Type != "Announce" || got.Object != c.ObjectURI || got.Actor != r.actor.URI || got.Published == "" ||
		got.To[0] != "https://www.w3.org/ns/activitystreams#Public" || got.CC[0] != r.actor.URI+"/followers" || got.CC[1] != c.Actor.URI {
		r.t.Errorf("%s", doc)
	}
}

// TestOurReactionUndoneFirst has the job of the Undo done before the other's.
func TestOurReactionUndoneFirst(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	c := r.heard("bob")
	on := blog.Subject{Comment: c.ID}
	r.check(r.service.Blog.React(t.Context(), uuid.Nil, on, "like"))
	r.check(r.service.Blog.Unreact(t.Context(), uuid.Nil, on, "like"))
	runJobs(r, r.service.ReactionChanged, true)
	if got := r.told(); strings.Contains(got, "Like") {
		t.Errorf("told %s", got)
	}
}

func TestOurReactionRefused(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	tests := []struct {
		name, change, kind, want string
	}{
		{"hidden", `update comments set state = 'hidden' where id = $1`, "like", "comment-not-public"},
		{"private boost", `update comments set visibility = 'followers' where id = $1`, "boost", "boost-private"},
		{"our own", `update comments set local = true where id = $1`, "like", "comment-own"},
		{"another kind", `select $1::uuid`, "emoji", "reaction"},
		{"private like", `update comments set visibility = 'direct' where id = $1`, "like", ""},
	}
	for i, tt := range tests {
		c := r.heard(fmt.Sprint("p", i))
		r.exec(tt.change, c.ID)
		err := r.service.Blog.React(t.Context(), uuid.Nil, blog.Subject{Comment: c.ID}, tt.kind)
		var invalid *blog.Invalid
		if errors.As(err, &invalid) != (tt.want != "") || invalid != nil && invalid.Problem != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if err := r.service.Blog.React(t.Context(), uuid.Nil, blog.Subject{Comment: newID()}, "like"); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

// TestOurReactionDocuments keeps what is sent, byte for byte.
func TestOurReactionDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	c := w.comment(mika, a, uuid.Nil)
	for _, step := range []struct {
		golden, kind string
		do           func(context.Context, uuid.UUID, blog.Subject, string) error
	}{
		{"like", "like", w.blog.React},
		{"boost", "boost", w.blog.React},
		{"like-undo", "like", w.blog.Unreact},
		{"boost-undo", "boost", w.blog.Unreact},
	} {
		w.pass(time.Second)
		w.check(step.do(t.Context(), uuid.Nil, blog.Subject{Comment: c}, step.kind))
		w.run()
		var body []byte
		w.check(w.store.Pool().QueryRow(t.Context(), `select json from activities order by id desc limit 1`).Scan(&body))
		w.golden(step.golden, body)
	}
}
