package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// One file for each language, named by its BCP 47 tag: adding a language is
// adding its file.
//
//go:embed languages/*.json
var files embed.FS

// locale is all that is said in one language.
type locale struct {
	Name  string          `json:"name"` // of the language in itself
	Dates calendar        `json:"dates"`
	Texts map[string]text `json:"texts"` // by key

	printer *message.Printer
}

// text is a string with the verbs of fmt, or one for each plural category of
// its first argument, a number printed by %d.
type text struct {
	plain string
	cases map[string]string // "=0", or a category of CLDR
}

// categories are the keys of a text with a plural, in the order in which they
// are tried.
var categories = []string{"=0", "zero", "one", "two", "few", "many", "other"}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &t.plain)
	}
	if err := json.Unmarshal(data, &t.cases); err != nil {
		return err
	}
	for name := range t.cases {
		if !slices.Contains(categories, name) {
			return fmt.Errorf("%q is no plural category, but one of %s", name, strings.Join(categories, ", "))
		}
	}
	if t.cases["other"] == "" {
		return fmt.Errorf("a text with a plural needs %q", "other")
	}
	return nil
}

// message is the text as the catalogue has it.
func (t text) message() catalog.Message {
	if t.cases == nil {
		return catalog.String(t.plain)
	}
	var cases []any
	for _, name := range categories {
		if say, ok := t.cases[name]; ok {
			cases = append(cases, name, say)
		}
	}
	return plural.Selectf(1, "%d", cases...)
}

// all are the languages of the interface. The files are part of the program: a
// mistake in one ends it at the start.
var all = load()

func load() map[string]*locale {
	entries, err := files.ReadDir("languages")
	if err != nil {
		panic(err)
	}
	read := map[string]*locale{}
	for _, e := range entries {
		data, err := files.ReadFile("languages/" + e.Name())
		if err != nil {
			panic(err)
		}
		lang := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		l, err := parse(lang, data)
		if err != nil {
			panic(fmt.Sprintf("i18n: %s: %v", e.Name(), err))
		}
		read[lang] = l
	}
	return read
}

// parse reads the file of a language.
func parse(lang string, data []byte) (*locale, error) {
	tag, err := language.Parse(lang)
	if err != nil {
		return nil, err
	}
	l := &locale{}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, err
	}
	if l.Name == "" || l.Dates.Date == "" {
		return nil, fmt.Errorf("%q and %q say how the language is called and how it writes dates", "name", "dates")
	}
	b := catalog.NewBuilder(catalog.Fallback(tag))
	for key, t := range l.Texts {
		if err := b.Set(tag, key, t.message()); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	l.printer = message.NewPrinter(tag, message.Catalog(b))
	return l, nil
}
