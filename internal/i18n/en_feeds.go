package i18n

var englishFeeds = texts{
	"feed.comments": "Responses to “%s”",
	"feed.comment":  "Response by %s",
	"feed.what":     "A feed brings new articles to your own reader, without an account.",

	"settings.blog":                 "Blog",
	"settings.reading":              "Reading and feeds",
	"settings.reading.lead":         "What feed readers, search engines and other programs get.",
	"settings.programs":             "Search engines and crawlers",
	"settings.feed.full":            "Feeds hold the whole text",
	"settings.feed.full.help":       "Otherwise they hold the summary and a link.",
	"settings.feed.entries":         "Articles in a feed",
	"settings.feed.hub":             "WebSub hub",
	"settings.feed.hub.help":        "The address of a hub that passes news of your feeds on at once, for example https://pubsubhubbub.appspot.com/. Empty: none.",
	"settings.crawlers":             "Who may read the blog by program",
	"settings.crawlers.all":         "Everybody",
	"settings.crawlers.search":      "Search engines, and none that gather texts for AI",
	"settings.crawlers.none":        "Nobody",
	"settings.crawlers.help":        "robots.txt asks for it; polite programs do as it says.",
	"settings.search.comments":      "The search finds comments too",
	"settings.search.comments.help": "Only those that everybody may see.",

	"problem.feed-entries": "A number from 1 to %s, please.",
	"problem.address":      "This is no address of the web: %s",
	"problem.crawlers":     "This choice is not known: %s",
}
