package i18n

var englishErrors = texts{
	"error.410.when":  "It was deleted on %s.",
	"error.405.title": "That cannot be done here",
	"error.405.help":  "This address can be read, but not written to in that way. Open it as a page, or go back to the form and send it again.",
	"error.similar":   "Perhaps you mean",
	"error.newest":    "The newest articles",
	"error.search":    "Or search for it",
}
