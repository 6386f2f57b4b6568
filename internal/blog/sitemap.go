package blog

import (
	"time"

	"github.com/google/uuid"
)

// SitemapPart is a part of the sitemap: articles, notes and static pages from
// one id on.
type SitemapPart struct {
	First   uuid.UUID
	Changed time.Time // the last change of any of its pages
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
