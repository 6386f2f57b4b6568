// Package i18n holds every text of the interface, chooses the language for a
// reader, and writes numbers and dates in it. Each language is one file in
// languages/; plurals follow CLDR through golang.org/x/text.
package i18n

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Default is the language of a reader whose languages are all unknown, and of
// the texts that another language lacks.
const Default = "id"

// Languages are the languages of the interface, the default first.
var Languages = listed()

func listed() []string {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(lang string) bool { return lang == Default })
	return append([]string{Default}, others...)
}

// Name is what a language of the interface is called in itself.
func Name(lang string) string { return of(lang).Name }

func of(lang string) *locale {
	if l, ok := all[lang]; ok {
		return l
	}
	return all[Default]
}

// Message is a text to be said later in the reader's language.
type Message struct {
	Key  string
	Args []any
}

// M makes a Message.
func M(key string, args ...any) Message { return Message{Key: key, Args: args} }

// IsZero reports whether there is nothing to say.
func (m Message) IsZero() bool { return m.Key == "" }

// T says the text of key in lang (an unknown one is the default's).
// Arguments are printed in that language: 12345 is "12.345" or "12,345".
func T(lang, key string, args ...any) string {
	if !Has(lang, key) {
		lang = Default
	}
	return Printer(lang).Sprintf(message.Key(key, key), args...)
}

// Has reports whether key is defined in lang.
func Has(lang, key string) bool {
	l, ok := all[lang]
	if !ok {
		return false
	}
	_, ok = l.Texts[key]
	return ok
}

// Takes reports whether the text of key has a place for an argument.
func Takes(key string) bool {
	t, ok := all[Default].Texts[key]
	return !ok || t.cases != nil || strings.Contains(t.plain, "%")
}

// In says the message in lang.
func (m Message) In(lang string) string {
	if m.IsZero() {
		return ""
	}
	return T(lang, m.Key, m.Args...)
}

// Printer is the printer of lang; it is safe for use by several goroutines.
func Printer(lang string) *message.Printer { return of(lang).printer }

var matcher = func() language.Matcher {
	tags := make([]language.Tag, len(Languages))
	for i, lang := range Languages {
		tags[i] = language.MustParse(lang)
	}
	return language.NewMatcher(tags)
}()

// Match is the interface language for an Accept-Language header; fallback,
// the site's language, is for readers whose languages are all unknown.
func Match(acceptLanguage, fallback string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err == nil {
		if _, i, confidence := matcher.Match(tags...); confidence > language.No && len(tags) > 0 {
			return Languages[i]
		}
	}
	if _, ok := all[fallback]; ok {
		return fallback
	}
	return Default
}
