package studio_test

import (
	"net/http"
	"net/url"
	"testing"

	"kabar/internal/blog"
)

func TestReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name     string
		in       url.Values
		want     string
		feeds    blog.FeedSettings
		crawlers blog.Crawlers
		comments bool
	}{
		{
			"all set",
			url.Values{"feed_full": {"1"}, "feed_entries": {" 30 "}, "feed_hub": {" https://hub.example/ "}, "crawlers": {"search"}, "search_comments": {"1"}},
			"303 /studio/settings/reading",
			blog.FeedSettings{Full: true, Entries: 30, Hub: "https://hub.example/"},
			blog.CrawlersSearch, true,
		},
		{
			"least",
			url.Values{"feed_entries": {"1"}, "crawlers": {"none"}},
			"303 /studio/settings/reading",
			blog.FeedSettings{Entries: 1},
			blog.CrawlersNone, false,
		},
	}
	for _, tt := range tests {
		differ(t, tt.name, tt.want, b.post("/studio/settings/reading", tt.in).String())
		site, err := w.blog.Site(t.Context())
		check(t, err)
		differ(t, tt.name+", feeds", tt.feeds, site.Feeds)
		differ(t, tt.name+", crawlers", tt.crawlers, site.Crawlers)
		differ(t, tt.name+", comments", tt.comments, site.Search.Comments)
	}
	page := b.get("/studio/settings/reading")
	differ(t, "said", "Saved.", page.say(".notice"))
	differ(t, "crawlers", "none", page.doc.Find("#crawlers option[selected]").AttrOr("value", ""))
	differ(t, "entries", "1", page.doc.Find("#feed_entries").AttrOr("value", ""))
	differ(t, "tab", "/studio/settings/reading", page.doc.Find(".tabs [aria-current=page]").AttrOr("href", ""))
	differ(t, "navigation", "/studio/settings", page.doc.Find("nav [aria-current=page][href='/studio/settings']").AttrOr("href", ""))
	differ(t, "the other tab", 1, b.get("/studio/settings").doc.Find(".tabs a[href='/studio/settings/reading']").Length())
}

func TestReadingProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	before, err := w.blog.Site(t.Context())
	check(t, err)
	tests := []struct{ name, entries, hub, crawlers, field, want string }{
		{"no number", "many", "", "all", "feed_entries", "A number from 1 to 100, please."},
		{"none", "0", "", "all", "feed_entries", "A number from 1 to 100, please."},
		{"too many", "101", "", "all", "feed_entries", "A number from 1 to 100, please."},
		{"script as hub", "9", "javascript:alert(1)", "all", "feed_hub", "This is no address of the web: javascript:alert(1)"},
		{"another scheme", "9", "httpx://hub.example/", "all", "feed_hub", "This is no address of the web: httpx://hub.example/"},
		{"a path as hub", "9", "/hub", "all", "feed_hub", "This is no address of the web: /hub"},
		{"crawlers", "9", "", "some", "crawlers", "This choice is not known: some"},
	}
	for _, tt := range tests {
		got := b.post("/studio/settings/reading", url.Values{"feed_entries": {tt.entries}, "feed_hub": {tt.hub}, "crawlers": {tt.crawlers}})
		differ(t, tt.name, http.StatusUnprocessableEntity, got.status)
		differ(t, tt.name+" says", tt.want, got.say("#"+tt.field+"-problem"))
		differ(t, tt.name+" keeps", tt.entries, got.doc.Find("#feed_entries").AttrOr("value", ""))
	}
	after, err := w.blog.Site(t.Context())
	check(t, err)
	differ(t, "stored", before, after)
}

func TestReadingIsForTheOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Author)
	differ(t, "page", http.StatusForbidden, b.get("/studio/settings/reading").status)
	differ(t, "form", http.StatusForbidden, b.post("/studio/settings/reading", url.Values{"feed_entries": {"1"}, "crawlers": {"all"}}).status)
}
