package web_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// feedTold is what a feed of any format says, by what its specification requires.
type feedTold struct {
	ID, Title, Home, Self, Next, Hub, Language string
	Updated                                    time.Time
	Entries                                    []feedEntry
}

type feedEntry struct {
	ID, URL, Title, Text, Language, Author, Enclosure string
	Published                                         time.Time
}

// element is any XML element: enough to read a document without the types
// that wrote it.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	All     []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) named(name string) (list []element) {
	for _, child := range e.All {
		if child.XMLName.Local == name {
			list = append(list, child)
		}
	}
	return list
}

func (e element) say(name string) string {
	if list := e.named(name); len(list) > 0 {
		return list[0].Text
	}
	return ""
}

func (e element) link(rel string) string {
	for _, l := range e.named("link") {
		if l.attr("rel") == rel {
			return l.attr("href")
		}
	}
	return ""
}

// readFeed holds a feed to its rules: RFC 4287, the RSS 2.0 specification, and
// JSON Feed 1.1.
func (w *world) readFeed(path string) (f feedTold) {
	w.t.Helper()
	a := w.get(path)
	if a.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d", path, a.StatusCode)
	}
	kind := a.Header.Get("Content-Type")
	switch ending := path[strings.LastIndexByte(strings.Split(path, "?")[0], '.')+1:]; strings.Split(ending, "?")[0] {
	case "json":
		f = w.readJSON(a.body)
		w.differ(path+" type", "application/feed+json; charset=utf-8", kind)
	case "rss":
		f = w.readRSS(a.body)
		w.differ(path+" type", "application/rss+xml; charset=utf-8", kind)
	default:
		f = w.readAtom(a.body)
		w.differ(path+" type", "application/atom+xml; charset=utf-8", kind)
	}
	seen := map[string]bool{}
	for _, e := range f.Entries {
		if e.ID == "" || seen[e.ID] || e.Title == "" && !strings.Contains(path, ".json") || e.Published.IsZero() || e.Author == "" {
			w.t.Errorf("%s: an entry lacks something, or has the id of another: %+v", path, e)
		}
		seen[e.ID] = true
		for _, address := range []string{e.URL, e.ID} {
			if u, err := url.Parse(address); err != nil || !u.IsAbs() {
				w.t.Errorf("%s: %q is no whole address", path, address)
			}
		}
	}
	if f.Title == "" || f.Home == "" || f.Self != w.origin+path {
		w.t.Errorf("%s: %+v", path, f)
	}
	return f
}

func (w *world) differ(what string, want, got any) {
	w.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w *world) document(body string) (e element) {
	w.t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict = true
	check(w.t, d.Decode(&e))
	for {
		behind, err := d.Token()
		if text, space := behind.(xml.CharData); space && strings.TrimSpace(string(text)) == "" {
			continue
		}
		if err != io.EOF {
			w.t.Errorf("behind the document stands %v (%v)", behind, err)
		}
		return e
	}
}

func (w *world) at(layout, text string) time.Time {
	w.t.Helper()
	at, err := time.Parse(layout, text)
	check(w.t, err)
	return at
}

func (w *world) readAtom(body string) feedTold {
	d := w.document(body)
	f := feedTold{
		d.say("id"), d.say("title"), d.link("alternate"), d.link("self"), d.link("next"), d.link("hub"), d.attr("lang"),
		w.at(time.RFC3339, d.say("updated")), nil,
	}
	if len(d.named("id")) != 1 || len(d.named("author")) == 0 {
		w.t.Error("Atom: one id and an author are required")
	}
	for _, e := range d.named("entry") {
		w.at(time.RFC3339, e.say("updated"))
		one := feedEntry{
			e.say("id"), e.link("alternate"), e.say("title"), e.say("content"), e.attr("lang"), "", e.link("enclosure"), w.at(time.RFC3339, e.say("published")),
		}
		if authors := e.named("author"); len(authors) > 0 {
			one.Author = authors[0].say("name")
		}
		if one.Text == "" {
			one.Text = e.say("summary")
		}
		f.Entries = append(f.Entries, one)
	}
	return f
}

