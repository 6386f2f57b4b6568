package federation_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

func (w *writer) server(o aptest.Options) *aptest.Server {
	w.Helper()
	all, err := world()
	w.check(err)
	s, err := all.Start(o)
	w.check(err)
	w.Cleanup(s.Close)
	return s
}

// TestMentionReaches has people named who do not follow: who is found gets the
// Create and a link, who is not stays text.
func TestMentionReaches(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	shared, alone, hanging := w.server(aptest.Options{}), w.server(aptest.Options{OwnInboxes: true}), w.server(aptest.Options{})
	hanging.Misbehave(aptest.Behaviour{Path: "/.well-known/webfinger", Status: 500})
	mika, joko, lost := shared.Person("mika"), alone.Person("joko"), hanging.Person("lost")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "@" + mika.Handle() + " @" + mika.Handle() + " @" + joko.Handle() +
		" @" + lost.Handle() + " @nobody@" + federation.Host(shared.URL()) + " @blog@blog.example"})
	w.run()

	got := w.ledger(a.ObjectURI)
	want := []string{"Create " + shared.SharedInbox() + " waiting", "Create " + joko.Inbox() + " waiting"}
	slices.Sort(got)
	slices.Sort(want)
	w.differ("ledger", want, got)
	var sent struct {
		CC     []string
		Object struct{ Tag []struct{ Type, Href string } }
	}
	w.check(json.Unmarshal(w.made("Create", a.ObjectURI), &sent))
	w.differ("cc", []string{w.actor.URI + "/followers", mika.ID(), joko.ID(), w.actor.URI}, sent.CC)
	w.differ("mentions", 3, len(sent.Object.Tag))

	a, err := w.blog.Article(t.Context(), a.ID)
	w.check(err)
	for text, link := range map[string]bool{
		`<a class="mention" href="` + mika.Server().URL() + `/@mika">@` + mika.Handle() + `</a>`: true,
		"> @" + lost.Handle() + " @nobody@": false,
	} {
		if !strings.Contains(a.HTML.String(), text) {
			t.Errorf("link %t: %q is not in %s", link, text, a.HTML)
		}
	}
}

// TestMentionHangs bounds how long the article waits for servers that do not
// answer: all of them are asked at once.
func TestMentionHangs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for the time limit")
	}
	w := newWriter(t)
	w.check(w.store.Pool().Ping(t.Context()))
	text := ""
	for range 4 {
		s := w.server(aptest.Options{})
		s.Misbehave(aptest.Behaviour{Path: "/.well-known/webfinger", Hang: true})
		text += " @" + s.Person("slow").Handle()
	}
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: text})
	begin := time.Now()
	w.run()
	if spent := time.Since(begin); spent < 4*time.Second || spent > 9*time.Second {
		t.Errorf("the article waited %s, want some 5 s", spent)
	}
	w.differ("activities", []string{"Create"}, w.activities(a.ObjectURI))
}

// TestMentionRemoved tells those of an edit who were named before it.
func TestMentionRemoved(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	s := w.server(aptest.Options{})
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Halo @" + s.Person("mika").Handle()})
	w.run()
	a, err := w.blog.Article(t.Context(), a.ID)
	w.check(err)
	w.edit(a, "Halo.")
	w.run()
	w.exec(`update deliveries set attempts = 1`) // as if it was tried
	w.remove(a)
	w.run()
	w.differ("ledger", []string{
		"Create " + s.SharedInbox() + " superseded", "Update " + s.SharedInbox() + " superseded", "Delete " + s.SharedInbox() + " waiting",
	}, w.ledger(a.ObjectURI))
	a, err = w.blog.Article(t.Context(), a.ID)
	w.check(err)
	w.differ("mentions", 0, len(a.Mentions))
}

// TestSharedInbox has one row for all followers behind an inbox, and for who
// is named there too.
func TestSharedInbox(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	s, own := w.server(aptest.Options{}), w.server(aptest.Options{OwnInboxes: true})
	for _, p := range []*aptest.Person{s.Person("a"), s.Person("b"), s.Person("c"), own.Person("d"), own.Person("e")} {
		w.follows(w.known(p))
	}
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Halo @" + s.Person("b").Handle() + " @" + s.Person("z").Handle()})
	w.run()
	got := w.ledger(a.ObjectURI)
	slices.Sort(got)
	want := []string{
		"Create " + s.SharedInbox() + " waiting", "Create " + own.Person("d").Inbox() + " waiting", "Create " + own.Person("e").Inbox() + " waiting",
	}
	slices.Sort(want)
	w.differ("ledger", want, got)
}

