package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/site"
)

const (
	searched    = 10_000 // articles
	searchLimit = 20 * time.Millisecond
	publishTime = 50 * time.Millisecond
)

// wanted are searches as readers make them: rare and common words of both
// languages, phrases, exclusions, alternatives, filters, errors of typing.
var wanted = []string{
	"q=kopi", "q=harvest", "q=pasar+pagi", `q="kopi+pagi"`, "q=walking+village", "q=berjalan", "q=toraja+-pasar", "q=sungai+atau+river",
	"q=tag17", "q=kopi&kind=article&page=3", "q=kopi&language=en", "q=coffee&tag=tag17", "q=kampung&year=2024", "q=perjalanan+ke+toraja",
	"q=perjalann", "q=hravest", "q=yang+dan", "q=zzzzqq", `q="walking+to+the+market"`, "q=menulis+berita+-sekolah",
}

// BenchmarkSearch asks over HTTP, and PostgreSQL alone for what has the same
// words, not ranked and without a text. What is asked for is that all of these
// take no longer than the mark at the median, whatever is looked for.
func BenchmarkSearch(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	s.publish(b)
	s.shelve(b)
	server := httptest.NewServer(s.anybody())
	b.Cleanup(server.Close)
	var ours, theirs []time.Duration
	for range rounds {
		for _, query := range wanted {
			theirs = append(theirs, s.matchTime(b, query))
			begun := time.Now()
			fetch(b, server.URL+"/search?"+strings.ReplaceAll(query, `"`, "%22"))
			ours = append(ours, time.Since(begun))
		}
	}
	report(figure{
		what: fmt.Sprintf("search of %d articles over HTTP, %d queries", searched, len(wanted)), reached: ms(median(ours)),
		limit: ms(median(theirs)) + ", PostgreSQL finds and counts them", least: ms(searchLimit), ok: median(ours) <= searchLimit,
	})
	for _, path := range []string{"/archive", "/archive/2024", "/archive/2024/05", "/tags/kopi", "/tags/tag17", "/authors/blog", "/there-is-no-such-page"} {
		var times []time.Duration
		for range 15 {
			begun := time.Now()
			fetch(b, server.URL+path)
			times = append(times, time.Since(begun))
		}
		report(figure{
			what: path + " of 10,000 articles, not cached", reached: ms(median(times)), limit: "-", least: "10 ms", ok: median(times) <= 10*time.Millisecond,
		})
	}
}

// BenchmarkPublishLong publishes an article of 2 MB, the longest there may be,
// and compares it with the write alone: what searching adds must not be felt.
func BenchmarkPublishLong(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	text := shelf(rand.New(rand.NewPCG(1, 2)), 0, 330_000)
	a := s.publish(b)
	write := func() (took []time.Duration) {
		for range 5 {
			begun := time.Now()
			s.exec(b, `update articles set text = $2 where id = $1`, a.ID, text+uuid.NewString())
			took = append(took, time.Since(begun))
		}
		return took
	}
	searched := median(write())
	s.exec(b, `alter table articles disable trigger article_searched`)
	alone := median(write())
	report(figure{
		what: fmt.Sprintf("a text of %d KB becomes searchable", len(text)>>10), reached: ms(searched - alone),
		limit: ms(alone) + ", the write alone", least: ms(publishTime), ok: searched-alone <= publishTime,
	})
}

// anybody is the part for readers, to whom each request comes from elsewhere.
func (s *system) anybody() http.Handler {
	maker := &page.Maker{Blog: s.blog, Origin: "https://blog.example", Now: time.Now, Log: s.log}
	router := mux.NewRouter()
	(&site.Part{Page: maker, Federation: s.federation, Numbers: s.store, Media: http.NotFoundHandler()}).Routes(router)
	var n atomic.Uint32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := n.Add(1)
		from := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		router.ServeHTTP(w, r.WithContext(page.WithRequest(r.Context(), "bench", from)))
	})
}

func fetch(b *testing.B, address string) {
	b.Helper()
	res, err := http.Get(address)
	check(b, err)
	_, err = io.Copy(io.Discard, res.Body)
	check(b, err)
	check(b, res.Body.Close())
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNotFound {
		b.Fatalf("%s: %s", address, res.Status)
	}
}

func (s *system) matchTime(b *testing.B, query string) time.Duration {
	b.Helper()
	values, err := url.ParseQuery(query)
	check(b, err)
	must, _ := blog.ParseWanted(values.Get("q")).TSQuery()
	begun := time.Now()
	s.exec(b, `
		select count(*) from search_documents
		where (head || body) @@ to_tsquery('indonesian', $1) or (head || body) @@ to_tsquery('english', $1)`, must)
	return time.Since(begun)
}

// shelve adds articles in two languages over ten years, of 150 to 1,500 words.
func (s *system) shelve(b *testing.B) {
	b.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	const batch = 500
	for from := 0; from < searched; from += batch {
		var titles, bodies, languages []string
		for i := from; i < from+batch; i++ {
			languages = append(languages, []string{"id", "id", "en"}[i%3])
			titles = append(titles, shelf(r, i%3/2, 6))
			bodies = append(bodies, shelf(r, i%3/2, 150+r.IntN(1350)))
		}
		s.exec(b, `
			insert into articles (id, object_uri, slug, status, title, excerpt, markdown, html, text, words, language, tags, tag_keys,
				actor_id, created, changed, published)
			select gen_random_uuid(), 'https://blog.example/ap/objects/x' || n, 'kopi-' || n, 'published', title, left(body, 200), body, body, body,
				1000, language, array['kopi', 'tag' || n % 300], array['kopi', 'tag' || n % 300],
				(select id from actors where kind = 'blog'), now(), now(), timestamptz '2026-11-01' - n * interval '8 hours'
			from unnest($1::text[], $2::text[], $3::text[]) with ordinality as t (title, body, language, i), lateral (select i + $4::int as n) x`,
			titles, bodies, languages, from)
	}
	s.exec(b, `insert into slugs (slug, article_id) select slug, id from articles on conflict do nothing`)
	check(b, s.store.RefreshSearch(context.Background()))
	s.exec(b, `vacuum analyze`)
}

var shelves = [2]string{
	"kopi pasar pagi kampung sungai toraja perjalanan berjalan menulis berita sekolah membaca sawah hujan rumah laut gunung",
	"coffee market morning village river harvest journey walking to the writing news school reading field rain house sea",
}

// shelf is so many words of a language: some that are real, often, and very many
// that are not, the rarer the later they are in the list.
func shelf(r *rand.Rand, language, words int) string {
	real := strings.Fields(shelves[language])
	var b strings.Builder
	for range words {
		if r.IntN(8) == 0 {
			b.WriteString(real[r.IntN(len(real))])
		} else {
			n := int(float64(12_000) * r.Float64() * r.Float64() * r.Float64())
			for n += 20; n > 0; n /= 20 {
				b.WriteString("kabaratolumingasapetiwijakomunelidahogusi"[n%20*2 : n%20*2+2])
			}
			b.WriteString([2]string{"", "ed"}[language*r.IntN(2)])
		}
		b.WriteByte(' ')
	}
	return b.String()
}
