package federation_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// letter puts a private comment under an article, that also names somebody.
func (w *writer) letter(by federation.RemoteActor, a blog.Article, names federation.RemoteActor) uuid.UUID {
	w.Helper()
	id := w.comment(by, a, uuid.Nil)
	w.exec(`
		update comments set visibility = 'direct', context = 'https://danau.example/contexts/1',
			mentions = jsonb_build_array(jsonb_build_object('handle', $2::text, 'actor_uri', $3::text))
		where id = $1`, id, names.Handle, names.URI)
	return id
}

// TestPrivateReply goes through the life of an answer to a letter: those in
// the conversation hear of it at their own inboxes, and nobody else.
func TestPrivateReply(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika, joko, budi := w.person("mika", "danau.example"), w.person("joko", "gunung.example"), w.person("budi", "kota.example")
	w.follows(mika, budi)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	to := w.letter(mika, a, joko)
	text := "Antara kita, @joko@gunung.example; bukan @budi@kota.example."
	c := w.reply(blog.Reply{Comment: to, Markdown: text})
	if c.Visibility != blog.Direct || c.Shown() {
		t.Fatalf("an answer to a letter is %s", c.Visibility)
	}
	w.run()
	w.golden("private-create", w.made("Create", c.ObjectURI))
	const mikas, jokos = "https://danau.example/users/mika/inbox", "https://gunung.example/users/joko/inbox"
	w.differ("ledger", []string{"Create " + mikas + " waiting", "Create " + jokos + " waiting"}, w.ledger(c.ObjectURI))
	w.hidden(c)

	// Who is no longer named hears nothing of the new text, but of the end.
	_, err := w.blog.EditReply(t.Context(), uuid.Nil, c.ID, blog.Reply{Markdown: "Antara kita berdua."})
	w.check(err)
	w.run()
	w.golden("private-update", w.made("Update", c.ObjectURI))
	w.exec(`update deliveries set state = 'delivered', attempts = 1 where object_uri = $1`, c.ObjectURI)
	w.check(w.blog.DeleteReply(t.Context(), uuid.Nil, c.ID))
	w.run()
	w.golden("private-delete", w.made("Delete", c.ObjectURI))
	w.differ("ledger", []string{
		"Create " + mikas + " delivered", "Create " + jokos + " delivered", "Update " + mikas + " delivered",
		"Delete " + mikas + " waiting", "Delete " + jokos + " waiting",
	}, w.ledger(c.ObjectURI))
	w.hidden(c)
}

// hidden holds that nothing of a private answer is served.
func (w *writer) hidden(c blog.Comment) {
	w.Helper()
	ctx := w.Context()
	if _, err := w.service.Object(ctx, c.ID); !errors.Is(err, blog.ErrNotFound) {
		w.Errorf("its object: %v", err)
	}
	if _, err := w.service.Replies(ctx, c.ID, federation.Page{}); !errors.Is(err, blog.ErrNotFound) {
		w.Errorf("its replies: %v", err)
	}
	for _, id := range w.texts(`select id::text from activities where object_uri = $1`, c.ObjectURI) {
		_, err := w.service.ActivityDocument(ctx, uuid.MustParse(id))
		if !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone) {
			w.Errorf("its activity: %v", err)
		}
	}
	n, err := w.store.OutboxCount(ctx, w.actor.ID)
	w.check(err)
	total, err := w.store.ThreadCount(ctx, c.ArticleID, federation.ThreadPart{Everything: true})
	w.check(err)
	a, err := w.blog.Article(ctx, c.ArticleID)
	w.check(err)
	w.differ("outbox, thread, counter", []int{1, 0, 0}, []int{n, total, a.Comments})
}

// TestPrivateReplyFollowsOn answers a letter that is in no thread, and then
// that answer.
func TestPrivateReplyFollowsOn(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	to := w.letter(mika, a, mika)
	w.exec(`update comments set article_id = null, root_id = null`)
	first := w.reply(blog.Reply{Comment: to, Markdown: "Satu."})
	second := w.reply(blog.Reply{Comment: first.ID, Markdown: "Dua."})
	w.run()
	for _, c := range []blog.Comment{first, second} {
		w.differ("ledger", []string{"Create https://danau.example/users/mika/inbox waiting"}, w.ledger(c.ObjectURI))
	}
}

// TestReplyPictures is an answer with pictures.
func TestReplyPictures(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.writing()
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	c := w.reply(blog.Reply{Article: a.ID, Markdown: "Lihat.", Language: "en", Attachments: []blog.ReplyAttachment{
		{Media: "sawah.webp", Description: "Sawah & <padi>"}, {Media: "kopi.jpg", Description: "Cangkir"},
	}})
	w.run()
	w.golden("reply-pictures", w.made("Create", c.ObjectURI))
	name, ours := blog.Address{Origin: origin}.MediaName(c.Attachments[0].URL)
	if name != "sawah.webp" || !ours {
		t.Errorf("its first picture is %q", name)
	}
}

// TestReplyElsewhere answers a post that names the blog.
func TestReplyElsewhere(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	to := w.comment(mika, a, uuid.Nil)
	w.exec(`
		update comments set article_id = null, root_id = null, mention = true, context = 'https://danau.example/contexts/1'
		where id = $1`, to)
	c := w.reply(blog.Reply{Comment: to, Markdown: "Terima kasih."})
	w.run()
	w.golden("reply-elsewhere", w.made("Create", c.ObjectURI))
	served, err := w.service.Object(t.Context(), c.ID)
	w.check(err)
	w.sameObject(w.made("Create", c.ObjectURI), served)
	mentions, err := w.blog.Comments(t.Context(), blog.CommentQuery{Mentions: true, Limit: 10})
	w.check(err)
	w.differ("mentions", 2, len(mentions))
	w.check(w.blog.DeleteReply(t.Context(), uuid.Nil, c.ID))
	w.run()
	w.differ("activities", []string{"Create", "Delete"}, w.activities(c.ObjectURI))
}
