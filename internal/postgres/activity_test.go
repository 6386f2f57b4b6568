package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// told plans an activity about an object with the given JSON.
func (l *ledgerStory) told(kind, object, body string) federation.Activity {
	l.Helper()
	id := newID()
	a := federation.Activity{
		ID: id, URI: "https://b.test/ap/activities/" + id.String(), ActorID: l.actor.ID, Type: kind, ObjectURI: object,
		JSON: []byte(body), Created: l.now, Listed: kind == "Create",
	}
	check(l.T, l.s.Plan(l.Context(), federation.Outgoing{Activity: a}))
	return a
}

func TestActivity(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	ctx := t.Context()
	create, other := l.told("Create", supersededObject, `{}`), l.told("Create", "https://b.test/ap/objects/2", `{"a":"é"}`)
	got, err := l.s.Activity(ctx, other.ID)
	check(t, err)
	differ(t, "activity", other, got)
	check(t, l.s.tx(ctx, func(tx pgx.Tx) error {
		return deleteObject(ctx, tx, supersededObject, "article", newID(), at(1))
	}))
	remove := l.told("Delete", supersededObject, `{}`)
	tests := []struct {
		name string
		in   uuid.UUID
		want error
	}{
		{"of a deleted object", create.ID, blog.ErrGone},
		{"the Delete itself", remove.ID, nil},
		{"of another object", other.ID, nil},
		{"none", newID(), blog.ErrNotFound},
	}
	for _, tt := range tests {
		if _, err := l.s.Activity(ctx, tt.in); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestOutboxPages(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	ctx := t.Context()
	var want []uuid.UUID
	for range 5 {
		want = append([]uuid.UUID{l.told("Create", "https://b.test/ap/objects/"+newID().String(), `{}`).ID}, want...)
		l.told("Update", "https://b.test/ap/objects/1", `{}`)
	}
	var got []uuid.UUID
	for before := uuid.Nil; ; before = got[len(got)-1] {
		page, err := l.s.Outbox(ctx, l.actor.ID, before, 2)
		check(t, err)
		for _, a := range page {
			got = append(got, a.ID)
		}
		if len(page) < 2 {
			break
		}
	}
	differ(t, "outbox", want, got)
	n, err := l.s.OutboxCount(ctx, l.actor.ID)
	check(t, err)
	differ(t, "count", 5, n)
	n, err = l.s.OutboxCount(ctx, newID())
	check(t, err)
	differ(t, "count of nobody", 0, n)
}

// TestDeletedObject knows what an object was, and who ever heard of it.
func TestDeletedObject(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	ctx := t.Context()
	a := published(l.actor.ID, "kopi", 0)
	save(t, l.s, a)
	l.told("Create", a.ObjectURI, `{"to":["as:Public"],"cc":["https://b.test/followers","https://a.test/ana"],"object":{"type":"Note"}}`)
	if d, err := l.s.DeletedObject(ctx, a.ObjectURI); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("one that is there: %v, %v", d, err)
	}
	l.told("Update", a.ObjectURI, `{"cc":["https://b.test/followers","https://a.test/budi"],"object":{"type":"Article"}}`)
	check(t, l.s.DeleteArticle(ctx, a.ID, at(5), nil, audit("article.delete")))
	l.told("Delete", a.ObjectURI, `{"cc":["https://a.test/nobody"],"object":{"type":"Tombstone"}}`)
	untold := published(l.actor.ID, "teh", 1)
	save(t, l.s, untold)
	check(t, l.s.DeleteArticle(ctx, untold.ID, at(6), nil, audit("article.delete")))

	for _, want := range []federation.Deleted{
		{
			URI: a.ObjectURI, Type: "Note", Published: at(0), At: at(5), To: []string{"as:Public"},
			CC: []string{"https://a.test/ana", "https://a.test/budi", "https://b.test/followers"},
		},
		{URI: untold.ObjectURI, Published: at(1), At: at(6), To: []string{}, CC: []string{}},
	} {
		got, err := l.s.DeletedObject(ctx, want.URI)
		check(t, err)
		differ(t, "deleted object", want, got)
	}
}

// TestPlanPresent plans only what tells of an object as it is.
func TestPlanPresent(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	a, ana, _ := talk(t, s)
	edited := published(a.ActorID, "teh", 0)
	edited.Updated = at(3)
	gone := published(a.ActorID, "susu", 0)
	save(t, s, edited, gone)
	check(t, s.DeleteArticle(ctx, gone.ID, at(5), nil, audit("article.delete")))
	blogActor, err := s.LocalActor(ctx, blog.BlogActor, "")
	check(t, err)
	ours, theirs := commentBy(blogActor, a, 1), commentBy(ana, a, 2)
	ours.Local, ours.Edited, theirs.Edited = true, at(4), at(4)
	addComments(t, s, ours, theirs)
	tests := []struct {
		name, kind, object string
		edited             time.Time
		want               error
	}{
		{"as it is", "Create", a.ObjectURI, time.Time{}, nil},
		{"an edit that is not there", "Update", a.ObjectURI, at(1), blog.ErrConflict},
		{"the last edit", "Update", edited.ObjectURI, at(3), nil},
		{"the edit before", "Update", edited.ObjectURI, at(2), blog.ErrConflict},
		{"before any edit", "Create", edited.ObjectURI, time.Time{}, blog.ErrConflict},
		{"deleted", "Create", gone.ObjectURI, time.Time{}, blog.ErrConflict},
		{"its Delete", "Delete", gone.ObjectURI, time.Time{}, nil},
		{"an answer as it is", "Update", ours.ObjectURI, at(4), nil},
		{"an answer before its edit", "Create", ours.ObjectURI, time.Time{}, blog.ErrConflict},
		{"the actor", "Update", blogActor.URI, time.Time{}, nil},
		{"no object of ours", "Accept", theirs.ObjectURI, time.Time{}, nil},
	}
	for _, tt := range tests {
		id := newID()
		err := s.Plan(ctx, federation.Outgoing{Edited: tt.edited, Activity: federation.Activity{
			ID: id, URI: "https://b.test/ap/activities/" + id.String(), ActorID: a.ActorID, Type: tt.kind,
			ObjectURI: tt.object, JSON: []byte(`{}`), Created: at(9),
		}})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		_, err = s.Activity(ctx, id)
		if planned := !errors.Is(err, blog.ErrNotFound); planned != (tt.want == nil) {
			t.Errorf("%s: planned %t", tt.name, planned)
		}
	}
}

// TestMentionsOfThePast leaves alone what was edited or deleted while people
// were looked up.
func TestMentionsOfThePast(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	a, _, _ := talk(t, s)
	found := []blog.Mention{{Handle: "x@x.test", ActorURI: "https://x.test/x"}}
	check(t, s.SetArticleMentions(ctx, a.ID, 1, found, safe("<p>first</p>")))
	save(t, s, next(a))
	check(t, s.SetArticleMentions(ctx, a.ID, 1, found, safe("<p>late</p>")))
	got, err := s.Article(ctx, a.ID)
	check(t, err)
	differ(t, "after an edit", a.HTML, got.HTML)
	check(t, s.SetArticleMentions(ctx, a.ID, 2, found, safe("<p>second</p>")))
	got, err = s.Article(ctx, a.ID)
	check(t, err)
	differ(t, "in time", "<p>second</p>", got.HTML.String())
	differ(t, "mentions", found, got.Mentions)

	blogActor, err := s.LocalActor(ctx, blog.BlogActor, "")
	check(t, err)
	c := commentBy(blogActor, a, 1)
	c.Local = true
	addComments(t, s, c)
	read := c
	c.Edited = at(2)
	check(t, s.EditReply(ctx, c, blog.CommentChanged{Comment: c.ID}, audit("comment.edit")))
	read.HTML, read.Mentions = safe("<p>late</p>"), found
	check(t, s.SetCommentMentions(ctx, read))
	answer, err := s.Comment(ctx, c.ID)
	check(t, err)
	differ(t, "after an edit", c.HTML, answer.HTML)
	c.HTML, c.Mentions = safe("<p>second</p>"), found
	check(t, s.SetCommentMentions(ctx, c))
	answer, err = s.Comment(ctx, c.ID)
	check(t, err)
	differ(t, "in time", "<p>second</p>", answer.HTML.String())

	check(t, s.DeleteReply(ctx, c.ID, at(3), blog.CommentChanged{Comment: c.ID}, audit("comment.delete")))
	check(t, s.SetCommentMentions(ctx, c))
	answer, err = s.Comment(ctx, c.ID)
	check(t, err)
	differ(t, "after the deletion", "", answer.HTML.String())
	check(t, s.DeleteArticle(ctx, a.ID, at(4), nil, audit("article.delete")))
	check(t, s.SetArticleMentions(ctx, a.ID, 2, found, safe("<p>late</p>")))
	got, err = s.Article(ctx, a.ID)
	check(t, err)
	differ(t, "after the deletion", "", got.HTML.String())
}

// TestAncestors names who wrote what stands above an answer, nearest first and
// each once, without ourselves and without who is not shown.
func TestAncestors(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	a, ana, budi := talk(t, s)
	cici, dodo := addActor(t, s, blog.Remote, "cici", "c.test"), addActor(t, s, blog.Remote, "dodo", "d.test")
	blogActor, err := s.LocalActor(ctx, blog.BlogActor, "")
	check(t, err)
	var chain []blog.Comment
	for i, by := range []blog.Actor{ana, budi, blogActor, ana, cici, dodo, budi, blogActor} {
		c := commentBy(by, a, i)
		if i > 0 {
			c = answering(c, chain[i-1])
		}
		if by.ID == cici.ID {
			c.State = blog.Spam
		}
		chain = append(chain, c)
	}
	addComments(t, s, chain...)
	s.exec(t, `update actors set deleted = $2 where id = $1`, dodo.ID, at(1))
	names := func(id uuid.UUID, limit int) []string {
		people, err := s.Ancestors(ctx, id, limit)
		check(t, err)
		list := []string{}
		for _, p := range people {
			list = append(list, p.Handle)
		}
		return list
	}
	differ(t, "all", []string{"budi", "ana"}, names(chain[7].ID, 10))
	differ(t, "the nearest", []string{"budi"}, names(chain[7].ID, 1))
	differ(t, "of the first", []string{}, names(chain[0].ID, 10))
	s.exec(t, `update comments set parent_id = $2 where id = $1`, chain[0].ID, chain[7].ID)
	differ(t, "in a circle", []string{"budi", "ana"}, names(chain[7].ID, 10))
}

// TestInsertLocalActor keeps the first of two nodes that start at once.
func TestInsertLocalActor(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	for _, keys := range []federation.LocalKeys{{RSA: "first", Ed25519: "a"}, {RSA: "second", Ed25519: "b"}} {
		id := newID()
		check(t, s.InsertLocalActor(ctx, federation.NewLocalActor{
			ID: id, URI: "https://b.test/ap/actors/" + id.String(), Kind: "blog", Type: "Person", Handle: "blog", Domain: "b.test",
			Keys: keys, Created: at(0),
		}))
	}
	a, err := s.LocalActor(ctx, blog.BlogActor, "")
	check(t, err)
	differ(t, "created", at(0), a.Created)
	keys, err := s.LocalKeys(ctx, a.ID)
	check(t, err)
	differ(t, "keys", federation.LocalKeys{RSA: "first", Ed25519: "a"}, keys)
	if _, err := s.LocalKeys(ctx, newID()); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("keys of nobody: %v", err)
	}
}
