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
	"kabar/internal/federation"
)

// react stores what somebody does to an article, or to a comment under it.
func (w *world) react(kind, emoji, picture string, by blog.Actor, a blog.Article, c *blog.Comment) {
	w.t.Helper()
	id := newID()
	r := federation.NewReaction{
		ID: id, Kind: kind, Actor: by.ID, ActivityURI: by.URI + "#" + id.String(), Content: emoji, EmojiURL: picture,
		Place: federation.Place{ObjectURI: a.ObjectURI, ArticleID: a.ID}, Done: federation.Done{At: time.Now()},
	}
	if c != nil {
		r.Place.ObjectURI, r.Place.CommentID = c.ObjectURI, c.ID
	}
	check(w.t, w.store.AddReactions(w.t.Context(), r))
}

func names(doc *goquery.Document) []string {
	return doc.Find(".h-card .p-name").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
}

func TestReactionsPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Language: "id"})
	mika, joao := w.stranger("mika"), w.stranger("joao")
	c := w.comment(a, nil, mika, "halo", nil)
	hidden := w.comment(a, nil, mika, "tidak", func(c *blog.Comment) { c.State = blog.Hidden })
	path := func(id uuid.UUID) string { return "/-/reactions/" + id.String() }
	if doc := w.get(path(a.ID)).page(t); doc.Find("h1").Text() == "" || len(names(doc)) != 0 {
		t.Error("a page without reactions is not empty")
	}
	w.react("like", "", "", mika, a, nil)
	w.react("like", "", "", joao, a, nil)
	w.react("emoji", "☕", "", joao, a, nil)
	w.react("emoji", ":<b>:", "https://remote.example/x.png", mika, a, nil)
	w.react("boost", "", "", joao, a, &c)
	w.comment(a, nil, joao, "kutip", func(c *blog.Comment) { c.Quotes, c.InReplyTo = a.ObjectURI, "" })
	draft, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "Draf", Markdown: "x"}})
	check(t, err)
	tests := []struct {
		name, path string
		status     int
		want       []string
	}{
		{"the first kind", path(a.ID), 200, []string{"The joao", "The mika"}},
		{"emoji", path(a.ID) + "?kind=emoji&content=" + url.QueryEscape("☕"), 200, []string{"The joao"}},
		{"all emoji", path(a.ID) + "?kind=emoji", 200, []string{"The mika", "The joao"}},
		{"quotes", path(a.ID) + "?kind=quote", 200, []string{"The joao"}},
		{"of a comment", path(c.ID), 200, []string{"The joao"}},
		{"in English", path(a.ID) + "?lang=en", 200, []string{"The joao", "The mika"}},
		{"a kind that nobody gave", path(c.ID) + "?kind=like", 404, nil},
		{"nonsense", path(a.ID) + "?kind=x&content=y", 404, nil},
		{"a bad place", path(a.ID) + "?before=x", 400, nil},
		{"a hidden comment", path(hidden.ID), 404, nil},
		{"a draft", path(draft.ID), 404, nil},
		{"nobody", path(newID()), 404, nil},
		{"no id", "/-/reactions/x", 404, nil},
	}
	for _, tt := range tests {
		got := w.get(tt.path)
		if got.StatusCode != tt.status {
			t.Errorf("%s: %d", tt.name, got.StatusCode)
		}
		if tt.status != 200 {
			continue
		}
		doc := got.page(t)
		if diff := cmp.Diff(tt.want, names(doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if doc.Find(`meta[name=robots][content=noindex]`).Length() != 1 || doc.Find(".tags [aria-current]").Length() == 0 {
			t.Errorf("%s: may be indexed, or does not say what it shows", tt.name)
		}
		if strings.Contains(got.body, "<b>:") || strings.Contains(got.body, "remote.example/x.png") {
			t.Errorf("%s: an emoji of another server gets through", tt.name)
		}
	}
	check(t, w.blog.Delete(t.Context(), uuid.Nil, a.ID))
	if got := w.get(path(a.ID)); got.StatusCode != http.StatusGone {
		t.Errorf("of a deleted article: %d", got.StatusCode)
	}
}

// TestReactionsArePaged follows the pages of many, which stand on them once.
func TestReactionsArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	for i := range 130 {
		w.react("like", "", "", w.stranger(fmt.Sprint("p", i)), a, nil)
	}
	seen := map[string]bool{}
	at := "/-/reactions/" + a.ID.String()
	for pages := 1; at != ""; pages++ {
		doc := w.get(at).page(t)
		for _, name := range names(doc) {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
		}
		at = doc.Find("a[rel=next]").AttrOr("href", "")
		if pages > 3 {
			t.Fatal("no end")
		}
	}
	if len(seen) != 130 {
		t.Errorf("%d people, want 130", len(seen))
	}
	// What is kept is dropped with the next like.
	first := "/-/reactions/" + a.ID.String()
	w.get(first)
	w.react("like", "", "", w.stranger("late"), a, nil)
	if got := names(w.get(first).page(t)); got[0] != "The late" {
		t.Errorf("the newest is %s", got[0])
	}
}
