package studio

import (
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kabar/web/templates"
)

// written are the languages that the editor offers: those of the interface
// first, then what is written most in and around Indonesia and in the
// fediverse. An article in another one keeps it.
var written = []string{
	"id", "en", "jv", "su", "min", "ban", "bug", "ace", "ms", "ar", "bn", "cs", "da", "de", "el", "eo", "es", "eu", "fa",
	"fi", "fil", "fr", "he", "hi", "hu", "it", "ja", "km", "ko", "lo", "my", "nb", "nl", "pl", "pt", "ro", "ru", "sv",
	"sw", "ta", "tet", "th", "tr", "uk", "ur", "vi", "zh-Hans", "zh-Hant",
}

// ownNames are those that x/text does not know.
var ownNames = map[string]string{
	"min": "Baso Minangkabau", "ban": "Basa Bali", "bug": "Basa Ugi", "ace": "Bahsa Acèh", "jv": "Basa Jawa",
	"su": "Basa Sunda", "tet": "Tetun", "eo": "Esperanto", "fil": "Filipino", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu",
}

// languageChoices offers each language by its own name.
func languageChoices(ui, chosen string) []templates.Choice {
	tags := written
	if chosen != "" && !slices.Contains(tags, chosen) {
		tags = append([]string{chosen}, tags...)
	}
	choices := make([]templates.Choice, 0, len(tags))
	for _, tag := range tags {
		c := templates.Choice{Value: tag, Label: ownName(tag), Selected: tag == chosen}
		if tag != ui {
			c.Lang = tag
		}
		choices = append(choices, c)
	}
	return choices
}

func ownName(tag string) string {
	if name, ok := ownNames[tag]; ok {
		return name
	}
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(parsed); name != "" {
		return name
	}
	return tag
}
