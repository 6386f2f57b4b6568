package web_test

import (
	"testing"

	"kabar/internal/blog"
)

// A blog that is not to be found says so with each page and each feed, also
// with those that were kept before.
func TestNotToBeFound(t *testing.T) {
	t.Parallel()
	w, _, _, _ := routed(t)
	tests := []struct {
		name, want string
		change     func(*blog.Site)
	}{
		{"as it is at first", "", func(*blog.Site) {}},
		{"search engines only", "", func(s *blog.Site) { s.Crawlers = blog.CrawlersSearch }},
		{"no crawlers", "noindex", func(s *blog.Site) { s.Crawlers = blog.CrawlersNone }},
		{"to be found again", "", func(s *blog.Site) { s.Crawlers = blog.CrawlersAll }},
		{"not indexable", "noindex", func(s *blog.Site) { s.Indexable = false }},
	}
	for _, tt := range tests {
		w.changeSite(tt.change)
		for _, path := range []string{"/", "/kabar-baik", "/tags/kopi", "/authors/blog", "/feed.atom", "/tags/kopi/feed.json"} {
			for range 2 {
				w.differ(tt.name+" "+path, tt.want, w.get(path).Header.Get("X-Robots-Tag"))
			}
		}
	}
}
