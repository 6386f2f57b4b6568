package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// writer is an account with a public profile.
func (w *world) writer(name string, change func(*blog.Profile)) blog.Account {
	w.t.Helper()
	a, err := w.blog.CreateAccount(w.t.Context(), uuid.Nil, blog.Account{Name: name, Role: blog.Author})
	check(w.t, err)
	return w.profile(a, func(p *blog.Profile) {
		p.Public = true
		if change != nil {
			change(p)
		}
	})
}

func (w *world) profile(a blog.Account, change func(*blog.Profile)) blog.Account {
	w.t.Helper()
	a, err := w.blog.ChangeProfile(w.t.Context(), uuid.Nil, a.ID, change)
	check(w.t, err)
	return a
}

func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestByline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ratri := w.writer("ratri", func(p *blog.Profile) {
		p.Display, p.Bio, p.Fediverse, p.Website = "Ratri \u202eW", "Menulis <b>tentang</b> desa.", "ratri@danau.example", "https://ratri.example/"
	})
	bayu := w.writer("bayu", nil)
	both := w.publish(blog.DraftInput{Title: "Berdua", Markdown: "Isi.", Details: &blog.Details{Authors: []uuid.UUID{bayu.ID, ratri.ID}}})
	w.publish(blog.DraftInput{Title: "Sendiri", Markdown: "Isi.", Details: &blog.Details{Authors: []uuid.UUID{ratri.ID}}})
	w.publish(blog.DraftInput{Title: "Blog", Markdown: "Isi."})

	doc := w.get("/berdua").page(t)
	differ(t, "byline", []string{"bayu", "Ratri W"}, texts(doc, ".byline .p-author"))
	differ(t, "link", "/authors/ratri", doc.Find(".byline a.p-author").Last().AttrOr("href", ""))
	differ(t, "bdi", 2, doc.Find(".byline .p-author > bdi").Length())
	differ(t, "boxes", []string{"Ratri W"}, texts(doc, ".about strong"))
	differ(t, "bio", true, strings.Contains(doc.Find(".about").Text(), "Menulis <b>tentang</b> desa."))
	differ(t, "follow", "/follow?who=%40ratri%40danau.example", doc.Find(`.about a[href^="/follow"]`).AttrOr("href", ""))
	differ(t, "creators", "@ratri@danau.example", doc.Find(`meta[name="fediverse:creator"]`).AttrOr("content", ""))
	differ(t, "without authors", []string{"Kabar"}, texts(w.get("/blog").page(t), ".byline .p-author"))

	front := w.get("/").page(t)
	differ(t, "cards", []string{"Kabar", "Ratri W", "bayu", "Ratri W"}, texts(front, ".card .p-author"))
	differ(t, "authors", []string{"Ratri W2 tulisan", "bayu1 tulisan"}, authors(front))

	w.profile(bayu, func(p *blog.Profile) { p.Display = "Bayu S" })
	differ(t, "a kept page after a change", []string{"Bayu S", "Ratri W"}, texts(w.get("/berdua").page(t), ".byline .p-author"))
	w.profile(ratri, func(p *blog.Profile) { p.Public = false })
	differ(t, "without who is not public", []string{"Bayu S"}, texts(w.get("/berdua").page(t), ".byline .p-author"))
	differ(t, "nobody is left", []string{"Kabar"}, texts(w.get("/sendiri").page(t), ".byline .p-author"))
	differ(t, "the page of who is not public", http.StatusNotFound, w.get("/authors/ratri").StatusCode)
	if !strings.Contains(w.get("/ap/objects/"+strings.TrimPrefix(both.ObjectURI, w.origin+"/ap/objects/"), "Accept", "application/activity+json").body, w.actor.URI) {
		t.Error("the object is not the blog's")
	}
}

func authors(front *goquery.Document) []string {
	return texts(front, "#authors + ul li")
}

func TestAuthorPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ratri := w.writer("Ratri", func(p *blog.Profile) {
		p.Display, p.Bio, p.Fediverse, p.Website = "Ratri W", "Desa.\nData.", "ratri@danau.example", "https://ratri.example/"
	})
	for i := range 14 {
		w.publish(blog.DraftInput{Title: fmt.Sprint("T", i), Markdown: "Isi.", Details: &blog.Details{Authors: []uuid.UUID{ratri.ID}}})
	}
	w.publish(blog.DraftInput{Title: "Lain", Markdown: "Isi."})

	got := w.get("/authors/Ratri")
	doc := got.page(t)
	differ(t, "name", "Ratri W", strings.TrimSpace(doc.Find("h1.p-name").Text()))
	differ(t, "bio", "Desa.\nData.", doc.Find(".p-note").Text())
	differ(t, "website", "me nofollow noopener", doc.Find(`.fields a[href="https://ratri.example/"]`).AttrOr("rel", ""))
	differ(t, "handle", "@ratri@danau.example", doc.Find(".p-nickname").Text())
	differ(t, "articles", 12, doc.Find(".card").Length())
	older := doc.Find(`link[rel="next"]`).AttrOr("href", "")
	differ(t, "articles on the next page", 2, w.get(older).page(t).Find(".card").Length())

	moved := w.get("/authors/rATRI")
	differ(t, "another case", "301 /authors/Ratri", fmt.Sprint(moved.StatusCode, " ", moved.Header.Get("Location")))
	differ(t, "nobody", http.StatusNotFound, w.get("/authors/nobody").StatusCode)
	differ(t, "no actor", http.StatusNotFound, w.get("/authors/Ratri", "Accept", "application/activity+json").StatusCode)
	differ(t, "hostile name", http.StatusNotFound, w.get("/authors/%3Cscript%3E%00").StatusCode)

	// A blog of one often has its author's name.
	w.writer("blog", func(p *blog.Profile) { p.Display, p.Bio = "Orangnya", "Tentang saya." })
	doc = w.get("/authors/blog").page(t)
	differ(t, "the blog's page", []string{"Orangnya", "Tentang saya.", "@blog@blog.example"},
		[]string{strings.TrimSpace(doc.Find("h1.p-name").Text()), doc.Find(".p-note").Text(), doc.Find(".p-nickname").Text()})
	differ(t, "all articles", 12, doc.Find(".card").Length())
}

func TestFollowAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.writer("ratri", func(p *blog.Profile) { p.Display, p.Fediverse = "Ratri W", "ratri@danau.example" })
	hidden := w.writer("diam", func(p *blog.Profile) { p.Fediverse = "diam@danau.example" })
	w.profile(hidden, func(p *blog.Profile) { p.Public = false })
	for _, test := range []struct {
		name, who string
		status    int
		handle    string
	}{
		{"an author", "@Ratri@danau.example", 200, "@ratri@danau.example"},
		{"the blog", "@blog@blog.example", 200, "@blog@blog.example"},
		{"who is not public", "@diam@danau.example", 404, ""},
		{"a stranger", "@evil@evil.example", 404, ""},
		{"the blog's name elsewhere", "@blog@evil.example", 404, ""},
		{"nothing", "@", 200, "@blog@blog.example"},
	} {
		got := w.get("/follow?who=" + strings.ReplaceAll(test.who, "@", "%40"))
		differ(t, test.name, test.status, got.StatusCode)
		if test.handle != "" {
			differ(t, test.name+": handle", true, strings.Contains(got.page(t).Find("main .handle").Text(), test.handle))
		}
	}
}
