package studio_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// titles are those in the list of articles.
func titles(a answer) []string {
	return a.doc.Find(".studio-main tbody th").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
}

func TestArticles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Editor)
	w.publish(uuid.Nil, "Rumah")
	w.publish(me.ID, "Kebun 100%")
	gone := w.publish(me.ID, "Lama sekali")
	check(t, w.blog.Delete(t.Context(), me.ID, gone.ID))
	_, err := w.blog.Save(t.Context(), me.ID, blog.Save{Input: blog.DraftInput{Markdown: "Hujan di bulan Juni.", Language: "id"}})
	check(t, err)
	tests := []struct {
		name, in string
		want     []string
	}{
		{"all but deleted ones", "", []string{"Hujan di bulan Juni.", "Kebun 100%", "Rumah"}},
		{"drafts", "?state=draft", []string{"Hujan di bulan Juni."}},
		{"published", "?state=published", []string{"Kebun 100%", "Rumah"}},
		{"deleted", "?state=deleted", []string{"/lama-sekali"}},
		{"by title", "?q=rumah", []string{"Rumah"}},
		{"by text", "?q=bulan+juni", []string{"Hujan di bulan Juni."}},
		{"a mark of its own", "?q=100%25", []string{"Kebun 100%"}},
		{"nothing", "?q=rumah&state=draft", []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.get("/studio/articles" + tt.in)
			found := titles(got)
			if len(found) == 0 {
				found = []string{}
			}
			differ(t, "titles", tt.want, found)
		})
	}
	counts := b.get("/studio/articles").doc.Find(".filters a").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	differ(t, "counts", []string{"All 3", "Drafts 1", "Published 2", "Deleted 1"}, counts)
	differ(t, "bad place", http.StatusBadRequest, b.get("/studio/articles?before=x").status)
}

func TestArticlePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	for i := range 65 {
		w.publish(me.ID, "Number "+strconv.Itoa(i))
	}
	seen, path, sizes := map[string]bool{}, "/studio/articles?state=published", []int{}
	for path != "" {
		got := b.get(path)
		for _, title := range titles(got) {
			seen[title] = true
		}
		sizes = append(sizes, len(titles(got)))
		path = got.doc.Find("[rel=next]").Last().AttrOr("href", "")
	}
	differ(t, "rows on each page", []int{30, 30, 5}, sizes)
	differ(t, "each once", 65, len(seen))
}

func TestOverview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a := w.publish(me.ID, "Rumah")
	mika := w.addFollower("mika", "danau.example")
	w.addComment(comment{a.ID, mika, "shown", blog.Visible, blog.Public})
	w.addComment(comment{a.ID, mika, "waits", blog.Waiting, blog.Public})
	w.addComment(comment{a.ID, mika, "spam", blog.Spam, blog.Public})
	w.exec(`insert into hosts (host, suspended, last_error) values ('lama.example', now(), 'no route to host')`)
	got := b.get("/studio")
	text := func(_ int, s *goquery.Selection) string { return s.Text() }
	differ(t, "tiles", []string{"1", "1", "1", "1"}, got.doc.Find(".tiles b").Map(text))
	differ(t, "comments, what waits first", []string{"waits", "shown"}, got.doc.Find(".said p").Map(text))
	differ(t, "silent servers", 1, got.doc.Find("bdi:contains('lama.example')").Length())
	differ(t, "tallies", []string{"1 need attention", "3 need attention", "1 need attention"}, got.doc.Find("#studio-nav .tally").Map(text))
}

// The interface speaks the language of the account unless another is chosen.
func TestLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	w.exec(`update accounts set language = 'id' where id = $1`, me.ID)
	differ(t, "the account's", "Tulisan", b.get("/studio/articles").say("h1"))
	differ(t, "chosen", "Articles", b.get("/studio/articles?lang=en").say("h1"))
	differ(t, "remembered", "Articles", b.get("/studio/articles").say("h1"))
}
