package i18n

var indonesianErrors = texts{
	"error.410.when":  "Tulisan itu dihapus pada %s.",
	"error.405.title": "Itu tidak bisa dilakukan di sini",
	"error.405.help":  "Alamat ini bisa dibaca, tetapi tidak bisa dikirimi dengan cara itu. Buka sebagai halaman, atau kembali ke formulirnya lalu kirim lagi.",
	"error.similar":   "Mungkin maksud Anda",
	"error.newest":    "Tulisan terbaru",
	"error.search":    "Atau cari",
}
