package studio

import (
	"slices"

	"kabar/web/page"
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

// languageChoices offers each language by its own name.
func languageChoices(ui, chosen string) []templates.Choice {
	tags := written
	if chosen != "" && !slices.Contains(tags, chosen) {
		tags = append([]string{chosen}, tags...)
	}
	choices := make([]templates.Choice, 0, len(tags))
	for _, tag := range tags {
		c := templates.Choice{Value: tag, Label: page.OwnName(tag), Selected: tag == chosen}
		if tag != ui {
			c.Lang = tag
		}
		choices = append(choices, c)
	}
	return choices
}
