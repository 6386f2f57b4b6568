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
	"kabar/internal/markup"
)

// ids are the comments of a page, in order.
func ids(doc *goquery.Document) []string {
	return doc.Find(".u-comment").Map(func(_ int, s *goquery.Selection) string {
		return strings.TrimPrefix(s.AttrOr("id", ""), "c-")
	})
}

// crawl follows every rel=next in the h-entry and counts each comment.
func (w *world) crawl(path string) map[string]int {
	w.t.Helper()
	counts, seen, queue := map[string]int{}, map[string]bool{}, []string{path}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		a := w.get(at)
		if a.StatusCode != 200 {
			w.t.Errorf("%s: %d", at, a.StatusCode)
		}
		doc := a.page(w.t)
		for _, id := range ids(doc) {
			counts[id]++
		}
		doc.Find(`.h-entry a[rel~=next]`).Each(func(_ int, s *goquery.Selection) {
			next, _, _ := strings.Cut(path+s.AttrOr("href", ""), "#")
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		})
	}
	return counts
}

func TestEveryCommentOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		parent func(all []blog.Comment) *blog.Comment // of the next one
		n      int
	}{
		{"side by side", func([]blog.Comment) *blog.Comment { return nil }, 95},
		{"a chain", func(all []blog.Comment) *blog.Comment { return last(all) }, 150},
		{"below one", func(all []blog.Comment) *blog.Comment {
			if len(all) == 0 {
				return nil
			}
			return &all[0]
		}, 350},
		{"wild", func(all []blog.Comment) *blog.Comment {
			if len(all)%7 == 0 {
				return nil
			}
			return &all[len(all)*len(all)%len(all)/2+len(all)/3]
		}, 330},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
			w.publish(blog.DraftInput{Title: "Lain", Markdown: "Dua."}) // the next article is no part of the conversation
			stranger, start := w.stranger("mika"), time.Now()
			var all []blog.Comment
			want := map[string]int{}
			for i := range tt.n {
				c := w.comment(article, tt.parent(all), stranger, "x", func(c *blog.Comment) { c.Published = start.Add(time.Duration(i) * time.Second) })
				all = append(all, c)
				want[c.ID.String()] = 1
			}
			if diff := cmp.Diff(want, w.crawl("/kabar")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// One after the other, each comment stands once too.
func TestEveryCommentInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	stranger, start := w.stranger("mika"), time.Now()
	var all []blog.Comment
	for i := range 120 {
		var parent *blog.Comment
		if i%3 > 0 {
			parent = last(all)
		}
		all = append(all, w.comment(article, parent, stranger, "x", func(c *blog.Comment) { c.Published = start.Add(time.Duration(i) * time.Second) }))
	}
	for _, order := range []string{"oldest", "newest"} {
		var got []string
		for at := "/kabar?order=" + order; at != ""; {
			doc := w.get(at).page(t)
			got = append(got, ids(doc)...)
			next, ok := doc.Find(".h-entry .load-more a[rel~=next]").Attr("href")
			if at = ""; ok {
				at, _, _ = strings.Cut("/kabar"+next, "#")
			}
		}
		want := make([]string, len(all))
		for i, c := range all {
			want[i] = c.ID.String()
			if order == "newest" {
				want[i] = all[len(all)-1-i].ID.String()
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", order, diff)
		}
	}
}

// The address of a comment opens the part of the conversation that has it,
// wherever it stands.
func TestAddressOfAComment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	other := w.publish(blog.DraftInput{Title: "Lain", Markdown: "Dua."})
	stranger, start, n := w.stranger("mika"), time.Now(), 0
	say := func(a blog.Article, parent *blog.Comment) blog.Comment {
		n++
		return w.comment(a, parent, stranger, "x", func(c *blog.Comment) { c.Published = start.Add(time.Duration(n) * time.Second) })
	}
	first := say(article, nil)
	deep := first
	for range 14 {
		deep = say(article, &deep)
	}
	var late, sibling blog.Comment
	for range 60 {
		late = say(article, nil)
		sibling = say(article, &first)
	}
	hidden, elsewhere := say(article, nil), say(other, nil)
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, hidden.ID, blog.Hidden))
	tests := []struct {
		name  string
		at    string
		shown string // the comment that has to stand there
		alone bool
	}{
		{"on the first page", first.ID.String(), first.ID.String(), false},
		{"on a later page", late.ID.String(), late.ID.String(), true},
		{"too deep for the page", deep.ID.String(), deep.ID.String(), true},
		{"one of too many siblings", sibling.ID.String(), sibling.ID.String(), true},
		{"hidden", hidden.ID.String(), first.ID.String(), false},
		{"of another article", elsewhere.ID.String(), first.ID.String(), false},
		{"of nobody", newID().String(), first.ID.String(), false},
	}
	for _, tt := range tests {
		a := w.get("/kabar?c=" + tt.at)
		doc := a.page(t)
		got := []any{a.StatusCode, doc.Find("#c-" + tt.shown).Length(), doc.Find(".part-of").Length() == 1, doc.Find(".h-entry a[rel~=next]").Length() > 0}
		if diff := cmp.Diff([]any{200, 1, tt.alone, !tt.alone}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if tt.alone && doc.Find("#c-"+tt.shown+" > article .dt-published").Length() != 1 {
			t.Errorf("%s: no comment", tt.name)
		}
	}
	for _, bad := range []string{"?c=x", "?in=x", "?order=best", "?after=x"} {
		if a := w.get("/kabar" + bad); a.StatusCode != 400 {
			t.Errorf("%s: %d", bad, a.StatusCode)
		}
	}
	if a := w.get("/kabar?in=" + elsewhere.ID.String()); a.StatusCode != 404 {
		t.Errorf("answers to a comment elsewhere: %d", a.StatusCode)
	}
}

