package web_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
)

func TestArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if diff := cmp.Diff([]string{"Belum ada yang diterbitkan."}, texts(w.get("/archive").page(t), "main .empty")); diff != "" {
		t.Errorf("nothing yet (-want +got):\n%s", diff)
	}
	for _, at := range []string{"2024-12-31T17:30:00Z", "2025-01-31T16:30:00Z", "2025-03-05T00:00:00Z"} { // the first is 2025 in Jakarta
		published, err := time.Parse(time.RFC3339, at)
		check(t, err)
		w.publish(blog.DraftInput{Title: "Kopi " + at[:10], Markdown: "Pagi.", Language: "id", Published: published})
	}
	for i := range 14 {
		w.publish(blog.DraftInput{Title: "Teh", Markdown: "Sore.", Language: "id", Published: time.Date(2023, 7, 1+i, 3, 0, 0, 0, time.UTC)})
	}
	t.Run("years and months", func(t *testing.T) {
		t.Parallel()
		doc := w.get("/archive").page(t)
		if diff := cmp.Diff([]string{"2025 3 tulisan", "2023 14 tulisan"}, texts(doc, ".archive h2")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		want := []string{"/archive/2025/03", "/archive/2025/01", "/archive/2023/07"}
		if diff := cmp.Diff(want, hrefs(doc, ".months a")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a month", func(t *testing.T) {
		t.Parallel()
		doc := w.get("/archive/2025/01").page(t)
		got := append(append(texts(doc, "h1"), texts(doc, ".card h2")...), hrefs(doc, ".paging a")...)
		want := []string{"Januari 2025", "Kopi 2025-01-31", "Kopi 2024-12-31", "/archive/2025/03", "/archive/2023/07"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a year in English, and back", func(t *testing.T) {
		t.Parallel()
		doc := w.get("/archive/2025", "Accept-Language", "en").page(t)
		got := append(append(texts(doc, "h1"), texts(doc, ".list-head > p")...), hrefs(doc, ".paging a")...)
		if diff := cmp.Diff([]string{"2025", "Archive", "3 articles", "/archive/2023"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("pages by key", func(t *testing.T) {
		t.Parallel()
		first := w.get("/archive/2023/07").page(t)
		older := first.Find("a[rel=next]").AttrOr("href", "")
		second := w.get(older).page(t)
		newer := second.Find("a[rel=prev]").AttrOr("href", "")
		back := w.get(newer).page(t)
		got := []int{first.Find(".card").Length(), second.Find(".card").Length(), back.Find(".card").Length(), back.Find("a[rel=prev]").Length()}
		if diff := cmp.Diff([]int{12, 2, 12, 0}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := back.Find("link[rel=canonical]").AttrOr("href", ""); got != w.origin+"/archive/2023/07" {
			t.Errorf("the first page is %q", got)
		}
		tracked := w.get(older + "&utm_source=x&safe=1&lang=en").page(t)
		if got := tracked.Find("link[rel=canonical]").AttrOr("href", ""); got != w.origin+older {
			t.Errorf("the second page is %q, want %q", got, w.origin+older)
		}
	})
	t.Run("kept", func(t *testing.T) {
		t.Parallel()
		if tag := w.get("/archive/2023").Header.Get("ETag"); tag == "" || w.get("/archive/2023", "If-None-Match", tag).StatusCode != 304 {
			t.Error("not kept")
		}
	})
	for _, test := range []struct {
		name, in string
		want     int
	}{
		{"a month without articles", "/archive/2025/02", 404},
		{"a year without articles", "/archive/2024", 404},
		{"no month", "/archive/2025/13", 404},
		{"month 0", "/archive/2025/00", 404},
		{"a month in short", "/archive/2025/1", 404},
		{"no year", "/archive/kopi", 404},
		{"year 0", "/archive/0000", 404},
		{"a long year", "/archive/20255", 404},
		{"a negative year", "/archive/-025", 404},
		{"a day", "/archive/2025/01/31", 404},
		{"digits of another script", "/archive/%D9%A2%D9%A0%D9%A2%D9%A5", 404},
		{"a slash at the end", "/archive/2025/", 301},
		{"a cursor that is none", "/archive/2025?before=x", 400},
		{"a cursor of another age", "/archive/2025?before=-zzzzzzzzzzz.00000000-0000-0000-0000-000000000001", 400},
		{"past the end", "/archive/2025?before=0.00000000-0000-0000-0000-000000000001", 303},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := w.get(test.in).StatusCode; got != test.want {
				t.Errorf("%s: %d, want %d", test.in, got, test.want)
			}
		})
	}
}

// Lists that are asked for a page that is not there lead to their first.
func TestListsPastTheirEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const none, before, after = "00000000-0000-0000-0000-000000000001", "0.", "14e714fxmo0."
	for i := range 13 {
		w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id", Tags: []string{"kopi"}, Published: time.Date(2025, 1, 1+i, 0, 0, 0, 0, time.UTC)})
	}
	for _, path := range []string{"/", "/tags/kopi", "/authors/blog", "/archive/2025"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			past := w.get(path + "?before=" + before + none)
			got := []any{past.StatusCode, past.Header.Get("Location"), past.Header.Get("Cache-Control")}
			if diff := cmp.Diff([]any{303, path, "no-store"}, got); diff != "" {
				t.Errorf("past the end (-want +got):\n%s", diff)
			}
			first := w.get(path + "?after=" + after + none)
			doc := first.page(t)
			got = []any{first.StatusCode, doc.Find(".card").Length(), doc.Find("a[rel=prev]").Length(), doc.Find("a[rel=next]").Length()}
			if diff := cmp.Diff([]any{200, 12, 0, 1}, got); diff != "" {
				t.Errorf("before the beginning (-want +got):\n%s", diff)
			}
			last := w.get(doc.Find("a[rel=next]").AttrOr("href", "")).page(t)
			ends := []any{last.Find(".card").Length(), last.Find("a[rel=prev]").Length(), last.Find("a[rel=next]").Length()}
			if diff := cmp.Diff([]any{1, 1, 0}, ends); diff != "" {
				t.Errorf("the last page (-want +got):\n%s", diff)
			}
			for _, bad := range []string{"?before=x", "?after=%00", "?after=zzzzzzzzzzzzz." + none, "?before=-zzzzzzzzzzz." + none} {
				if res := w.get(path + bad); res.StatusCode != 400 {
					t.Errorf("%s: %d", bad, res.StatusCode)
				}
			}
		})
	}
}
