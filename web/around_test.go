package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestSeries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	part := func(title string, n int) blog.Article {
		return w.publish(blog.DraftInput{Title: title, Markdown: "Isi.", Details: &blog.Details{Series: "Air & <b>Api</b>/\u202e", Part: n}})
	}
	part("Tiga", 4)
	one := part("Satu", 1)
	differ(t, "of two", "Bagian 1 dari 2 dalam seri Air & <b>Api</b>/", texts(w.get("/satu").page(t), ".series summary")[0])
	part("Dua lagi", 2)
	part("Dua", 2)
	part("Lepas", 0)

	doc := w.get("/dua").page(t)
	differ(t, "place", []string{"Bagian 3 dari 5 dalam seri Air & <b>Api</b>/"}, texts(doc, ".series summary"))
	differ(t, "list", []string{"Satu", "Dua lagi", "Dua", "Tiga", "Lepas"}, texts(doc, ".series li"))
	differ(t, "itself", "Dua", doc.Find(`.series [aria-current="page"]`).Text())
	differ(t, "way", []string{"Bagian sebelumnyaDua lagi", "Bagian berikutnyaTiga"}, texts(doc, ".series-way a"))
	differ(t, "first", []string{"Bagian berikutnyaDua lagi"}, texts(w.get("/satu").page(t), ".series-way a"))

	address := doc.Find(".series p a").AttrOr("href", "")
	page := w.get(address)
	differ(t, "page", []string{"Satu", "Dua lagi", "Dua", "Tiga", "Lepas"}, texts(page.page(t), ".series-parts li > a"))
	differ(t, "heading", []string{"Air & <b>Api</b>/"}, texts(page.page(t), "h1"))
	moved := w.get("/-/series/AIR%20%26%20%3Cb%3EApi%3C%2Fb%3E%2F")
	differ(t, "another case", fmt.Sprint(301, " ", address), fmt.Sprint(moved.StatusCode, " ", moved.Header.Get("Location")))
	for _, unknown := range []string{"/-/series/udara", "/-/series/%23", "/-/series/%00", "/-/series/" + strings.Repeat("x", 5000)} {
		differ(t, unknown[:min(len(unknown), 20)], http.StatusNotFound, w.get(unknown).StatusCode)
	}
	check(t, w.blog.Delete(t.Context(), uuid.Nil, one.ID))
	differ(t, "after one is gone", []string{"Bagian 2 dari 4 dalam seri Air & <b>Api</b>/"}, texts(w.get("/dua").page(t), ".series summary"))
}

func TestSeriesOfTranslations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(title, series, language string, of uuid.UUID) blog.Article {
		return w.publish(blog.DraftInput{
			Title: title, Markdown: "x", Language: language, Details: &blog.Details{Series: series, TranslationOf: of},
		})
	}
	one, two := put("Satu", "Air", "id", uuid.Nil), put("Dua", "Air", "id", uuid.Nil)
	put("One", "Air", "en", one.ID)
	put("Two", "Air", "en", two.ID)
	put("Wahid", "Air", "ar", one.ID)
	differ(t, "the original's", []string{"Satu", "Dua"}, texts(w.get("/satu").page(t), ".series li"))
	differ(t, "the translation's", []string{"One", "Two"}, texts(w.get("/one").page(t), ".series li"))
	differ(t, "alone in its language", []string{}, texts(w.get("/wahid").page(t), ".series li"))
	differ(t, "page", []string{"Satu", "Dua"}, texts(w.get("/-/series/air").page(t), ".series-parts li > a"))
	differ(t, "page in English", []string{"One", "Two"}, texts(w.get("/-/series/air", "Accept-Language", "en").page(t), ".series-parts li > a"))
}

func TestRelated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := func(title string, tags ...string) {
		w.publish(blog.DraftInput{Title: title, Markdown: "Isi.", Tags: tags})
	}
	put("A", "desa", "data")
	put("B", "desa")
	put("C", "desa", "data")
	put("D", "kota")
	differ(t, "related", []string{"C", "B"}, texts(w.get("/a").page(t), ".related li > a"))
	differ(t, "none", 0, w.get("/d").page(t).Find(".related").Length())
	put("E", "kota")
	differ(t, "a kept page learns of a new one", []string{"E"}, texts(w.get("/d").page(t), ".related li > a"))
}

func TestPinnedOnTheFrontPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pinned := func(i int) *blog.Details {
		return &blog.Details{Pinned: time.Now().Add(time.Duration(i) * time.Second)}
	}
	w.publish(blog.DraftInput{Title: "Lama", Markdown: "Isi.", Details: pinned(0), Published: time.Now().Add(-99 * time.Hour)})
	for i := range 13 {
		w.publish(blog.DraftInput{Title: fmt.Sprint("T", i), Markdown: "Isi.", Published: time.Now().Add(time.Duration(i-50) * time.Minute)})
	}
	for i := range 4 {
		w.publish(blog.DraftInput{Title: fmt.Sprint("P", i), Markdown: "Isi.", Details: pinned(i + 1)})
	}
	first := w.get("/").page(t)
	differ(t, "first page", []string{"P3", "P2", "P1", "P0", "T12", "T11", "T10", "T9", "T8", "T7", "T6", "T5"}, texts(first, ".card h2"))
	differ(t, "marked", 3, first.Find(".card:has(.pinned)").Length())
	differ(t, "large", []string{"P3"}, texts(first, ".card.lead h2"))
	second := w.get(first.Find(`link[rel="next"]`).AttrOr("href", "")).page(t)
	differ(t, "second page", []string{"T4", "T3", "T2", "T1", "T0", "Lama"}, texts(second, ".card h2"))
	differ(t, "nothing is marked", 0, second.Find(".card:has(.pinned)").Length())
}

func TestPublicHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	save := func(id uuid.UUID, title, text string, open bool) blog.Article {
		a, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{
			ID: id, Publish: id != uuid.Nil, Input: blog.DraftInput{Title: title, Markdown: text, Details: &blog.Details{History: open}},
		})
		check(t, err)
		return a
	}
	a := save(uuid.Nil, "Judul", "Rahasia draf.", true)
	history := "/-/history/" + a.ID.String()
	differ(t, "of a draft", http.StatusNotFound, w.get(history).StatusCode)
	save(a.ID, "Judul", "Kopi dan <b>teh</b>.\n\nTetap.", true)
	differ(t, "an article that never changed", 0, w.get("/judul").page(t).Find(".byline [rel=nofollow]").Length())
	save(a.ID, "Judul baru", "Kopi atau <b>teh</b>.\n\nTetap.", true)

	differ(t, "link", history, w.get("/judul").page(t).Find(".byline .dt-updated").Parent().AttrOr("href", ""))
	list := w.get(history)
	differ(t, "list", []string{"Judul baru", "Judul"}, texts(list.page(t), ".history span"))
	differ(t, "noindex", "noindex", list.page(t).Find(`meta[name="robots"]`).AttrOr("content", ""))
	differ(t, "size", []string{"bertambah 1 karakter", "saat diterbitkan"}, texts(list.page(t), ".history small"))

	change := w.get(history + "/3").page(t)
	differ(t, "added", []string{"baru", "atau"}, texts(change, "h1 ins, .changes ins"))
	differ(t, "taken out", []string{"dan"}, texts(change, ".changes del"))
	differ(t, "no HTML of it", 0, change.Find(".changes b").Length())
	differ(t, "first", []string{"Kopi dan <b>teh</b>.", "Tetap."}, texts(w.get(history+"/2").page(t), ".changes p"))
	for _, hidden := range []string{"/1", "/0", "/4", "/-3", "/x", "/99999999999999999999"} {
		differ(t, hidden, http.StatusNotFound, w.get(history+hidden).StatusCode)
	}
	for _, unknown := range []string{"/-/history/x", "/-/history/" + uuid.NewString()} {
		differ(t, unknown, http.StatusNotFound, w.get(unknown).StatusCode)
	}
	if strings.Contains(list.body, "Rahasia") {
		t.Error("the draft shows")
	}
	save(a.ID, "Judul", "Tertutup.", false)
	differ(t, "closed again, though kept", http.StatusNotFound, w.get(history).StatusCode)
	differ(t, "its change too", http.StatusNotFound, w.get(history+"/3").StatusCode)
	differ(t, "no link", 0, w.get("/judul").page(t).Find(".byline a .dt-updated").Length())
	save(a.ID, "Judul", "Terbuka.", true)
	check(t, w.blog.Delete(t.Context(), uuid.Nil, a.ID))
	differ(t, "deleted", http.StatusNotFound, w.get(history).StatusCode)
}

func TestCoverCaption(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check(t, w.store.InsertMedia(t.Context(), blog.Media{Name: "a.png", Type: "image/png", Width: 400, Height: 300, Created: time.Now()}))
	w.publish(blog.DraftInput{
		Title: "Judul", Markdown: "Isi.", Cover: "a.png", CoverAlt: "Gardu", Details: &blog.Details{CoverCaption: "Gardu <i>desa</i>"},
	})
	differ(t, "caption", []string{"Gardu <i>desa</i>"}, texts(w.get("/judul").page(t), "figure.cover figcaption"))
}
