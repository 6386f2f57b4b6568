package i18n

var english = texts{
	"skip": "Skip to content",
}
