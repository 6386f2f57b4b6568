package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestLostPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Perjalanan ke Toraja", Markdown: "Kopi.", Language: "id"})
	gone := w.publish(blog.DraftInput{Title: "Rahasia dapur", Markdown: "Jahe.", Language: "id"})
	check(t, w.blog.Delete(t.Context(), uuid.Nil, gone.ID))
	type page struct {
		Status         int
		Title, Query   string
		Similar, Fresh []string
	}
	recent := []string{"/perjalanan-ke-toraja"}
	for _, test := range []struct {
		name, in, language string
		want               page
	}{
		{"nearly an article", "/perjalanan-toraja", "id", page{404, "Halaman tidak ditemukan", "perjalanan toraja", recent, recent}},
		{"in English", "/perjalanan-di-toraja", "en", page{404, "Page not found", "perjalanan di toraja", recent, recent}},
		{"nothing like it", "/harimau", "id", page{404, "Halaman tidak ditemukan", "harimau", []string{}, recent}},
		{"a topic", "/tags/kopi-susu", "id", page{404, "Halaman tidak ditemukan", "kopi susu", []string{}, recent}},
		{"what a scanner asks", "/wp-login.php", "id", page{404, "Halaman tidak ditemukan", "", []string{}, recent}},
		{"deleted", "/rahasia-dapur", "id", page{410, "Tulisan ini sudah dihapus", "rahasia dapur", []string{}, recent}},
		{"very long", "/" + strings.Repeat("kopi-", 400), "id", page{404, "Halaman tidak ditemukan", strings.TrimSpace(strings.Repeat("kopi ", 16)), []string{}, recent}},
		{"markup", "/%22%3E%3Cscript%3Ealert", "id", page{404, "Halaman tidak ditemukan", "script alert", []string{}, recent}},
		{"another script", "/%E6%9D%B1%E4%BA%AC%E3%81%AE%E5%A4%9C", "id", page{404, "Halaman tidak ditemukan", "東京の夜", []string{}, recent}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res := w.get(test.in, "Accept-Language", test.language, "Accept", "text/html,*/*;q=0.8")
			doc := res.page(t)
			got := page{
				res.StatusCode, doc.Find("h1").Text(), doc.Find("main form[role=search] input").AttrOr("value", "-"),
				hrefs(doc, ".trouble section:not(.interface) a"), hrefs(doc, ".trouble section.interface a"),
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := res.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if test.want.Status == 410 && doc.Find(".trouble time").Length() != 1 {
				t.Error("it does not say when")
			}
		})
	}
}

// Programs get a line, HEAD the same header.
func TestErrorsForPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct {
		name, method, accept, kind, body string
	}{
		{"another server", "GET", "application/activity+json", "text/plain; charset=utf-8", "Not Found\n"},
		{"JSON", "GET", "application/json", "text/plain; charset=utf-8", "Not Found\n"},
		{"a feed reader", "GET", "application/atom+xml, application/xml;q=0.9", "text/plain; charset=utf-8", "Not Found\n"},
		{"HEAD", "HEAD", "text/html", "text/html; charset=utf-8", ""},
		{"HEAD of a program", "HEAD", "application/json", "text/plain; charset=utf-8", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res := w.do(test.method, "/tidak-ada", nil, "Accept", test.accept)
			got := []any{res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"), res.body}
			if diff := cmp.Diff([]any{404, test.kind, "no-store", test.body}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, accept := range []string{"", "*/*", "text/*", "text/html;q=0.1, application/json;q=0.05"} {
		if res := w.get("/tidak-ada", "Accept", accept); !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%q gets %s", accept, res.Header.Get("Content-Type"))
		}
	}
	if res := w.post("/archive", nil, "Origin", w.origin); res.StatusCode != 405 || res.Header.Get("Allow") == "" || res.page(t).Find("h1").Text() != "Itu tidak bisa dilakukan di sini" {
		t.Errorf("a method that is not allowed: %d, %q", res.StatusCode, res.page(t).Find("h1").Text())
	}
}

// Of many addresses that are not there only some are compared with others.
func TestGuessesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Perjalanan ke Toraja", Markdown: "Kopi.", Language: "id"})
	helped := 0
	for range 300 {
		doc := w.get("/perjalanan-toraja").page(t)
		helped += doc.Find(".trouble section:not(.interface) a").Length()
	}
	if helped == 0 || helped == 300 {
		t.Errorf("%d of 300 were helped", helped)
	}
}
