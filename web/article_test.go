package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestArticlePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	older := w.publish(blog.DraftInput{Title: "Lama", Markdown: "Nol.", Published: time.Now().Add(-time.Hour)})
	article := w.publish(blog.DraftInput{
		Title: `Kabar <baik> & "lain"`, Summary: "Ringkas", Markdown: "## Satu\n\nHalo.\n", Tags: []string{"Kopi Pagi", "x<y"}, Language: "en",
	})
	a := w.get("/" + article.Slug)
	doc := a.page(t)
	entry := doc.Find(".h-entry").First()
	got := map[string]string{
		"name": strings.TrimSpace(entry.Find(".p-name").First().Text()), "content": strings.Join(strings.Fields(entry.Find(".e-content").First().Text()), " "),
		"canonical": doc.Find("link[rel=canonical]").AttrOr("href", ""), "object": doc.Find(`link[rel=alternate][type="application/activity+json"]`).AttrOr("href", ""),
		"header": a.Header.Get("Link"), "lang": entry.Find("[lang=en]").First().AttrOr("lang", ""),
		"tag": doc.Find(".p-category").First().AttrOr("href", ""), "older": doc.Find(".neighbours a").AttrOr("href", ""),
		"creator": doc.Find(`meta[name="fediverse:creator"]`).AttrOr("content", ""), "description": doc.Find("meta[name=description]").AttrOr("content", ""),
		"likes": entry.AttrOr("data-likes", ""), "author": entry.Find(".p-author").First().AttrOr("href", ""),
	}
	want := map[string]string{
		"name": `Kabar <baik> & "lain"`, "content": "Satu Halo.", "canonical": w.origin + "/" + article.Slug, "object": article.ObjectURI,
		"header": "<" + article.ObjectURI + `>; rel="alternate"; type="application/activity+json"`, "lang": "en",
		"tag": "/tags/kopi%20pagi", "older": "/" + older.Slug, "creator": "@blog@blog.example", "description": "Ringkas",
		"likes": "0", "author": "/authors/blog",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPastAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	in := blog.Input(article)
	in.Slug = "nama-baru"
	_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{ID: article.ID, Input: in})
	check(t, err)
	a := w.get("/kabar")
	if a.StatusCode != 301 || a.Header.Get("Location") != "/nama-baru" {
		t.Errorf("page: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	a = w.get("/kabar", "Accept", asActivity)
	got := []string{a.Header.Get("Location"), a.Header.Get("Cache-Control"), a.Header.Get("Vary")}
	if diff := cmp.Diff([]string{article.ObjectURI, "no-store"}, got[:2]); diff != "" || !strings.Contains(got[2], "Accept") {
		t.Error(diff, got[2])
	}
}

func TestNotFoundHelps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kabar <b>", Markdown: "Satu."})
	a := w.get("/tidak-ada", "Accept-Language", "en")
	doc := a.page(t)
	got := []string{doc.Find("html").AttrOr("lang", ""), doc.Find("h1").Text(), doc.Find(`main a[href^="/kabar"]`).Text()}
	if diff := cmp.Diff([]string{"en", "Page not found", "Kabar <b>"}, got); diff != "" || a.StatusCode != 404 {
		t.Error(a.StatusCode, diff)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := time.Now().Add(-time.Hour)
	var want []string
	for i := range 30 {
		a := w.publish(blog.DraftInput{Title: fmt.Sprintf("Kabar %d", i), Markdown: "Satu.", Tags: []string{"kopi"}, Published: start.Add(time.Duration(i) * time.Second)})
		want = append([]string{"/" + a.Slug}, want...)
	}
	for _, path := range []string{"/", start.In(blog.DefaultSite("", "").Location()).Format("/archive/2006"), "/tags/kopi", "/authors/blog"} {
		var forth, back []string
		at, end := path, path
		for at != "" {
			doc := w.get(at).page(t)
			forth = append(forth, articleLinks(doc)...)
			at, end = doc.Find(".paging a[rel=next]").AttrOr("href", ""), at
		}
		for at = end; at != ""; {
			doc := w.get(at).page(t)
			back = append(articleLinks(doc), back...)
			at = doc.Find(".paging a[rel=prev]").AttrOr("href", "")
		}
		if diff := cmp.Diff(want, forth); diff != "" {
			t.Errorf("%s to the oldest:\n%s", path, diff)
		}
		if !isSubset(want, back) {
			t.Errorf("%s back to the newest: %v", path, back)
		}
	}
}

func isSubset(want, got []string) bool {
	have := map[string]bool{}
	for _, g := range got {
		have[g] = true
	}
	for _, w := range want {
		if !have[w] {
			return false
		}
	}
	return true
}

// A feed changes by what leaves it: who knows the time of the last change is
// told so.
func TestFeedAfterDeletion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Halo."})
	a := w.get("/feed.atom")
	for since, want := range map[string]int{a.Header.Get("Last-Modified"): 304, "Thu, 01 Jan 2015 00:00:00 GMT": 200, "nonsense": 200} {
		if b := w.get("/feed.atom", "If-Modified-Since", since); b.StatusCode != want {
			t.Errorf("since %s: %d", since, b.StatusCode)
		}
	}
	later := blog.Service{
		Reader: w.store, Store: w.store, NewID: newID, Now: func() time.Time { return time.Now().Add(time.Minute) },
	}
	check(t, later.Delete(t.Context(), uuid.Nil, first.ID))
	if b := w.get("/feed.atom", "If-Modified-Since", a.Header.Get("Last-Modified")); b.StatusCode != 200 {
		t.Errorf("after a deletion: %d", b.StatusCode)
	}
}

func articleLinks(doc *goquery.Document) []string {
	return doc.Find("main article a.u-url, main .h-entry a.u-url").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
}