// TestJobTwice runs each job again, as after a crash, also side by side.
func TestJobTwice(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.follows(w.person("mika", "danau.example"), w.person("joko", "gunung.example"))
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.pass(time.Minute)
	a = w.edit(a, "Lain.")
	for _, j := range w.waiting() {
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() { w.do(j) })
		}
		both.Wait()
	}
	w.differ("activities", []string{"Create", "Update"}, w.activities(a.ObjectURI))
	w.differ("rows", 4, len(w.ledger(a.ObjectURI)))
	w.remove(a)
	for _, j := range w.waiting() {
		w.do(j)
		w.do(j)
	}
	w.differ("activities", []string{"Create", "Update", "Delete"}, w.activities(a.ObjectURI))
}

// TestLateJobs runs jobs after further changes.
func TestLateJobs(t *testing.T) {
	t.Parallel()
	type step = func(w *writer, a *blog.Article)
	edit := func(w *writer, a *blog.Article) { *a = w.edit(*a, "Kedua.") }
	remove := func(w *writer, a *blog.Article) { w.remove(*a) }
	run := func(w *writer, _ *blog.Article) { w.run() }
	backwards := func(w *writer, _ *blog.Article) {
		jobs := w.waiting()
		slices.Reverse(jobs)
		for _, j := range jobs {
			w.do(j)
		}
	}
	const inbox = " https://danau.example/inbox "
	tests := []struct {
		name    string
		in      []step
		want    []string
		content string // of each Create and Update
	}{
		{"Create after an edit", []step{edit, run}, []string{"Create" + inbox + "waiting", "Update" + inbox + "waiting"}, "Kedua."},
		{"Update before the Create", []step{edit, backwards}, []string{"Create" + inbox + "waiting"}, "Kedua."},
		{"Create after the deletion", []step{remove, run}, []string{"Delete" + inbox + "skipped"}, ""},
		{"Create after the Delete", []step{remove, backwards}, []string{"Delete" + inbox + "skipped"}, ""},
		{"all after the deletion", []step{edit, remove, run}, []string{"Delete" + inbox + "skipped"}, ""},
		{
			"Update after the deletion",
			[]step{run, edit, remove, run},
			[]string{"Create" + inbox + "superseded", "Delete" + inbox + "skipped"},
			"Pertama.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWriter(t)
			w.follows(w.person("mika", "danau.example"))
			a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pertama."})
			for _, do := range tt.in {
				w.pass(time.Minute)
				do(w, &a)
			}
			w.differ("ledger", tt.want, w.ledger(a.ObjectURI))
			for _, body := range w.texts(`select convert_from(json, 'UTF8') from activities where object_uri = $1 and type <> 'Delete'`, a.ObjectURI) {
				if !strings.Contains(body, tt.content) {
					t.Errorf("%s does not tell of %q", body, tt.content)
				}
			}
		})
	}
}

// racing is a store in which an article changes just before the plan.
type racing struct {
	federation.Store
	change func()
}

func (r *racing) Plan(ctx context.Context, o federation.Outgoing) error {
	if change := r.change; change != nil {
		r.change = nil
		change()
	}
	return r.Store.Plan(ctx, o)
}

// TestChangeWhilePlanning changes an article while its job is at work, as it
// happens while people are looked up. The state before must not be told last.
func TestChangeWhilePlanning(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(w *writer, a blog.Article)
		want   []string
	}{
		{"an edit", func(w *writer, a blog.Article) { w.edit(a, "Kedua.") }, []string{"Create"}},
		{"an edit that is planned at once", func(w *writer, a blog.Article) { w.edit(a, "Kedua."); w.run() }, []string{"Create"}},
		{"a deletion", func(w *writer, a blog.Article) { w.remove(a) }, []string{}},
		{"a deletion that is planned at once", func(w *writer, a blog.Article) { w.remove(a); w.run() }, []string{"Delete"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWriter(t)
			a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pertama."})
			w.service.Store = &racing{Store: w.store, change: func() {
				w.pass(time.Minute)
				tt.change(w, a)
			}}
			jobs := w.waiting()
			w.do(jobs[0])
			w.differ("activities", tt.want, w.activities(a.ObjectURI))
			for _, body := range w.texts(`select convert_from(json, 'UTF8') from activities where type <> 'Delete'`) {
				if !strings.Contains(body, "Kedua.") {
					t.Errorf("the state before the change: %s", body)
				}
			}
		})
	}
}

