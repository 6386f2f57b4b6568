package templates

import (
	"net/url"
	"path"
	"strings"
)

// Addresses that forms and links of the pages point at. Whoever adds a route
// for them uses these constants.
const (
	HomePath    = "/"
	ArchivePath = "/archive"
	SearchPath  = "/search"
	AtomPath    = "/feed.atom"
	RSSPath     = "/feed.rss"
	JSONPath    = "/feed.json"
	SitemapPath = "/sitemap.xml"
	// SitemapPartPath, with the name of a part and ".xml", is one of its parts.
	SitemapPartPath = "/-/sitemap/"
	RobotsPath      = "/robots.txt"
	OpenSearchPath  = "/opensearch.xml"
	ManifestPath    = "/manifest.webmanifest"

	// FollowPath takes GET or POST with the field "account" (@name@server)
	// and redirects to that server; FollowPage is shown for a bad one.
	FollowPath = "/follow"
	// InteractPath takes "account" and "uri" (the object to open there).
	InteractPath = "/-/interact"
	// LivePath, with the id of an article, is the stream of what changes on its
	// page; "since" is the last change that the page shows (Unix milliseconds).
	LivePath = "/-/live/"
	// SetupPath is the first-run page; the one-time token is in "token".
	SetupPath = "/setup"

	StudioPath           = "/studio"
	LoginPath            = "/studio/login"  // POST: email, password, next
	LogoutPath           = "/studio/logout" // POST
	StudioArticlesPath   = "/studio/articles"
	StudioNewPath        = "/studio/articles/new"
	StudioCommentsPath   = "/studio/comments"
	StudioQuotesPath     = "/studio/quotes"
	StudioFollowersPath  = "/studio/followers"
	StudioDeliveriesPath = "/studio/deliveries"
	StudioSettingsPath   = "/studio/settings"
	StudioAppearancePath = "/studio/appearance"
	// StudioPreviewPath shows the blog in the look that was tried last: the
	// front page, or with ?page=article the newest article.
	StudioPreviewPath = "/studio/appearance/preview"
	// StudioPreviewSheet is the style sheet of that look.
	StudioPreviewSheet = "/studio/appearance/preview.css"
	StudioReadingPath  = StudioSettingsPath + "/reading"
)

// AuthorPath is the page of the author with this user name.
func AuthorPath(name string) string { return "/authors/" + url.PathEscape(name) }

// TagPath is the page of a tag, given without "#".
func TagPath(tag string) string { return "/tags/" + url.PathEscape(tag) }

// StudioEditPath is the editor of the article with this id.
func StudioEditPath(id string) string { return StudioArticlesPath + "/" + url.PathEscape(id) }

// ReactionsPath is the page of all who reacted to the article or comment with
// this id. With ?kind= (like, boost, emoji or quote) it begins with those, and
// with &content= with one emoji.
func ReactionsPath(id string) string { return "/-/reactions/" + url.PathEscape(id) }

// IsFeed tells the feeds, and what else is the same in every language of the
// interface, from pages whose name only ends like one: a topic may be called
// "x.atom".
func IsFeed(at string) bool {
	switch dir, file := path.Split(at); file {
	case "feed.atom", "feed.rss", "feed.json":
		return dir == "/" || below(dir, "/tags/") || below(dir, "/authors/") || below(dir, CommentPath)
	}
	return at == SitemapPath || at == RobotsPath || at == OpenSearchPath || at == ManifestPath || strings.HasPrefix(at, SitemapPartPath)
}

func below(dir, above string) bool { return len(dir) > len(above) && strings.HasPrefix(dir, above) }
