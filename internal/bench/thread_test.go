package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/site"
)

const (
	people  = 40
	renders = 60 // in a round
)

// BenchmarkRichThread makes the page of an article whose 500 comments have all
// that comments can have, without any cache: from the request to the last byte
// of the page, with what the database needs for it. Beside it stands the same
// database reading the same rows and nothing made of them.
func BenchmarkRichThread(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	pages := s.pages()
	a := s.publish(b)
	s.converse(b, a, 500, func(i int, all []blog.Comment) *blog.Comment {
		if i%10 == 0 {
			return nil // 50 answer the article, and below each hang nine in branches of three
		}
		return &all[i-i%10+(i%10-1)/3]
	}, enrich)
	s.react(b)
	shown := strings.Count(render(b, pages, "/"+a.Slug), "u-comment")
	var ours, theirs []time.Duration
	for range rounds {
		ours = append(ours, renderTimes(b, pages, "/"+a.Slug)...)
		theirs = append(theirs, s.readTimes(b, a.ID)...)
	}
	b.ReportMetric(median(ours).Seconds()*1000, "ms/page")
	report(figure{
		what: fmt.Sprintf("article with %d rich comments on the page, not cached", shown), reached: ms(median(ours)),
		limit: ms(median(theirs)) + ", the rows of its comments alone",
		least: "15 ms", ok: shown == 500 && median(ours) <= 15*time.Millisecond,
	})
}

// BenchmarkLargeThread makes the first page of an article with 10,000 comments,
// in turns with that of one with 1,000.
func BenchmarkLargeThread(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	pages := s.pages()
	r := rand.New(rand.NewPCG(3, 4))
	// Everybody answers the article, or somebody, mostly of those who came early.
	parent := func(i int, all []blog.Comment) *blog.Comment {
		if i < 60 || i%4 == 0 {
			return nil
		}
		return &all[min(r.IntN(i), r.IntN(i), r.IntN(i))]
	}
	sizes := []int{1_000, 10_000}
	paths, shown := make([]string, 2), make([]int, 2)
	for i, size := range sizes {
		a := s.publish(b)
		s.converse(b, a, size, parent, func(*blog.Comment, int) {})
		paths[i] = "/" + a.Slug
		shown[i] = strings.Count(render(b, pages, paths[i]), "u-comment")
	}
	times := make([][]time.Duration, 2)
	for range rounds {
		for i, path := range paths {
			times[i] = append(times[i], renderTimes(b, pages, path)...)
		}
	}
	small, large := median(times[0]), median(times[1])
	b.ReportMetric(large.Seconds()*1000, "ms/page")
	perComment := (large.Seconds() / float64(shown[1])) / (small.Seconds() / float64(shown[0]))
	report(figure{
		what:    fmt.Sprintf("article with 10,000 comments, first page (%d of them), not cached", shown[1]),
		reached: fmt.Sprintf("%s, %.2f times that of 1,000 for each comment shown", ms(large), perComment),
		limit:   fmt.Sprintf("%s, article with 1,000 comments (%d of them)", ms(small), shown[0]),
		least:   "25 ms, 1.3", ok: large <= 25*time.Millisecond && perComment <= 1.3,
	})
}

// pages are the pages for readers, without a cache.
func (s *system) pages() http.Handler {
	maker := &page.Maker{Blog: s.blog, Origin: "https://blog.example", Now: time.Now, Log: s.log}
	router := mux.NewRouter()
	(&site.Part{Page: maker, Federation: s.federation, Numbers: s.store, Media: http.NotFoundHandler()}).Routes(router)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		router.ServeHTTP(w, r.WithContext(page.WithRequest(r.Context(), "bench", netip.MustParseAddr("127.0.0.1"))))
	})
}

func render(b *testing.B, pages http.Handler, path string) string {
	b.Helper()
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "https://blog.example"+path, nil))
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", path, w.Code, w.Body.String())
	}
	return w.Body.String()
}

func renderTimes(b *testing.B, pages http.Handler, path string) []time.Duration {
	b.Helper()
	times := make([]time.Duration, renders)
	for i := range times {
		begun := time.Now()
		render(b, pages, path)
		times[i] = time.Since(begun)
	}
	return times
}

// readTimes is how long the database takes for the texts of an article's
// comments and their authors.
func (s *system) readTimes(b *testing.B, article uuid.UUID) []time.Duration {
	b.Helper()
	times := make([]time.Duration, renders)
	for i := range times {
		begun := time.Now()
		rows, err := s.store.Pool().Query(context.Background(), `
			select c.*, a.* from comments c join actors a on a.id = c.actor_id
			where c.article_id = $1 order by c.published`, article)
		check(b, err)
		for rows.Next() {
			_ = rows.RawValues()
		}
		check(b, rows.Err())
		times[i] = time.Since(begun)
	}
	return times
}