// TestRepublish gives an article that comes back a new object; the old one
// stays gone, with what was said of it.
func TestRepublish(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.follows(w.person("mika", "danau.example"))
	ctx := t.Context()
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	create := w.newest("Create")
	if _, err := w.service.ActivityDocument(ctx, create); err != nil {
		t.Errorf("the Create: %v", err)
	}
	w.exec(`update deliveries set attempts = 1, state = 'delivered'`)
	w.remove(a)
	w.run()
	again := w.save(blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Kopi", Markdown: "Isi."}, Publish: true})
	w.run()

	if again.ObjectURI == a.ObjectURI || again.Slug != a.Slug {
		t.Errorf("came back as %s at %s", again.ObjectURI, again.Slug)
	}
	w.differ("activities of the old one", []string{"Create", "Delete"}, w.activities(a.ObjectURI))
	w.differ("activities of the new one", []string{"Create"}, w.activities(again.ObjectURI))
	if _, err := w.service.ActivityDocument(ctx, create); !errors.Is(err, blog.ErrGone) {
		t.Errorf("the Create of the old one: %v", err)
	}
	if _, err := w.service.ActivityDocument(ctx, w.newest("Delete")); err != nil {
		t.Errorf("the Delete: %v", err)
	}
	if _, err := w.service.Object(ctx, w.object(a.ObjectURI)); !errors.Is(err, blog.ErrGone) {
		t.Errorf("the old object: %v", err)
	}
	if _, err := w.service.Object(ctx, w.object(again.ObjectURI)); err != nil {
		t.Errorf("the new object: %v", err)
	}
}

func (w *writer) newest(kind string) uuid.UUID {
	w.Helper()
	var id uuid.UUID
	w.check(w.store.Pool().QueryRow(w.Context(), `select id from activities where type = $1 order by id desc limit 1`, kind).Scan(&id))
	return id
}

// TestActivityDocuments says which activities everybody may read.
func TestActivityDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	site, err := w.store.Site(t.Context())
	w.check(err)
	mika := w.person("mika", "danau.example")
	o, err := w.service.Answer(site, w.actor, "Accept", w.id(), federation.Follow{URI: mika.URI + "#f", Actor: mika.URI, Inbox: mika.Inbox})
	w.check(err)
	w.check(w.store.Plan(t.Context(), o))
	if _, err := w.service.ActivityDocument(t.Context(), o.Activity.ID); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("an Accept: %v", err)
	}
	if _, err := w.service.ActivityDocument(t.Context(), w.id()); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("no activity: %v", err)
	}
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	doc, err := w.service.ActivityDocument(t.Context(), w.newest("Create"))
	w.check(err)
	w.differ("the Create", string(w.made("Create", a.ObjectURI)), string(doc))
}

// TestReplyReaches sends an answer to the followers and to everybody above it,
// except to those whose comment is not shown.
func TestReplyReaches(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	reader, mika, joko := w.person("reader", "pembaca.example"), w.person("mika", "danau.example"), w.person("joko", "gunung.example")
	spam := w.person("spam", "spam.example")
	w.follows(reader)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	first := w.comment(mika, a, uuid.Nil)
	second := w.comment(spam, a, first)
	third := w.comment(joko, a, second)
	w.comment(w.person("aside", "lain.example"), a, first)
	w.exec(`update comments set state = 'spam' where id = $1`, second)
	c := w.reply(blog.Reply{Comment: third, Markdown: "Halo."})
	w.run()
	got := w.ledger(c.ObjectURI)
	slices.Sort(got)
	w.differ("ledger", []string{
		"Create https://danau.example/inbox waiting", "Create https://gunung.example/inbox waiting", "Create https://pembaca.example/inbox waiting",
	}, got)

	// An answer that is deleted before its job ran is told nobody.
	late := w.reply(blog.Reply{Comment: third, Markdown: "Halo."})
	w.check(w.blog.DeleteReply(t.Context(), uuid.Nil, late.ID))
	w.run()
	w.differ("activities of the late one", []string{"Delete"}, w.activities(late.ObjectURI))
	for _, row := range w.ledger(late.ObjectURI) {
		if !strings.Contains(row, "skipped") {
			t.Errorf("told: %s", row)
		}
	}
}

// TestEditsInOneSecond are still told apart by servers that read whole
// seconds.
func TestEditsInOneSecond(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.pass(300 * time.Millisecond)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	last := ""
	for _, text := range []string{"Satu.", "Dua.", "Tiga."} {
		w.edit(a, text)
		w.run()
		var sent struct {
			Object struct{ Published, Updated string }
		}
		w.check(json.Unmarshal(w.made("Update", a.ObjectURI), &sent))
		if sent.Object.Updated <= max(last, sent.Object.Published) {
			t.Errorf("%s: updated %s, before %s", text, sent.Object.Updated, last)
		}
		last = sent.Object.Updated
	}
}

// TestEnsureActors makes the actors of a blog once, also when several nodes
// start together.
func TestEnsureActors(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.exec(`delete from actors`)
	var nodes sync.WaitGroup
	for range 3 {
		nodes.Go(func() {
			if err := w.service.EnsureActors(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
	w.differ("actors", []string{"blog Person blog@blog.example", "instance Application blog.example@blog.example"},
		w.texts(`select kind || ' ' || type || ' ' || handle || '@' || domain from actors order by 1`))
	signer, err := w.service.InstanceSigner(t.Context())
	w.check(err)
	w.differ("key", origin+"/ap/actor#main-key", signer.KeyID)
}
