package federation_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// writing is an article with all that one can have.
func (w *writer) writing() blog.DraftInput {
	w.Helper()
	for _, m := range []blog.Media{
		{Name: "sawah.webp", Type: "image/webp", Width: 1600, Height: 900, Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj"},
		{Name: "kopi.jpg", Type: "image/jpeg", Width: 800, Height: 600},
	} {
		m.Created = w.now()
		w.check(w.store.InsertMedia(w.Context(), m))
	}
	return blog.DraftInput{
		Title: "Kopi & <desa>", Summary: "Dari kebun ke cangkir.", Language: "id",
		Markdown: "Halo @mika@danau.example dan @nobody@127.0.0.1:1, dari #Desa.\n\n## Kebun\n\n![Cangkir](gambar/kopi.jpg)\n",
		Tags:     []string{"media sosial", "2026", "می\u200cخواهم", "Media-Sosial"},
		Files:    map[string]string{"gambar/kopi.jpg": "kopi.jpg"}, Cover: "sawah.webp", CoverAlt: "Sawah di pagi hari",
	}
}

// meets makes somebody be found without a look-up.
func (w *writer) meets(a blog.Article, p federation.RemoteActor) {
	w.Helper()
	for i, m := range a.Mentions {
		if m.Handle == p.Handle+"@"+p.Domain {
			a.Mentions[i].ActorURI, a.Mentions[i].URL = p.URI, p.URL
		}
	}
	w.check(w.store.SetArticleMentions(w.Context(), a.ID, a.Revision, a.Mentions, a.HTML))
}

// TestArticleDocuments goes through the life of an article: its Create, its
// Update, its Delete, and what is served meanwhile.
func TestArticleDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	a := w.publish(w.writing())
	w.meets(a, mika)
	w.run()
	w.golden("create", w.made("Create", a.ObjectURI))
	served, err := w.service.Object(t.Context(), w.object(a.ObjectURI))
	w.check(err)
	w.golden("article", served)
	w.sameObject(w.made("Create", a.ObjectURI), served)

	// The same second: other servers still have to see that it is newer.
	a, err = w.blog.Article(t.Context(), a.ID)
	w.check(err)
	a = w.edit(a, "Halo semua.")
	w.run()
	w.golden("update", w.made("Update", a.ObjectURI))
	served, err = w.service.Object(t.Context(), w.object(a.ObjectURI))
	w.check(err)
	w.sameObject(w.made("Update", a.ObjectURI), served)

	w.pass(time.Hour)
	w.remove(a)
	w.run()
	w.golden("delete", w.made("Delete", a.ObjectURI))
	_, err = w.service.Object(t.Context(), w.object(a.ObjectURI))
	var gone *federation.Tombstoned
	if !errors.As(err, &gone) || !errors.Is(err, blog.ErrGone) {
		t.Fatalf("a deleted object: %v", err)
	}
	w.golden("tombstone", gone.Document)
}

// sameObject compares the object that an activity embeds with the one that is
// served, and that both explain their terms alike.
func (w *writer) sameObject(activity, served []byte) {
	w.Helper()
	var sent struct {
		Context any            `json:"@context"`
		Object  map[string]any `json:"object"`
	}
	w.check(json.Unmarshal(activity, &sent))
	var got map[string]any
	w.check(json.Unmarshal(served, &got))
	w.differ("@context", sent.Context, got["@context"])
	delete(got, "@context")
	w.differ("object", sent.Object, got)
}

func TestNoteDocument(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	in := w.writing()
	in.Title, in.Summary, in.Tags = "", "", nil
	in.Markdown = "Pagi di #Desa.\n\n![Cangkir](gambar/kopi.jpg) ![Lagi](gambar/kopi.jpg) ![Sawah](/-/media/sawah.webp)\n"
	a := w.publish(in)
	w.run()
	w.golden("note", w.made("Create", a.ObjectURI))
	w.remove(a)
	w.run()
	w.golden("note-delete", w.made("Delete", a.ObjectURI))
}

