package web_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

// work processes what came in.
func (w *world) work() {
	w.t.Helper()
	for {
		batch, err := w.fed.ClaimInbound(w.t.Context(), 100)
		check(w.t, err)
		if len(batch) == 0 {
			return
		}
		check(w.t, w.fed.ProcessBatch(w.t.Context(), batch))
	}
}

// sentLast is the last activity of ours of a type.
func (w *world) sentLast(kind string) *activitypub.Object {
	w.t.Helper()
	var body []byte
	check(w.t, w.store.Pool().QueryRow(w.t.Context(), `
		select json from activities where type = $1 order by id desc limit 1`, kind).Scan(&body))
	o, err := activitypub.Decode(body)
	check(w.t, err)
	return o
}

// TestQuoteOverHTTP asks, signed, to quote an article; another server then
// believes the stamp, until it is revoked.
func TestQuoteOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	all, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(t, err)
	t.Cleanup(all.Close)
	home, err := all.Start(aptest.Options{Software: "mastodon"})
	check(t, err)
	third, err := all.Start(aptest.Options{})
	check(t, err)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Language: "id"})
	bob := home.Person("bob")

	create, request, err := bob.AskToQuote(ctx, a.ObjectURI, "Lihat ini")
	check(t, err)
	if request.Status() != 202 {
		t.Fatalf("the request is answered %d: %s", request.Status(), request.Answers[0].Body)
	}
	w.work()
	accept := w.sentLast("Accept")
	quote, _ := create["object"].(aptest.Doc)["id"].(string)
	stamp := accept.Result.ID()
	check(t, third.CheckStamp(ctx, stamp, quote, a.ObjectURI))
	for name, err := range map[string]error{
		"another post":   third.CheckStamp(ctx, stamp, quote+"0", a.ObjectURI),
		"another target": third.CheckStamp(ctx, stamp, quote, w.actor.URI),
	} {
		if err == nil {
			t.Errorf("the stamp is believed for %s", name)
		}
	}
	if doc := w.get("/kopi").page(t); doc.Find(".u-comment .u-quotation-of").Length() != 1 {
		t.Error("the quote does not stand on the page as one")
	}

	id := uuid.MustParse(stamp[strings.LastIndex(stamp, "/")+1:])
	check(t, w.blog.DecideQuote(ctx, uuid.Nil, id, blog.QuoteRevoked))
	path := strings.TrimPrefix(stamp, w.origin)
	if got := w.get(path, "Accept", activitypub.ContentType); got.StatusCode != 410 {
		t.Errorf("the revoked stamp answers %d", got.StatusCode)
	}
	if err := third.CheckStamp(ctx, stamp, quote, a.ObjectURI); err == nil {
		t.Error("the revoked stamp is believed")
	}
	if doc := w.get("/kopi").page(t); doc.Find(".u-comment").Length() != 0 {
		t.Error("the quote is still on the page")
	}
	if got := w.get("/ap/stamps/"+newID().String(), "Accept", activitypub.ContentType); got.StatusCode != 404 {
		t.Errorf("a stamp that never was answers %d", got.StatusCode)
	}

	// Misskey does not ask; and the picture of an emoji comes with it.
	sent, err := home.Person("sekar").Quote(ctx, a.ObjectURI, "Kutipan lain")
	check(t, err)
	emoji, err := home.Person("sekar").ReactCustom(ctx, a.ObjectURI, "kopi", home.URL()+"/kopi.png")
	check(t, err)
	w.work()
	doc := w.get("/kopi").page(t)
	if sent.Status() != 202 || emoji.Status() != 202 || doc.Find(".u-comment .u-quotation-of").Length() != 1 {
		t.Errorf("%d, %d: a quote that was not asked for is not there", sent.Status(), emoji.Status())
	}
	if got := w.get("/-/reactions/" + a.ID.String() + "?kind=emoji"); !strings.Contains(got.body, ":kopi:") {
		t.Error("the custom emoji is not there")
	}
}