func (w *world) readRSS(body string) feedTold {
	d := w.document(body)
	if d.attr("version") != "2.0" || len(d.named("channel")) != 1 {
		w.t.Fatal("RSS: version 2.0 with one channel is required")
	}
	c := d.named("channel")[0]
	f := feedTold{
		ID: c.link("self"), Title: c.say("title"), Self: c.link("self"), Next: c.link("next"), Hub: c.link("hub"), Language: c.say("language"),
		Updated: w.at(time.RFC1123Z, c.say("lastBuildDate")),
	}
	for _, l := range c.named("link") {
		if l.XMLName.Space == "" {
			f.Home = l.Text
		}
	}
	if len(c.named("description")) != 1 || c.say("description") == "" {
		w.t.Error("RSS: a description is required")
	}
	for _, i := range c.named("item") {
		one := feedEntry{
			ID: i.say("guid"), URL: i.say("link"), Title: i.say("title"), Text: i.say("encoded"), Author: i.say("creator"),
			Published: w.at(time.RFC1123Z, i.say("pubDate")), Language: f.Language,
		}
		if one.Text == "" {
			one.Text = i.say("description")
		}
		if files := i.named("enclosure"); len(files) > 0 {
			one.Enclosure = files[0].attr("url")
			if files[0].attr("length") == "" || files[0].attr("type") == "" {
				w.t.Error("RSS: an enclosure has url, length and type")
			}
		}
		f.Entries = append(f.Entries, one)
	}
	return f
}

func (w *world) readJSON(body string) feedTold {
	var d struct {
		Version, Title, Language string
		Home                     string `json:"home_page_url"`
		Self                     string `json:"feed_url"`
		Next                     string `json:"next_url"`
		Hubs                     []struct{ Type, URL string }
		Items                    []struct {
			ID, URL, Title, Summary, Language, Image string
			HTML                                     string    `json:"content_html"`
			Text                                     string    `json:"content_text"`
			Published                                time.Time `json:"date_published"`
			Authors                                  []struct{ Name string }
		}
	}
	check(w.t, json.Unmarshal([]byte(body), &d))
	if d.Version != "https://jsonfeed.org/version/1.1" {
		w.t.Errorf("JSON Feed: version %q", d.Version)
	}
	f := feedTold{ID: d.Self, Title: d.Title, Home: d.Home, Self: d.Self, Next: d.Next, Language: d.Language}
	for _, h := range d.Hubs {
		f.Hub = h.URL
	}
	for _, i := range d.Items {
		if (i.HTML == "") == (i.Text == "") {
			w.t.Errorf("JSON Feed: an item has one of content_html and content_text: %+v", i)
		}
		f.Entries = append(f.Entries, feedEntry{i.ID, i.URL, i.Title, i.HTML + i.Text, i.Language, i.Authors[0].Name, i.Image, i.Published})
	}
	return f
}

func (w *world) changeSite(change func(*blog.Site)) {
	w.t.Helper()
	_, err := w.blog.ChangeSite(w.t.Context(), uuid.Nil, func(s *blog.Site) error { change(s); return nil })
	check(w.t, err)
}

