package i18n

var englishPictures = texts{
	"focus.title":   "What stays when the picture is cropped",
	"focus.0-0":     "Top left",
	"focus.50-0":    "Top",
	"focus.100-0":   "Top right",
	"focus.0-50":    "Left",
	"focus.50-50":   "Middle",
	"focus.100-50":  "Right",
	"focus.0-100":   "Bottom left",
	"focus.50-100":  "Bottom",
	"problem.focus": "Choose one of the nine places.",
	"focus.100-100": "Bottom right",
}
