package page

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// ownNames are those that x/text does not know.
var ownNames = map[string]string{
	"min": "Baso Minangkabau", "ban": "Basa Bali", "bug": "Basa Ugi", "ace": "Bahsa Acèh", "jv": "Basa Jawa",
	"su": "Basa Sunda", "tet": "Tetun", "eo": "Esperanto", "fil": "Filipino", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu",
}

// OwnName is what a language, given by its BCP 47 tag, is called in itself.
func OwnName(tag string) string {
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