// Each feed holds what it is of, in each format, by the rules of that format.
func TestFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.changeSite(func(s *blog.Site) { s.Feeds.Hub, s.Feeds.Entries = "https://hub.example/", 2 })
	hostile := w.publish(blog.DraftInput{Title: "Kabar & <b> ]]> \u0007", Summary: "Ringkas", Markdown: "Lihat [sini](/lain) ]]> &amp; <script>", Tags: []string{"kopi"}, Language: "en"})
	w.publish(blog.DraftInput{Markdown: "Catatan tanpa judul.", Tags: []string{"kopi"}})
	w.publish(blog.DraftInput{Title: "Teh", Markdown: "Teh.", Tags: []string{"teh"}})
	mika := w.stranger("mika")
	w.comment(hostile, nil, mika, "Selamat pagi", nil)
	w.comment(hostile, nil, mika, "Rahasia", func(c *blog.Comment) { c.Visibility = blog.Direct })
	w.comment(hostile, nil, mika, "Tersembunyi", func(c *blog.Comment) { c.State = blog.Hidden })

	type facts struct {
		Titles, Texts string
		Next, Hub     bool
	}
	comments := "/-/comments/" + hostile.ID.String()
	for _, of := range []struct {
		name, path string
		want       facts
	}{
		{"blog", "", facts{"Teh|Catatan tanpa judul.", "Teh.|Catatan tanpa judul.", true, true}},
		{"tag", "/tags/kopi", facts{"Catatan tanpa judul.|Kabar & <b> ]]>", "Catatan tanpa judul.|Lihat sini ]]> & <script>", false, true}},
		{"author", "/authors/blog", facts{"Teh|Catatan tanpa judul.", "Teh.|Catatan tanpa judul.", true, true}},
		{"comments", comments, facts{"Tanggapan dari The mika", "Selamat pagi", false, true}},
	} {
		for _, ending := range []string{"atom", "rss", "json"} {
			f := w.readFeed(of.path + "/feed." + ending)
			var got facts
			for i, e := range f.Entries {
				if i > 0 {
					got.Titles, got.Texts = got.Titles+"|", got.Texts+"|"
				}
				title := strings.TrimSpace(e.Title)
				if title == "" {
					title = "Catatan tanpa judul."
				}
				got.Titles, got.Texts = got.Titles+title, got.Texts+plainText(e.Text)
			}
			got.Next, got.Hub = f.Next != "", f.Hub == "https://hub.example/"
			w.differ(of.name+" as "+ending, of.want, got)
			if f.Next != "" {
				rest := w.readFeed(strings.TrimPrefix(f.Next, w.origin))
				w.differ(of.name+" as "+ending+", the rest", hostile.ObjectURI, rest.Entries[0].ID)
			}
		}
	}
}

func plainText(html string) string {
	var b strings.Builder
	inside := false
	for _, r := range html {
		switch {
		case r == '<' && strings.Contains(html, "</p>"):
			inside = true
		case r == '>' && inside:
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	text := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&amp;", "&").Replace(b.String())
	return strings.TrimSpace(text)
}

func TestFeedOfSummaries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Panjang", Summary: "Ringkas saja.", Markdown: strings.Repeat("Sangat panjang. ", 200)})
	w.changeSite(func(s *blog.Site) { s.Feeds.Full = false })
	for _, ending := range []string{"atom", "rss", "json"} {
		w.differ(ending, "Ringkas saja.", w.readFeed("/feed." + ending).Entries[0].Text)
	}
}

func TestFeedsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w, article, _, gone := routed(t)
	draft, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "Draf", Markdown: "x"}})
	check(t, err)
	for path, want := range map[string]int{
		"/tags/tidak-ada/feed.rss": 404, "/tags/%23/feed.rss": 404, "/tags/%FF/feed.json": 404, "/authors/nobody/feed.json": 404,
		"/-/comments/x/feed.atom": 404, "/-/comments/" + uuid.NewString() + "/feed.atom": 404,
		"/-/comments/" + draft.ID.String() + "/feed.atom": 404, "/-/comments/" + gone.ID.String() + "/feed.atom": 410,
		"/feed.rss?before=x": 400, "/feed.xml": 404, "/tags/feed.atom": 404,
		"/-/comments/" + article.ID.String() + "/feed.atom": 200,
	} {
		if a := w.get(path); a.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, want)
		}
	}
}

