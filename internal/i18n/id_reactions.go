package i18n

var indonesianReactions = texts{
	"problem.comment-own":   "Komentar ini dari sini: tidak ada yang menyukai atau membagikan tulisannya sendiri.",
	"problem.boost-private": "Hanya yang dikatakan secara publik yang dapat dibagikan.",
	"problem.reaction":      "Ini bukan suka atau bagikan: %s",
}
