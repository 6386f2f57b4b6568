package blog

import "time"

// SitemapPart is a part of the sitemap: what was published in some months of UTC.
type SitemapPart struct {
	From, Until time.Time // the beginning of the first month and of the one behind the last
	Changed     time.Time // the last change of any of its pages, or of what left it
}

// SitemapPage is a public page.
type SitemapPage struct {
	Slug      string
	Changed   time.Time
	Cover     string            // media name; "" = none
	Languages []SitemapLanguage // the page and its translations; none without translations
}

// SitemapLanguage is a page in one language.
type SitemapLanguage struct {
	Language string `json:"language"`
	Slug     string `json:"slug"`
}

// Found reports whether search engines are to find the blog.
func (s Site) Found() bool { return s.Indexable && s.Crawlers != CrawlersNone }