// TestLongArticle has two forms: for Mastodon with the language told by its
// title, and for inboxes that take less.
func TestLongArticle(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	tests := []struct {
		name    string
		size    int
		nameMap bool
		compact bool
	}{
		{"short", 1_000, false, false},
		{"twice would be long", 30_000, true, false},
		{"long", 60_000, true, true},
	}
	for _, tt := range tests {
		a := w.publish(blog.DraftInput{Title: tt.name, Markdown: strings.Repeat("kopi ", tt.size/5), Language: "en-GB"})
		w.run()
		body := w.made("Create", a.ObjectURI)
		var sent struct{ Object map[string]any }
		w.check(json.Unmarshal(body, &sent))
		_, content := sent.Object["contentMap"]
		_, name := sent.Object["nameMap"]
		if name != tt.nameMap || content == tt.nameMap {
			t.Errorf("%s: nameMap %t, contentMap %t", tt.name, name, content)
		}
		var compact []byte
		w.check(w.store.Pool().QueryRow(t.Context(), `select compact from activities where object_uri = $1`, a.ObjectURI).Scan(&compact))
		if (compact != nil) != tt.compact {
			t.Errorf("%s: compact form of %d bytes", tt.name, len(compact))
		}
		if tt.compact {
			w.golden("long", body)
			w.golden("long-compact", compact)
		}
	}
}

func TestReplyDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika, joko := w.person("mika", "danau.example"), w.person("joko", "gunung.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	first := w.comment(mika, a, uuid.Nil)
	second := w.comment(joko, a, first)

	c := w.reply(blog.Reply{Comment: second, Markdown: "Terima kasih, @mika@danau.example!", Warning: "Kopi pahit"})
	c.Mentions[0].ActorURI, c.Mentions[0].URL = mika.URI, mika.URL
	w.check(w.store.SetCommentMentions(t.Context(), c))
	w.run()
	body := w.made("Create", c.ObjectURI)
	w.golden("reply-create", body)
	served, err := w.service.Object(t.Context(), w.object(c.ObjectURI))
	w.check(err)
	w.sameObject(body, served)

	// Who is no longer named is no longer mentioned; who is answered stays.
	c, err = w.blog.EditReply(t.Context(), uuid.Nil, c.ID, blog.Reply{Markdown: "Terima kasih!"})
	w.check(err)
	w.run()
	w.golden("reply-update", w.made("Update", c.ObjectURI))
	w.check(w.blog.DeleteReply(t.Context(), uuid.Nil, c.ID))
	w.run()
	w.golden("reply-delete", w.made("Delete", c.ObjectURI))
}

// TestReplyContent says whom an answer mentions.
func TestReplyContent(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	nameless := w.person("nameless", "bukit.example")
	nameless.URL = ""
	_, err := w.store.SaveRemoteActor(t.Context(), nameless)
	w.check(err)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	to, toNameless := w.comment(mika, a, uuid.Nil), w.comment(nameless, a, uuid.Nil)
	own := w.reply(blog.Reply{Comment: to, Markdown: "Halo."})
	const greeting = `<p><span class="h-card"><a href="https://danau.example/@mika" class="u-url mention">@<span>mika</span></a></span> `
	tests := []struct {
		name string
		in   blog.Reply
		want string
		tags int
	}{
		{"to a comment", blog.Reply{Comment: to, Markdown: "Halo."}, greeting + "Halo.</p>\n", 1},
		{
			"beginning with a list",
			blog.Reply{Comment: to, Markdown: "* Halo."},
			strings.TrimSuffix(greeting, " ") + " </p><ul>\n<li>Halo.</li>\n</ul>\n", 1,
		},
		{
			"to one without a page",
			blog.Reply{Comment: toNameless, Markdown: "Halo."},
			`<p><span class="h-card"><a href="https://bukit.example/users/nameless" class="u-url mention">@<span>nameless</span></a></span> Halo.</p>` + "\n", 1,
		},
		{"to one of ours", blog.Reply{Comment: own.ID, Markdown: "Halo."}, "<p>Halo.</p>\n", 0},
		{"to the article", blog.Reply{Article: a.ID, Markdown: "Halo."}, "<p>Halo.</p>\n", 0},
	}
	w.run()
	for _, tt := range tests {
		c := w.reply(tt.in)
		w.run()
		var sent struct {
			Object struct {
				Content string
				Tag     []any
			}
		}
		w.check(json.Unmarshal(w.made("Create", c.ObjectURI), &sent))
		w.differ(tt.name, tt.want, sent.Object.Content)
		w.differ(tt.name+": mentions", tt.tags, len(sent.Object.Tag))
	}
}

func TestActorDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.check(w.store.InsertMedia(t.Context(), blog.Media{Name: "wajah.png", Type: "image/png", Width: 400, Height: 400, Created: w.now()}))
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error {
		s.Title, s.Description, s.Icon = "Kabar <Desa>", "Dari desa.\r\nSetiap hari.\r\n\r\nDan <b>", "wajah.png"
		s.Fields = []blog.Field{{Name: "Situs", Value: "https://desa.example/?a=1&b=2"}, {Name: "Kopi", Value: "javascript:<b>"}}
		return nil
	})
	w.check(err)
	w.pass(time.Minute)
	w.run()
	w.golden("actor-update", w.made("Update", w.actor.URI))
	doc, err := w.service.ActorDocument(t.Context(), w.actor.ID)
	w.check(err)
	w.golden("actor", doc)
	doc, err = w.service.InstanceDocument(t.Context())
	w.check(err)
	w.golden("instance", doc)
	doc, err = w.service.InstanceOutbox(t.Context())
	w.check(err)
	w.golden("instance-outbox", doc)

	instance, err := w.store.LocalActor(t.Context(), blog.InstanceActor, "")
	w.check(err)
	for name, id := range map[string]uuid.UUID{
		"nobody": w.id(), "somebody else": w.person("mika", "danau.example").ID, "the instance under another address": instance.ID,
	} {
		if _, err := w.service.ActorDocument(t.Context(), id); !errors.Is(err, blog.ErrNotFound) {
			t.Errorf("document of %s: %v", name, err)
		}
	}
}

// TestTeamDocuments has an author of the team as the one who publishes.
func TestTeamDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.addActor(blog.AuthorActor, "sari")
	sari, err := w.store.LocalActor(t.Context(), blog.AuthorActor, "sari")
	w.check(err)
	doc, err := w.service.ActorDocument(t.Context(), sari.ID)
	w.check(err)
	w.golden("author", doc)

	reader, other := w.person("mika", "danau.example"), w.person("joko", "gunung.example")
	w.follows(other)
	w.exec(`insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, '', $3)`, sari.ID, reader.ID, w.now())
	a := w.save(blog.Save{Input: blog.DraftInput{Title: "Kopi", Markdown: "Isi."}})
	w.exec(`update articles set actor_id = $2 where id = $1`, a.ID, sari.ID)
	a, err = w.blog.Publish(t.Context(), uuid.Nil, a.ID)
	w.check(err)
	w.run()
	var sent struct {
		Actor  string
		CC     []string
		Object struct{ AttributedTo string }
	}
	w.check(json.Unmarshal(w.made("Create", a.ObjectURI), &sent))
	w.differ("actor", sari.URI, sent.Actor)
	w.differ("author", sari.URI, sent.Object.AttributedTo)
	w.differ("cc", []string{sari.URI + "/followers"}, sent.CC)
	w.differ("ledger", []string{"Create https://danau.example/inbox waiting"}, w.ledger(a.ObjectURI))
}

func TestFollowAnswers(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	site, err := w.store.Site(t.Context())
	w.check(err)
	mika := w.person("mika", "danau.example")
	w.follows(mika)
	o, err := w.service.Answer(site, w.actor, "Accept", w.id(), federation.Follow{URI: mika.URI + "#follow", Actor: mika.URI, Inbox: mika.Inbox})
	w.check(err)
	w.golden("accept", o.Activity.JSON)
	w.differ("inboxes", []string{mika.Inbox}, o.Inboxes)

	w.check(w.blog.RemoveFollower(t.Context(), uuid.Nil, w.actor.ID, mika.ID))
	w.run()
	w.golden("reject", w.made("Reject", mika.URI+"#follow"))
	w.differ("ledger", []string{"Reject " + mika.Inbox + " waiting"}, w.ledger(mika.URI+"#follow"))
}

// TestGoldenFiles reads every document that we make the way other servers'
// documents are read.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		doc, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		o, err := activitypub.Decode(doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o.Type() == "" || !strings.HasPrefix(o.ID, origin+"/ap/") {
			t.Errorf("%s: %s %q", name, o.Type(), o.ID)
		}
		if post := o.Object.First().Object; o.Is("Create", "Update") && post != nil && !post.IsActor() {
			private := strings.HasPrefix(filepath.Base(name), "private-")
			if lang := post.Language(); lang == "" || !private && (len(post.To.IDs()) != 1 || !activitypub.IsPublic(post.To.ID())) {
				t.Errorf("%s: language %q, to %v", name, lang, post.To.IDs())
			}
		}
	}
}
