package i18n

var indonesianTranslations = texts{
	"article.languages": "Baca dalam:",

	"kind.title": "Jenis",

	"translation.of":        "Terjemahan dari",
	"translation.none":      "Bukan terjemahan",
	"translation.help":      "Terjemahan berbagi percakapan dengan tulisan aslinya, dan dikirim ke server lain sebagai bagian darinya.",
	"translation.make":      "Terjemahkan",
	"translation.title":     "Terjemahan",
	"translation.write":     "Terjemahkan ke bahasa lain",
	"static.switch":         "Halaman tersendiri",
	"static.switch.help":    "Untuk halaman seperti “Tentang” dan “Kontak”: tidak masuk daftar dan umpan, tanpa tanggapan, tidak dikirim ke server lain.",
	"article.kind.static":   "Halaman",
	"article.kind.language": "Terjemahan",

	"problem.kind-fixed":                 "Pembaca dan server lain sudah mengenal tulisan ini sebagaimana adanya. Terbitkan sebagai tulisan baru saja.",
	"problem.translation-of-translation": "Ini sendiri sebuah terjemahan, atau sudah punya terjemahan: pilih tulisan aslinya.",
	"problem.translation-of-deleted":     "Tulisan aslinya sudah dihapus.",
	"problem.translation-of-draft":       "Terbitkan tulisan aslinya dulu.",
	"problem.translation-language":       "Tulisan aslinya memakai bahasa ini. Pilih bahasa terjemahannya.",
	"problem.translation-taken":          "Sudah ada terjemahan ke bahasa ini (%s).",
}
