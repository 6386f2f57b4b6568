package i18n

var indonesianLive = texts{
	// From the reader's own server.
	"interact.reply": "Balas dari server Anda",
	"interact.like":  "Sukai dari server Anda",
	"interact.boost": "Bagikan dari server Anda",

	// On open pages.
	"news.replies": count{Other: "%d balasan baru"},
}