// converse writes the comments of an article. parent is what the i-th answers,
// change what else it has.
func (s *system) converse(
	b *testing.B, a blog.Article, n int, parent func(int, []blog.Comment) *blog.Comment, change func(*blog.Comment, int),
) {
	b.Helper()
	actors := make([]blog.Actor, people)
	for i := range actors {
		uri := fmt.Sprintf("https://server%d.example/users/%d", i%7, i)
		id, err := s.store.SaveRemoteActor(context.Background(), federation.RemoteActor{
			URI: uri, Type: "Person", Handle: fmt.Sprintf("person%d", i), Domain: fmt.Sprintf("server%d.example", i%7),
			Name: fmt.Sprintf("Person %d :kopi:", i), URL: uri, Inbox: uri + "/inbox",
			Emojis: []blog.Emoji{{Shortcode: "kopi", URL: "https://server.example/e/kopi.png"}},
		})
		check(b, err)
		actors[i] = blog.Actor{ID: id, URI: uri}
	}
	start := time.Now().Add(-time.Duration(n) * time.Minute)
	all := make([]blog.Comment, n)
	var batch []federation.NewComment
	for i := range all {
		all[i] = comment(a, parent(i, all), actors[i%people], start.Add(time.Duration(i)*time.Minute))
		change(&all[i], i)
		if batch = append(batch, federation.NewComment{Comment: all[i]}); len(batch) == 200 || i == n-1 {
			slices.SortStableFunc(batch, func(x, y federation.NewComment) int { return x.Depth - y.Depth })
			check(b, s.store.AddComments(context.Background(), batch...))
			batch = nil
		}
	}
	s.exec(b, `analyze`)
}

// comment is a text of about the usual length.
func comment(a blog.Article, parent *blog.Comment, by blog.Actor, at time.Time) blog.Comment {
	id := newID()
	text := "Kami mencoba hal serupa di sekolah: satu pertanyaan tiap Jumat, dijawab kepala sekolah sendiri. Pekan ketiga, murid yang mulai bertanya duluan."
	c := blog.Comment{
		ID: id, ObjectURI: by.URI + "/notes/" + id.String(), ArticleID: a.ID, RootID: id, InReplyTo: a.ObjectURI, Actor: by,
		HTML: markup.Sanitize("<p>" + text + "</p>"), Text: text, Language: "id",
		URL: by.URI + "/" + id.String(), Visibility: blog.Public, State: blog.Visible, Published: at, Created: at,
	}
	if parent != nil {
		c.ParentID, c.RootID, c.Depth, c.InReplyTo = parent.ID, parent.RootID, parent.Depth+1, parent.ObjectURI
	}
	return c
}

// enrich gives a comment what comments of the fediverse have: mentions, tags
// and emoji all of them, a picture every third, a warning every fifth.
func enrich(c *blog.Comment, i int) {
	c.HTML = markup.Sanitize(`<p><span class="h-card"><a href="https://server1.example/@person" class="u-url mention">@<span>person</span></a></span> ` +
		c.Text + ` :kopi: :mantap:</p><p>Lihat juga <a href="https://server2.example/tags/desa" class="mention hashtag" rel="tag">#<span>desa</span></a> :kawung:</p>`)
	for _, code := range []string{"kopi", "mantap", "kawung"} {
		c.Emojis = append(c.Emojis, blog.Emoji{Shortcode: code, URL: "https://server.example/e/" + code + ".png"})
	}
	if i%3 == 0 {
		c.Attachments = []blog.Attachment{{
			URL: fmt.Sprintf("https://server.example/media/%d.jpg", i), Type: "image/jpeg", Width: 1200, Height: 800,
			Description: "Papan kayu berisi delapan lembar pengumuman warna-warni.",
		}}
	}
	if i%5 == 0 {
		c.Warning = "politik kantor :kopi:"
	}
	if i%7 == 0 {
		c.Edited = c.Published.Add(time.Minute)
	}
}

// react gives every second comment two likes, every fourth a boost and an
// emoji, and every file a copy.
func (s *system) react(b *testing.B) {
	b.Helper()
	for _, statement := range []string{
		`
		insert into reactions (id, kind, actor_id, comment_id, object_uri, activity_uri, content, created)
		select gen_random_uuid(), k.kind, a.id, c.id, c.object_uri, c.object_uri || k.kind || a.id, k.content, now()
		from (select *, row_number() over (order by published) as n from comments) c
			cross join (select id, row_number() over (order by uri) as n from actors where kind = 'remote') a
			join (values ('like', 1, 2, ''), ('like', 2, 2, ''), ('boost', 3, 4, ''), ('emoji', 4, 4, '🎉')) k (kind, who, every, content)
			on a.n = k.who and c.n % k.every = 0`, `
		update comments c set likes = 2 where exists (select from reactions where comment_id = c.id and kind = 'like')`, `
		update comments c set boosts = 1 where exists (select from reactions where comment_id = c.id and kind = 'boost')`, `
		update remote_media set name = md5(url) || '.webp', placeholder = case when emoji then '' else md5(url || 'b') || '.webp' end,
			type = 'image/webp', width = 1200, height = 800, next_at = null`, `
		analyze`,
	} {
		s.exec(b, statement)
	}
}
