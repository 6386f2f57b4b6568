package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// texts are those of the elements that a selector finds.
func texts(doc *goquery.Document, selector string) []string {
	all := []string{}
	doc.Find(selector).Each(func(_ int, s *goquery.Selection) { all = append(all, strings.Join(strings.Fields(s.Text()), " ")) })
	return all
}

func hrefs(doc *goquery.Document, selector string) []string {
	all := []string{}
	doc.Find(selector).Each(func(_ int, s *goquery.Selection) { all = append(all, s.AttrOr("href", "")) })
	return all
}

func searching(values ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		query.Set(values[i], values[i+1])
	}
	return "/search?" + query.Encode()
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Perjalanan ke Toraja", Markdown: "Kami *berjalan* di pasar & minum `<b>` kopi.", Language: "id", Tags: []string{"Kopi"}})
	w.publish(blog.DraftInput{Title: "Coffee stories", Markdown: "The farmers walk to the market.", Language: "en", Tags: []string{"coffee"}})
	w.publish(blog.DraftInput{Markdown: "Catatan kecil tentang kopi", Language: "id"})
	check(t, w.store.RefreshSearch(t.Context()))
	for _, test := range []struct {
		name, in        string
		results, marked []string
	}{
		{"a word", searching("q", "jalan"), []string{"Perjalanan ke Toraja"}, []string{"Perjalanan", "berjalan"}},
		{"another language", searching("q", "farmer walking"), []string{"Coffee stories"}, []string{"farmers", "walk"}},
		{"without", searching("q", `kopi -toraja`), []string{"Catatan kecil tentang kopi"}, []string{"kopi"}},
		{"a kind", searching("q", "kopi", "kind", "article"), []string{"Perjalanan ke Toraja"}, []string{"kopi"}},
		{"a topic", searching("q", "kopi or coffee", "tag", "COFFEE"), []string{"Coffee stories"}, []string{"Coffee"}},
		{"a language", searching("q", "pasar or market", "language", "en"), []string{"Coffee stories"}, []string{"market"}},
		{
			"a filter that is not there", searching("q", "jalan", "kind", "film", "year", "1066", "author", "nobody", "language", "xx"),
			[]string{"Perjalanan ke Toraja"},
			[]string{"Perjalanan", "berjalan"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res := w.get(test.in)
			doc := res.page(t)
			if diff := cmp.Diff(test.results, texts(doc, ".found h3")); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.marked, texts(doc, "mark")); diff != "" {
				t.Errorf("marked (-want +got):\n%s", diff)
			}
			got := []string{res.Status, res.Header.Get("Cache-Control"), doc.Find("meta[name=robots]").AttrOr("content", "")}
			if diff := cmp.Diff([]string{"200 OK", "private, no-store", "noindex"}, got); diff != "" {
				t.Errorf("not for caches and indexes (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("what was written is text", func(t *testing.T) {
		t.Parallel()
		doc := w.get(searching("q", "minum")).page(t)
		if got := doc.Find(".found-text").Text(); !strings.Contains(got, "<b>") || doc.Find(".found-text b").Length() > 0 {
			t.Errorf("excerpt %q", got)
		}
	})
	t.Run("another spelling", func(t *testing.T) {
		t.Parallel()
		doc := w.get(searching("q", "perjalann -teh")).page(t)
		if diff := cmp.Diff([]string{"/search?q=perjalanan+-teh"}, hrefs(doc, ".search-meant a")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Tidak ada yang ditemukan"}, texts(doc, ".search-total")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("topics of that name", func(t *testing.T) {
		t.Parallel()
		if diff := cmp.Diff([]string{"/tags/kopi"}, hrefs(w.get(searching("q", "KOPI")).page(t), ".search-results > .tags a")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestSearchForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id"})
	for _, test := range []struct{ name, in, want string }{
		{"no question", "/search", ""},
		{"empty", "/search?q=", ""},
		{"only stop words", searching("q", "yang dan the"), "Tidak ada yang bisa dicari dari itu."},
		{"only what must not be there", searching("q", "-kopi"), "Tidak ada yang bisa dicari dari itu."},
		{"signs", searching("q", "'&|!()*:\\"), ""},
		{"NUL", searching("q", "\x00"), ""},
		{"emoji", searching("q", "☕"), ""},
		{"not there", searching("q", "harimau"), "Tidak ada yang ditemukan"},
		{"10,000 characters", searching("q", strings.Repeat("kopi ", 2000)), "1 hasil"},
		{"markup", searching("q", `"><script>alert(1)</script>`), "Tidak ada yang ditemukan"},
		{"in English", searching("q", "the", "lang", "en"), "There is nothing to search for in that."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res := w.get(test.in)
			doc := res.page(t)
			got := strings.Join(append(texts(doc, ".search-total"), texts(doc, ".search-results .empty strong")...), "")
			if res.StatusCode != http.StatusOK || got != test.want {
				t.Errorf("%d %q, want %q", res.StatusCode, got, test.want)
			}
			if n := doc.Find("form[role=search] input[name=q]").Length(); n != 1 || doc.Find("main script").Length() > 0 {
				t.Errorf("%d fields", n)
			}
		})
	}
}

// Help with typing errors that takes too long is left out.
func TestSearchWithoutTimeToSpell(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id"})
	tx, err := w.store.Pool().Begin(t.Context())
	check(t, err)
	defer tx.Rollback(t.Context()) //nolint:errcheck // nothing was changed
	_, err = tx.Exec(t.Context(), `lock table search_words in access exclusive mode`)
	check(t, err) // whoever asks for the table waits
	res := w.get(searching("q", "kopii"))
	if got := texts(res.page(t), ".search-total"); res.StatusCode != http.StatusOK || len(got) != 1 {
		t.Errorf("without time for another spelling: %d %q", res.StatusCode, got)
	}
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 15 {
		w.publish(blog.DraftInput{Title: fmt.Sprintf("Kopi %d", i), Markdown: "Pagi.", Language: "id", Published: time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	seen := map[string]bool{}
	next := searching("q", "kopi", "kind", "article")
	for pages := 0; next != ""; pages++ {
		doc := w.get(next).page(t)
		for _, href := range hrefs(doc, ".found h3 a") {
			if seen[href] {
				t.Errorf("%s comes twice", href)
			}
			seen[href] = true
		}
		if pages > 2 {
			t.Fatal("no end")
		}
		next = doc.Find(".paging a[rel=next]").AttrOr("href", "")
	}
	if len(seen) != 15 {
		t.Errorf("%d results on all pages", len(seen))
	}
	for _, test := range []struct {
		name, in string
		status   int
		location string
	}{
		{"past the end", searching("q", "kopi", "page", "3"), 303, "/search?q=kopi"},
		{"far past the end, with a filter", searching("q", "kopi", "kind", "article", "page", "99999999"), 303, "/search?kind=article&q=kopi"},
		{"zero", searching("q", "kopi", "page", "0"), 400, ""},
		{"negative", searching("q", "kopi", "page", "-1"), 400, ""},
		{"no number", searching("q", "kopi", "page", "x"), 400, ""},
		{"too large a number", searching("q", "kopi", "page", "99999999999999999999"), 400, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res := w.get(test.in)
			if res.StatusCode != test.status || res.Header.Get("Location") != test.location {
				t.Errorf("%d %q", res.StatusCode, res.Header.Get("Location"))
			}
		})
	}
}

func TestSearchBrake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 200 {
		res := w.get(searching("q", "kopi"))
		if res.StatusCode == http.StatusTooManyRequests {
			if res.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			if free := w.get("/search"); free.StatusCode != http.StatusOK {
				t.Errorf("the field itself: %d", free.StatusCode)
			}
			return
		}
	}
	t.Error("an address may search without end")
}

func TestSearchOfComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id"})
	c := w.comment(a, nil, w.stranger("budi"), "jahe hangat", nil)
	w.comment(a, nil, w.stranger("ana"), "jahe rahasia", func(c *blog.Comment) { c.Visibility = blog.Followers })
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Search.Comments = true; return nil })
	check(t, err)
	check(t, w.store.RefreshSearch(t.Context()))
	doc := w.get(searching("q", "jahe", "kind", "comment")).page(t)
	if diff := cmp.Diff([]string{"/kopi" + blog.CommentPlace(c.ID)}, hrefs(doc, ".found h3 a")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Tanggapan The budi pada"}, texts(doc, ".found-kind")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every page of readers leads to the search.
func TestSearchFromEveryPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id", Tags: []string{"kopi"}})
	for _, path := range []string{"/", "/kopi", "/tags/kopi", "/authors/blog", "/archive", "/follow", "/search", "/tidak-ada", "/archive?before=x"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			doc := w.get(path).page(t)
			form := doc.Find("form[role=search]")
			if form.Length() != 1 || form.AttrOr("action", "") != "/search" || form.AttrOr("aria-label", "") == "" {
				t.Errorf("%d forms to search with", form.Length())
			}
			if id := form.Find("input[name=q]").AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
				t.Error("a field without a label")
			}
		})
	}
}
