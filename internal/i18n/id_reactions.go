package i18n

var indonesianReactions = texts{
	"problem.comment-own":   "Komentar ini dari sini: tidak ada yang menyukai atau membagikan tulisannya sendiri.",
	"problem.boost-private": "Hanya yang dikatakan secara publik yang dapat dibagikan.",
	"problem.reaction":      "Ini bukan suka atau bagikan: %s",
	"reason.quote-waiting":  "Ini mengutip tulisan Anda, dan belum ada yang mengizinkannya.",
	"reason.quote-rejected": "Kutipannya tidak diizinkan.",
	"reason.quote-revoked":  "Kutipannya tidak lagi diizinkan.",
	"reason.quote-dropped":  "Penulisnya menghapus kutipan itu.",
}
