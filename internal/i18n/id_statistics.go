package i18n

var indonesianStatistics = texts{
	"nav.statistics":            "Statistik",
	"statistics.lead":           "Seberapa sering blog ini dibaca.",
	"statistics.own":            "Seberapa sering tulisan Anda dibaca.",
	"statistics.period":         "Rentang waktu",
	"statistics.days":           "%d hari",
	"statistics.views":          "Tayangan",
	"statistics.visitors":       "Pembaca",
	"statistics.change":         "%+d %%",
	"statistics.before":         "dibanding rentang sebelumnya",
	"statistics.by-day":         "Per hari",
	"statistics.day":            "Hari",
	"statistics.chart":          "Tayangan dan pembaca dalam %d hari terakhir; angkanya ada di tabel di bawah.",
	"statistics.table":          "Sebagai tabel",
	"statistics.articles":       "Paling banyak dibaca",
	"statistics.front":          "Halaman depan",
	"statistics.referrers":      "Dari mana pembaca datang",
	"statistics.referrers.none": "Belum ada situs lain yang mengantar ke sini, atau peramban pembaca tidak memberitahukannya.",
	"statistics.host":           "Situs",
	"statistics.empty":          "Belum ada yang dibaca dalam rentang waktu ini.",
	"statistics.how":            "Dihitung tanpa kuki. Siapa yang membaca tidak disimpan: bahwa seseorang datang dua kali sehari hanya diketahui pada hari itu, dan tidak pernah dicatat. Program dan orang yang sedang masuk tidak dihitung.",
}
