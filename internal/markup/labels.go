package markup

import "strings"

// labels is what the HTML of an article says by itself, in the article's language.
type labels struct {
	table, formula, footnotes string
	note, back                string // followed by a space and the note's number
}

// labelsIn returns Indonesian labels for Indonesian and Malay, and English ones for all other languages.
func labelsIn(language string) labels {
	switch primary, _, _ := strings.Cut(strings.ToLower(language), "-"); primary {
	case "id", "in", "ms":
		return labels{"Tabel", "Rumus", "Catatan kaki", "Catatan kaki", "Kembali ke rujukan"}
	}
	return labels{"Table", "Formula", "Footnotes", "Footnote", "Back to reference"}
}
