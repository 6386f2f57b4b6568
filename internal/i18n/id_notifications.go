package i18n

var indonesianNotifications = texts{
	"problem.nobody-to-answer": "Tidak ada orang yang dapat dijawab di sini.",
	"problem.no-file":          "Gambar ini tidak ada lagi di sini: %s",
	"mail.leave":               "Berhenti menerima surel ini",
}