func last(all []blog.Comment) *blog.Comment {
	if len(all) == 0 {
		return nil
	}
	return &all[len(all)-1]
}

func TestThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	mika, evil := w.stranger("mika"), w.stranger("evil")
	first := w.comment(article, nil, mika, "Pertama", func(c *blog.Comment) {
		c.Edited, c.Warning = time.Now(), "Isi <peka>"
		c.Attachments = []blog.Attachment{
			{URL: "https://remote.example/a.png", Type: "image/png", Description: `Gambar "x" <b>`},
			{URL: "javascript:alert(1)", Type: "image/png", Description: "jahat"},
		}
	})
	w.comment(article, &first, evil, "Anak", func(c *blog.Comment) {
		c.HTML = markup.Sanitize(`<p onclick="alert(1)">Anak<script>alert(1)</script><img src="https://evil.example/p.png"></p>`)
		c.URL = "javascript:alert(2)"
	})
	for _, v := range []blog.Visibility{blog.Followers, blog.Direct} {
		w.comment(article, nil, mika, "RAHASIA", func(c *blog.Comment) { c.Visibility = v })
	}
	hidden := w.comment(article, nil, mika, "TERSEMBUNYI", nil)
	w.comment(article, &hidden, mika, "Di bawahnya", nil)
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, hidden.ID, blog.Hidden))
	_, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: first.ID, Markdown: "Terima kasih."})
	check(t, err)

	a := w.get("/kabar")
	doc := a.page(t)
	for _, secret := range []string{"RAHASIA", "TERSEMBUNYI", "javascript:", "<script>alert", "onclick"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the page has %q", secret)
		}
	}
	foreign := doc.Find("img, script, link[rel=stylesheet], source, iframe, video").FilterFunction(func(_ int, s *goquery.Selection) bool {
		at := s.AttrOr("src", s.AttrOr("href", ""))
		return strings.Contains(at, "//") && !strings.HasPrefix(at, w.origin)
	})
	if foreign.Length() != 0 {
		t.Errorf("the page makes browsers ask other hosts: %d times", foreign.Length())
	}
	root := doc.Find("#c-" + first.ID.String())
	own := root.ChildrenFiltered("article")
	got := map[string]string{
		"name":       strings.TrimSpace(own.Find(".p-author .p-name").First().Text()),
		"handle":     strings.TrimSpace(own.Find(".source bdi").First().Text()),
		"address":    own.Find(".u-url").AttrOr("href", ""),
		"warning":    strings.TrimSpace(own.Find("details > summary").First().Text()),
		"content":    strings.TrimSpace(own.Find(".e-content").First().Text()),
		"attachment": own.Find(".attachment a").First().AttrOr("href", ""),
		"edited":     fmt.Sprint(own.Find(".dt-updated").Length()),
		"replies":    fmt.Sprint(root.Find(".u-comment.h-cite").Length()),
		"by author":  strings.TrimSpace(root.Find(".by-author .e-content").Text()),
		"total":      fmt.Sprint(len(ids(doc))),
		"removed":    fmt.Sprint(doc.Find(".comment.removed").Length()),
	}
	want := map[string]string{
		"name": "The mika", "handle": "@mika@remote.example", "address": first.URL, "warning": "Isi <peka>", "content": "Pertama",
		"attachment": "https://remote.example/a.png", "edited": "1", "replies": "2", "by author": "Terima kasih.", "total": "4", "removed": "1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
