package i18n

var indonesianFeeds = texts{
	"feed.comments": "Tanggapan untuk “%s”",
	"feed.comment":  "Tanggapan dari %s",
	"feed.what":     "Umpan membawa tulisan baru ke aplikasi pembaca Anda sendiri, tanpa akun.",

	"settings.blog":                 "Blog",
	"settings.reading":              "Pembacaan dan umpan",
	"settings.reading.lead":         "Apa yang diperoleh aplikasi pembaca, mesin pencari, dan program lain.",
	"settings.programs":             "Mesin pencari dan perayap",
	"settings.feed.full":            "Umpan memuat teks lengkap",
	"settings.feed.full.help":       "Jika tidak, umpan memuat ringkasan dan tautan.",
	"settings.feed.entries":         "Jumlah tulisan dalam umpan",
	"settings.feed.hub":             "Hub WebSub",
	"settings.feed.hub.help":        "Alamat hub yang segera meneruskan kabar dari umpan Anda, misalnya https://pubsubhubbub.appspot.com/. Kosong: tidak ada.",
	"settings.crawlers":             "Siapa yang boleh membaca blog dengan program",
	"settings.crawlers.all":         "Semua",
	"settings.crawlers.search":      "Mesin pencari, tetapi bukan pengumpul teks untuk AI",
	"settings.crawlers.none":        "Tidak ada",
	"settings.crawlers.help":        "robots.txt memintanya; program yang sopan menaatinya.",
	"settings.search.comments":      "Pencarian juga menemukan tanggapan",
	"settings.search.comments.help": "Hanya yang boleh dilihat semua orang.",

	"problem.feed-entries": "Mohon isi angka dari 1 sampai %s.",
	"problem.address":      "Ini bukan alamat web: %s",
	"problem.crawlers":     "Pilihan ini tidak dikenal: %s",
}
