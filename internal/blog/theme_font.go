package blog

import (
	"errors"
	"path"
	"strings"
	"unicode"

	"kabar/internal/theme"
)

// maxFontLabel is how much of a font file's name is remembered, in characters.
const maxFontLabel = 80

// FontProblem gives an error of theme.ReadFont as an *Invalid of the field
// "font"; others stay as they are.
func FontProblem(err error) error {
	for sentinel, problem := range map[error]string{
		theme.ErrFontSize: "font-size", theme.ErrFontKind: "font-kind", theme.ErrFontDamaged: "font-damaged",
	} {
		if errors.Is(err, sentinel) {
			return &Invalid{Field: "font", Problem: problem}
		}
	}
	return err
}

// FontLabel is how a font is called in the Studio, by the name of its file.
func FontLabel(filename string) string {
	name := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, path.Base(strings.ReplaceAll(filename, `\`, "/")))
	return firstRunes(name, maxFontLabel)
}
