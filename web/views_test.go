package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// shelf keeps what is flushed, or refuses.
type shelf struct {
	views []blog.View
	err   error
}

func (s *shelf) AddViews(_ context.Context, v []blog.View) error {
	if s.err == nil {
		s.views = append(s.views, v...)
	}
	return s.err
}

// sorted are the rows in a fixed order.
func (s *shelf) sorted() []blog.View {
	slices.SortFunc(s.views, func(a, b blog.View) int {
		return strings.Compare(a.Day.String()+a.Path+a.Referrer, b.Day.String()+b.Path+b.Referrer)
	})
	return s.views
}

func newViews(now *time.Time) *Views {
	zone := time.FixedZone("WIB", 7*3600)
	return NewViews(func() time.Time { return *now }, func() *time.Location { return zone }, "blog.example", nil)
}

func read(c *Views, path, from string, header ...string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = from + ":1234"
	r.Header.Set("User-Agent", browser)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	c.Seen(r)
}

func TestViews(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 16, 59, 0, 0, time.UTC) // a minute before midnight there
	c := newViews(&now)
	read(c, "/kopi", "192.0.2.1")
	read(c, "/kopi", "192.0.2.1")
	read(c, "/kopi", "192.0.2.2", "Referer", "https://www.Danau.example/@mika/1?secret=1")
	read(c, "/", "192.0.2.1", "Referer", "https://blog.example/kopi")
	read(c, "/kopi", "192.0.2.3", "DNT", "1")
	read(c, "/kopi", "192.0.2.3", "Sec-GPC", "1")
	read(c, "/kopi", "192.0.2.4", "Referer", "javascript:alert(1)")
	read(c, "/kopi", "192.0.2.5", "Referer", "https://"+strings.Repeat("x", 200)+".example/")
	for _, header := range [][]string{
		{"User-Agent", "Googlebot/2.1"},
		{"User-Agent", "Mozilla/5.0 (compatible; bingbot/2.0)"},
		{"User-Agent", ""},
		{"User-Agent", "curl/8"},
		{"User-Agent", "Mastodon/4.5 (http.rb/5; +https://danau.example/)"},
		{"Sec-Purpose", "prefetch;prerender"},
		{"Cookie", auth.CookieName(false) + "=x"},
	} {
		read(c, "/kopi", "192.0.2.6", header...)
	}
	for _, path := range []string{"/ap/actor", "/feed.rss", "/tags/kopi/feed.json", "/studio/articles", "/-/media/x.webp", "/static/site.css", "/robots.txt"} {
		read(c, path, "192.0.2.7")
	}
	now = now.Add(2 * time.Minute)
	read(c, "/kopi", "192.0.2.1")

	today, tomorrow := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	var s shelf
	if err := c.Flush(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	want := []blog.View{
		{Day: today, Path: "/", Views: 1, Visitors: 1},
		{Day: today, Path: "/kopi", Views: 5, Visitors: 2},
		{Day: today, Path: "/kopi", Referrer: "danau.example", Views: 1, Visitors: 1},
		{Day: today, Path: "/kopi", Referrer: "others", Views: 1, Visitors: 1},
		{Day: tomorrow, Path: "/kopi", Views: 1, Visitors: 1},
	}
	if diff := cmp.Diff(want, s.sorted()); diff != "" {
		t.Error(diff)
	}
}

// What cannot be stored is stored later, once.
func TestViewsAreStoredLater(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newViews(&now)
	read(c, "/kopi", "192.0.2.1")
	s := shelf{err: errors.New("the database is away")}
	if err := c.Flush(t.Context(), &s); err == nil {
		t.Error("nothing was wrong")
	}
	read(c, "/kopi", "192.0.2.2")
	s.err = nil
	for range 2 {
		if err := c.Flush(t.Context(), &s); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.views) != 1 || s.views[0].Views != 2 || s.views[0].Visitors != 2 {
		t.Errorf("%+v", s.views)
	}
}

// However many hosts, pages and readers there are, what is held is bounded,
// and nothing is lost.
func TestViewsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newViews(&now)
	const n = maxRows + 500
	for i := range n {
		read(c, "/kopi", "192.0.2.1", "Referer", "https://h"+strings.Repeat("a", i%7)+strconv.Itoa(i)+".example/", "User-Agent", browser+strconv.Itoa(i))
	}
	if len(c.rows) > maxRows+1 || len(c.agents) > maxAgents || len(c.visitors) > maxVisitors {
		t.Errorf("%d rows, %d agents, %d visitors", len(c.rows), len(c.agents), len(c.visitors))
	}
	var s shelf
	if err := c.Flush(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, v := range s.views {
		sum += v.Views
	}
	if sum != n {
		t.Errorf("%d views of %d", sum, n)
	}
}

// However often it is stored in between, a day has so many hosts; the next has
// its own.
func TestHostsOfADayAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	c := newViews(&now)
	day := func(name string) (hosts, views int) {
		var s shelf
		for range 3 {
			for i := range maxHosts {
				read(c, "/kopi", "192.0.2.1", "Referer", "https://"+name+strconv.Itoa(len(s.views)+i)+".example/")
			}
			if err := c.Flush(t.Context(), &s); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		for _, v := range s.views {
			seen[v.Referrer], views = true, views+v.Views
		}
		return len(seen), views
	}
	for _, name := range []string{"today", "tomorrow"} {
		hosts, views := day(name)
		if diff := cmp.Diff([]int{maxHosts + 1, 3 * maxHosts}, []int{hosts, views}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		now = now.AddDate(0, 0, 1)
	}
}

// busy refuses while more is read.
type busy func()

func (b busy) AddViews(context.Context, []blog.View) error {
	b()
	return errors.New("the database is away")
}

// However long nothing can be stored, what is held is bounded.
func TestViewsHeldAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := newViews(&now)
	n := 0
	more := func() {
		for range maxRows {
			n++
			read(c, "/p"+strconv.Itoa(n), "192.0.2.1")
		}
	}
	more()
	for range 3 {
		if err := c.Flush(t.Context(), busy(more)); err == nil {
			t.Fatal("nothing was wrong")
		}
	}
	sum := 0
	for _, v := range c.rows {
		sum += v.Views
	}
	if len(c.rows) > maxRows+2 || sum != n { // a row of others for each day, if midnight comes
		t.Errorf("%d rows, %d views of %d", len(c.rows), sum, n)
	}
}

func BenchmarkSeen(b *testing.B) {
	now := time.Now()
	c := newViews(&now)
	r := httptest.NewRequest(http.MethodGet, "/kopi", nil)
	r.Header.Set("User-Agent", browser)
	for b.Loop() {
		c.Seen(r)
	}
}
