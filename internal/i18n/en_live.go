package i18n

var englishLive = texts{
	// From the reader's own server.
	"interact.reply": "Reply from your server",
	"interact.like":  "Like from your server",
	"interact.boost": "Boost from your server",

	// On open pages.
	"news.replies": count{One: "%d new reply", Other: "%d new replies"},
}
