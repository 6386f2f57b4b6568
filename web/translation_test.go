package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// save saves an article as the command line does.
func (w *world) save(id uuid.UUID, in blog.DraftInput, publish bool) (blog.Article, error) {
	return w.blog.Save(w.t.Context(), uuid.Nil, blog.Save{ID: id, Input: in, Publish: publish})
}

func (w *world) translate(of blog.Article, in blog.DraftInput) blog.Article {
	w.t.Helper()
	in.Details = &blog.Details{TranslationOf: of.ID}
	a, err := w.save(uuid.Nil, in, true)
	check(w.t, err)
	return a
}

// object is the ActivityPub document of an article.
func (w *world) object(a blog.Article) (doc map[string]any) {
	w.t.Helper()
	got := w.get(strings.TrimPrefix(a.ObjectURI, w.origin), "Accept", asActivity)
	check(w.t, json.Unmarshal([]byte(got.body), &doc))
	return doc
}

func TestTranslation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	original := w.publish(blog.DraftInput{Title: "Rumah", Summary: "Tentang rumah.", Markdown: "Pintu kayu.", Language: "id", Tags: []string{"desa"}})
	w.comment(original, nil, w.stranger("mika"), "Selamat pagi", nil)
	before := w.object(original)
	translation := w.translate(original, blog.DraftInput{Title: "House", Markdown: "A wooden door.", Language: "en"})
	w.differ("object of its own", "", translation.ObjectURI)

	w.differ("one object", []any{
		map[string]any{"id": before["content"], "en": "<p>A wooden door.</p>\n"},
		map[string]any{"id": "Rumah", "en": "House"},
		nil, before["content"], "Rumah", "Tentang rumah.",
	}, func() []any {
		o := w.object(original)
		return []any{o["contentMap"], o["nameMap"], o["summaryMap"], o["content"], o["name"], o["summary"]}
	}())
	if after := w.object(original)["updated"]; after == nil || after == before["updated"] {
		t.Errorf("updated %v, before %v", after, before["updated"])
	}

	page := w.get("/house", "Accept", asBrowser).body
	for _, want := range []string{
		`<h1 class="p-name" lang="en" dir="ltr">House</h1>`, "Selamat pagi", `href="/rumah" rel="alternate" hreflang="id"`,
		`<link rel="alternate" hreflang="id" href="` + w.origin + `/rumah">`, `hreflang="x-default" href="` + w.origin + `/rumah"`,
		`<link rel="canonical" href="` + w.origin + `/house">`, `type="application/activity+json" href="` + original.ObjectURI + `"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the translation lacks %s", want)
		}
	}
	w.askAll([]asked{
		{"translation for servers", "GET", "/house", asActivity, want{303, htmlType, original.ObjectURI}},
		{"translation", "GET", "/house", asBrowser, want{200, htmlType, ""}},
	})
}

// A list has the article once, in the reader's language where it can.
func TestTranslationInLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	original := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu kayu.", Language: "id", Tags: []string{"desa"}})
	w.translate(original, blog.DraftInput{Title: "House", Markdown: "A wooden door.", Language: "en", Tags: []string{"desa"}})
	for _, path := range []string{"/", "/tags/desa", "/authors/blog"} {
		for lang, want := range map[string][2]string{"id": {"Rumah", "House"}, "en": {"House", "Rumah"}} {
			cards := w.get(path, "Accept-Language", lang, "Accept", asBrowser).body
			if strings.Count(cards, ">"+want[0]+"</a></h2>") != 1 || strings.Contains(cards, ">"+want[1]+"</a></h2>") {
				t.Errorf("%s in %s does not have %s alone", path, lang, want[0])
			}
		}
	}
	if feed := w.readFeed("/feed.atom"); len(feed.Entries) != 1 || feed.Entries[0].ID != original.ObjectURI {
		t.Errorf("the feed has %+v", feed.Entries)
	}
}

// Who answers a translation answers the article.
func TestAnswerToTranslation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	original := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "id"})
	w.translate(original, blog.DraftInput{Title: "House", Markdown: "A door.", Language: "en"})
	w.differ("place", original.ID, w.place("house"))
}

// place is the article that an answer to a page belongs to.
func (w *world) place(slug string) uuid.UUID {
	w.t.Helper()
	places, err := w.store.Places(w.t.Context(), []federation.Target{{Slug: slug}})
	check(w.t, err)
	return places[federation.Target{Slug: slug}].ArticleID
}

func TestTranslationGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	original := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "id"})
	english := w.translate(original, blog.DraftInput{Title: "House", Markdown: "A door.", Language: "en"})
	w.translate(original, blog.DraftInput{Title: "Haus", Markdown: "Eine Tür.", Language: "de"})
	check(t, w.blog.Delete(t.Context(), uuid.Nil, english.ID))
	w.differ("deleted translation", http.StatusGone, w.get("/house").StatusCode)
	w.differ("left", map[string]any{"id": "<p>Pintu.</p>\n", "de": "<p>Eine Tür.</p>\n"}, w.object(original)["contentMap"])
	w.differ("the other one", http.StatusOK, w.get("/haus").StatusCode)
	check(t, w.blog.Delete(t.Context(), uuid.Nil, original.ID))
	w.differ("translation of a deleted article", http.StatusGone, w.get("/haus").StatusCode)
}

// What cannot be a translation is refused, and nothing is changed.
func TestTranslationRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	original := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "id"})
	english := w.translate(original, blog.DraftInput{Title: "House", Markdown: "A door.", Language: "en"})
	other := w.publish(blog.DraftInput{Title: "Lain", Markdown: "Lain.", Language: "id"})
	draft, err := w.save(uuid.Nil, blog.DraftInput{Title: "Draf", Markdown: "Draf.", Language: "id"}, false)
	check(t, err)
	gone := w.publish(blog.DraftInput{Title: "Hilang", Markdown: "Hilang.", Language: "id"})
	check(t, w.blog.Delete(t.Context(), uuid.Nil, gone.ID))
	in := func(language string, of uuid.UUID) blog.DraftInput {
		return blog.DraftInput{Title: "X", Markdown: "x", Language: language, Details: &blog.Details{TranslationOf: of}}
	}
	for _, tt := range []struct {
		name    string
		id      uuid.UUID
		in      blog.DraftInput
		problem string
	}{
		{"of a translation", uuid.Nil, in("fr", english.ID), "translation-of-translation"},
		{"of itself", draft.ID, in("en", draft.ID), "translation-of-translation"},
		{"of a deleted one", uuid.Nil, in("fr", gone.ID), "translation-of-deleted"},
		{"of a draft", uuid.Nil, in("fr", draft.ID), "translation-of-draft"},
		{"in the same language", uuid.Nil, in("id", original.ID), "translation-language"},
		{"twice", uuid.Nil, in("en", original.ID), "translation-taken"},
		{"of what is public", other.ID, in("fr", original.ID), "kind-fixed"},
		{"back", english.ID, in("en", uuid.Nil), "kind-fixed"},
	} {
		_, err := w.save(tt.id, tt.in, true)
		var invalid *blog.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != tt.problem || invalid.Field != "translation_of" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if _, err := w.save(uuid.Nil, in("fr", uuid.Max), true); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

// A static page is read, and nothing else.
func TestStaticPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Halo."})
	about, err := w.save(uuid.Nil, blog.DraftInput{Title: "Tentang kami", Markdown: "## Siapa\n\nKami.", Language: "id", Details: &blog.Details{Static: true}}, true)
	check(t, err)
	w.translate(about, blog.DraftInput{Title: "About us", Markdown: "Us.", Language: "en"})
	w.differ("object", "", about.ObjectURI)
	for _, tt := range []struct {
		path, accept string
		want         int
	}{
		{"/tentang-kami", asBrowser, 200},
		{"/tentang-kami", asActivity, 200},
		{"/about-us", asBrowser, 200},
		{"/-/respond/" + about.ID.String(), asBrowser, 404},
		{"/-/comments/" + about.ID.String() + "/feed.rss", "", 404},
		{"/-/live/" + about.ID.String(), "", 404},
		{"/-/reactions/" + about.ID.String(), asBrowser, 404},
	} {
		if a := w.get(tt.path, "Accept", tt.accept); a.StatusCode != tt.want {
			t.Errorf("%s as %s: %d, want %d", tt.path, tt.accept, a.StatusCode, tt.want)
		}
	}
	body := w.get("/tentang-kami", "Accept", asBrowser).body
	for _, part := range []string{"data-dialog", "responses", "activity+json\"", "EventSource"} {
		if strings.Contains(body, part) {
			t.Errorf("the page has %s", part)
		}
	}
	if !strings.Contains(body, `hreflang="en"`) || !strings.Contains(body, "Kami.") {
		t.Error("the page lacks its text or its other language")
	}
	_, err = w.save(uuid.Nil, blog.DraftInput{Title: "Kontak", Markdown: "Surat.", Language: "id", Details: &blog.Details{Static: true}}, true)
	check(t, err)
	if n := w.page("/kontak").Find("link[hreflang]").Length(); n > 0 {
		t.Errorf("a text in one language is said to be in %d more", n)
	}
	for _, path := range []string{"/", "/archive", "/feed.json"} {
		if strings.Contains(w.get(path).body, "Kami.") {
			t.Errorf("%s lists it", path)
		}
	}
	w.differ("place", uuid.Nil, w.place("tentang-kami"))
	for _, change := range []struct {
		id     uuid.UUID
		static bool
	}{{about.ID, false}} {
		_, err := w.save(change.id, blog.DraftInput{Title: "Tentang", Markdown: "x", Details: &blog.Details{Static: change.static}}, true)
		var invalid *blog.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != "kind-fixed" {
			t.Errorf("to static %v: %v", change.static, err)
		}
	}
	check(t, w.blog.Delete(t.Context(), uuid.Nil, about.ID))
	w.differ("deleted", http.StatusGone, w.get("/tentang-kami").StatusCode)
	w.differ("translation of a deleted page", http.StatusGone, w.get("/about-us").StatusCode)
}

// The texts of an article in another script run from their own side, the page
// around them from its own; a neighbour in a third language has its own as well.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Teras", Markdown: "Kayu.", Language: "id"})
	arabic := w.publish(blog.DraftInput{
		Title: "بيت خشبي", Summary: "عن البيوت", Language: "ar", Slug: "bait", Tags: []string{"بيت"},
		Markdown: "## أول\n\nنص[^1] و`code`.\n\n## ثان\n\n> اقتباس\n\n## ثالث\n\n1. واحد\n\n| أ | ب |\n|---|---|\n| ١ | ٢ |\n\n[^1]: حاشية",
	})
	said := w.comment(arabic, nil, w.stranger("mika"), "صباح الخير", func(c *blog.Comment) { c.Language = "ar" })
	unknown := w.comment(arabic, nil, w.stranger("layla"), "مساء الخير", func(c *blog.Comment) { c.Language = "" })
	w.publish(blog.DraftInput{Title: "House", Markdown: "Wood.", Language: "en"})
	doc := w.get("/bait").page(t)
	for _, place := range []string{"h1", ".p-summary", ".contents ol", ".prose", ".article-tags a", ".article-head .topic"} {
		at := doc.Find(place).First()
		differ(t, place, "ar rtl", at.AttrOr("lang", "")+" "+at.AttrOr("dir", ""))
	}
	differ(t, "page", "id ltr", doc.Find("html").AttrOr("lang", "")+" "+doc.Find("html").AttrOr("dir", ""))
	differ(t, "newer neighbour", "en", doc.Find(".neighbours bdi").Last().AttrOr("lang", ""))
	differ(t, "older neighbour", "", doc.Find(".neighbours bdi").First().AttrOr("lang", ""))
	differ(t, "neighbour from its page", "ar rtl", func() string {
		at := w.get("/teras").page(t).Find(".neighbours bdi").First()
		return at.AttrOr("lang", "") + " " + at.AttrOr("dir", "")
	}())
	differ(t, "card", "rtl", w.get("/").page(t).Find(`.card h2[lang="ar"]`).AttrOr("dir", ""))
	for id, want := range map[uuid.UUID]string{said.ID: "ar rtl", unknown.ID: " auto"} {
		at := doc.Find("#c-" + id.String() + " .e-content").First()
		differ(t, "comment", want, at.AttrOr("lang", "")+" "+at.AttrOr("dir", ""))
	}
}
