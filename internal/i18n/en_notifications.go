package i18n

var englishNotifications = texts{
	"problem.nobody-to-answer": "There is nobody here who could be answered.",
	"problem.no-file":          "This picture is not here any more: %s",
	"mail.leave":               "Stop these mails",
}