// A reader that has a feed is told so, by either header, and by a kept answer
// as by a fresh one.
func TestFeedsAreAskedForAgain(t *testing.T) {
	t.Parallel()
	w, article, _, _ := routed(t)
	w.get("/")
	for _, path := range []string{"/feed.rss", "/feed.json", "/tags/kopi/feed.rss", "/authors/blog/feed.json", "/sitemap.xml", "/-/comments/" + article.ID.String() + "/feed.rss"} {
		first := w.get(path)
		tag, since := first.Header.Get("Etag"), first.Header.Get("Last-Modified")
		for name, value := range map[string]string{"If-None-Match": tag, "If-Modified-Since": since} {
			if value == "" && name == "If-Modified-Since" && strings.Contains(path, "comments") {
				continue // nobody has said anything
			}
			if a := w.get(path, name, value); a.StatusCode != http.StatusNotModified || a.body != "" {
				t.Errorf("%s with %s %q: %d", path, name, value, a.StatusCode)
			}
		}
		if a := w.do("HEAD", path, nil); a.StatusCode != 200 || a.Header.Get("Etag") != tag || a.body != "" {
			t.Errorf("HEAD %s: %d %v", path, a.StatusCode, a.Header)
		}
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	w, _, _, _ := routed(t)
	_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Publish: true, Input: blog.DraftInput{Title: "Tentang", Markdown: "Kami.", Details: &blog.Details{Static: true}}})
	check(t, err)
	index := w.document(w.get("/sitemap.xml").body)
	var found []string
	for _, part := range index.named("sitemap") {
		urls := w.document(w.get(strings.TrimPrefix(part.say("loc"), w.origin)).body)
		for _, u := range urls.named("url") {
			found = append(found, strings.TrimPrefix(u.say("loc"), w.origin))
			if a := w.get(strings.TrimPrefix(u.say("loc"), w.origin)); a.StatusCode != 200 {
				t.Errorf("%s: %d", u.say("loc"), a.StatusCode)
			}
		}
	}
	w.differ("addresses", []string{"/", "/archive", "/authors/blog", "/tags/kopi", "/kabar-baik", "/catatan", "/tentang"}, found)
	for path, want := range map[string]int{
		"/-/sitemap/x.xml": 404, "/-/sitemap/" + uuid.Max.String() + ".xml": 404, "/-/sitemap/1999-12.xml": 404, "/-/sitemap/2026-13.xml": 404,
	} {
		if a := w.get(path); a.StatusCode != want {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	w.changeSite(func(s *blog.Site) { s.Indexable = false })
	if a := w.get("/sitemap.xml"); a.StatusCode != 404 {
		t.Errorf("not to be found: %d", a.StatusCode)
	}
}

func TestRobots(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		crawlers      blog.Crawlers
		all, training bool
		sitemap       bool
	}{
		{blog.CrawlersAll, true, true, true}, {blog.CrawlersSearch, true, false, true}, {blog.CrawlersNone, false, false, false},
	} {
		w.changeSite(func(s *blog.Site) { s.Crawlers = tt.crawlers })
		text := w.get("/robots.txt").body
		got := []bool{allowed(text, "Googlebot"), allowed(text, "GPTBot"), strings.Contains(text, "Sitemap: "+w.origin+"/sitemap.xml")}
		w.differ(string(tt.crawlers), []bool{tt.all, tt.training, tt.sitemap}, got)
		if !strings.Contains(text, "Disallow: /") {
			t.Errorf("%s: nothing is closed", tt.crawlers)
		}
	}
}

// allowed reads robots.txt by RFC 9309, section 2.2: the group that names the
// program, else that of all.
func allowed(text, name string) bool {
	open := map[string]bool{}
	var group []string
	rules := false
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "User-agent":
			if rules {
				group, rules = nil, false
			}
			group = append(group, value)
			open[value] = true
		case "Disallow":
			rules = true
			for _, member := range group {
				open[member] = open[member] && value != "/"
			}
		}
	}
	if allowed, named := open[name]; named {
		return allowed
	}
	return open["*"]
}

func TestOpenSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.changeSite(func(s *blog.Site) { s.Title = "Ruang <Tengah> yang namanya panjang" })
	d := w.document(w.get("/opensearch.xml").body)
	w.differ("name", "Ruang <Tengah> y", d.say("ShortName"))
	address := strings.Replace(d.named("Url")[0].attr("template"), "{searchTerms}", url.QueryEscape("kopi & teh"), 1)
	if a := w.get(strings.TrimPrefix(address, w.origin)); a.StatusCode != 200 {
		t.Errorf("%s: %d", address, a.StatusCode)
	}
	if head := w.get("/").body; !strings.Contains(head, `type="application/opensearchdescription+xml"`) {
		t.Error("the front page does not tell of it")
	}
}

// The pages tell of their feeds.
func TestFeedLinks(t *testing.T) {
	t.Parallel()
	w, article, _, _ := routed(t)
	for path, more := range map[string]string{"/": "", "/tags/kopi": "/tags/kopi", "/authors/blog": "/authors/blog", "/kabar-baik": "/-/comments/" + article.ID.String()} {
		body := w.get(path).body
		for _, ending := range []string{"atom", "rss", "json"} {
			for _, feed := range []string{"", more} {
				if want := fmt.Sprintf(`href="%s/feed.%s"`, feed, ending); !strings.Contains(body, want) {
					t.Errorf("%s does not have %s", path, want)
				}
			}
		}
	}
}
