package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// addQuote is a post that quotes an article and waits.
func (w *world) addQuote(a blog.Article, actor uuid.UUID, text string) (quote uuid.UUID) {
	w.t.Helper()
	id := w.addComment(comment{a.ID, actor, text, blog.Waiting, blog.Public})
	quote = newID()
	w.exec(`update comments set quotes = $2, reasons = '[{"rule": "quote-waiting"}]' where id = $1`, id, a.ObjectURI)
	w.exec(`
		insert into quotes (id, object_uri, actor_id, target_uri, owner_id, state, request_uri, created)
		select $1, object_uri, actor_id, quotes, $2, 'waiting', object_uri || '/request', now() from comments where id = $3`, quote, a.ActorID, id)
	return quote
}

func TestQuotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	author, _ := w.signedIn(blog.Author)
	a, mika := w.publish(me.ID, "Rumah"), w.addActor("remote", "mika", "danau.example")
	if b.get("/studio").doc.Find(`#studio-nav a[href="/studio/quotes"]`).Length() != 0 {
		t.Error("the navigation leads to quotes before there are any")
	}
	first, second := w.addQuote(a, mika, "satu"), w.addQuote(a, mika, "dua")
	if b.get("/studio").doc.Find(`#studio-nav a[href="/studio/quotes"]`).Length() != 1 {
		t.Error("the navigation does not lead to quotes")
	}
	said := func(show string) string {
		t.Helper()
		got := b.get("/studio/quotes" + show)
		return strings.Join(got.doc.Find(".rows .said").Map(func(_ int, s *goquery.Selection) string { return strings.TrimSpace(s.Text()) }), " ")
	}
	press := func(who *browser, id uuid.UUID, do string) int {
		t.Helper()
		return who.post("/studio/quotes", url.Values{"id": {id.String()}, "do": {do}}).status
	}
	differ(t, "waiting", "dua satu", said(""))
	differ(t, "an author", http.StatusForbidden, author.get("/studio/quotes").status)
	differ(t, "an author decides", http.StatusForbidden, press(author, first, "approve"))
	differ(t, "approve", http.StatusSeeOther, press(b, first, "approve"))
	differ(t, "reject", http.StatusSeeOther, press(b, second, "reject"))
	differ(t, "waiting after", "", said(""))
	differ(t, "approved", "satu", said("?show=approved"))
	differ(t, "rejected", "dua", said("?show=rejected"))
	differ(t, "again", http.StatusConflict, press(b, first, "approve"))
	differ(t, "revoke", http.StatusSeeOther, press(b, first, "revoke"))
	differ(t, "revoked", "satu", said("?show=revoked"))
	differ(t, "nonsense", http.StatusBadRequest, press(b, first, "x"))
	differ(t, "unknown", http.StatusNotFound, press(b, newID(), "approve"))
	got, err := w.blog.Article(t.Context(), a.ID)
	check(t, err)
	differ(t, "counted", 0, got.Quoted+got.Comments)
}
