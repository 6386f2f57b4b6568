package i18n

var englishTranslations = texts{
	"article.languages": "Read it in:",

	"kind.title": "What it is",

	"translation.of":        "Translation of",
	"translation.none":      "It is no translation",
	"translation.help":      "A translation shares the conversation of its original, and goes to other servers as part of it.",
	"translation.make":      "Translate",
	"translation.title":     "Translations",
	"translation.write":     "Translate into another language",
	"static.switch":         "A page by itself",
	"static.switch.help":    "For pages such as “About” and “Contact”: in no list and no feed, without comments, not sent to other servers.",
	"article.kind.static":   "Page",
	"article.kind.language": "Translation",

	"problem.kind-fixed":                 "Readers and other servers know this text already as what it is. Publish it as a new one instead.",
	"problem.translation-of-translation": "This is a translation itself, or has translations: choose the original.",
	"problem.translation-of-deleted":     "The original was deleted.",
	"problem.translation-of-draft":       "Publish the original first.",
	"problem.translation-language":       "The original is in this language. Choose the language of the translation.",
	"problem.translation-taken":          "There is a translation into this language already (%s).",
}
