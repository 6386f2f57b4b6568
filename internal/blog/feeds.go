package blog

import (
	"net/url"
	"strconv"
)

// FeedSettings say what feeds of the blog hold.
type FeedSettings struct {
	Full    bool   `json:"full"`    // the whole text of an article; otherwise its summary
	Entries int    `json:"entries"` // on one page of a feed, 1 to MaxEntries
	Hub     string `json:"hub"`     // address of the WebSub hub that is told of changes; "" = none
}

// MaxEntries bounds a page of a feed.
const MaxEntries = 100

// DefaultFeeds is what a fresh blog has.
func DefaultFeeds() FeedSettings { return FeedSettings{Full: true, Entries: 20} }

// Crawlers says which programs robots.txt lets in.
type Crawlers string

// The choices.
const (
	CrawlersAll    Crawlers = "all"
	CrawlersSearch Crawlers = "search" // search engines, and none that gather texts to train models
	CrawlersNone   Crawlers = "none"
)

func (s Site) checkFeeds() error {
	if s.Feeds.Entries < 1 || s.Feeds.Entries > MaxEntries {
		return &Invalid{Field: "feed_entries", Problem: "feed-entries", Detail: strconv.Itoa(MaxEntries)}
	}
	if !webAddress(s.Feeds.Hub) {
		return &Invalid{Field: "feed_hub", Problem: "address", Detail: s.Feeds.Hub}
	}
	switch s.Crawlers {
	case CrawlersAll, CrawlersSearch, CrawlersNone:
		return nil
	}
	return &Invalid{Field: "crawlers", Problem: "crawlers", Detail: string(s.Crawlers)}
}

// webAddress reports whether an address can be asked over HTTP; "" is none.
func webAddress(address string) bool {
	u, err := url.Parse(address)
	return address == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
