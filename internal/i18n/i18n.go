// Package i18n holds every text of the interface in Indonesian and English,
// chooses the language for a reader, and writes numbers and dates in it. Texts
// are in files per language and subject under the same keys; plurals follow CLDR
// through golang.org/x/text.
package i18n

import (
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Default is the language of a reader whose languages are all unknown.
const Default = "id"

// Languages are the languages of the interface, the default first.
var Languages = []string{"id", "en"}

// Message is a text to be said later in the reader's language.
type Message struct {
	Key  string
	Args []any
}

// M makes a Message.
func M(key string, args ...any) Message { return Message{Key: key, Args: args} }

// IsZero reports whether there is nothing to say.
func (m Message) IsZero() bool { return m.Key == "" }

// texts are the messages of one language by key: a string with the verbs of
// fmt, or a count for those with a plural.
type texts map[string]any

// count is a text that depends on its first argument, a number printed by %d.
// Indonesian has only Other.
type count struct{ Zero, One, Other string }

var (
	all = map[string]texts{
		"id": join(indonesian, indonesianThread, indonesianReactions, indonesianModeration, indonesianRules, indonesianInbox,
			indonesianNotifications, indonesianVisitors, indonesianLive, indonesianAuthors, indonesianSearch, indonesianErrors, indonesianFeeds, indonesianTranslations, indonesianStatistics, indonesianPictures, indonesianLook, indonesianNewsletter, indonesianNewsletterStudio),
		"en": join(english, englishThread, englishReactions, englishModeration, englishRules, englishInbox,
			englishNotifications, englishVisitors, englishLive, englishAuthors, englishSearch, englishErrors, englishFeeds, englishTranslations, englishStatistics, englishPictures, englishLook, englishNewsletter, englishNewsletterStudio),
	}
	printers = build()
	matcher  = language.NewMatcher([]language.Tag{language.Indonesian, language.English})
)

// join makes one catalogue of those of several subjects; a key stands in one of
// them.
func join(subjects ...texts) texts {
	whole := texts{}
	for _, subject := range subjects {
		for key, text := range subject {
			if _, twice := whole[key]; twice {
				panic("i18n: " + key + " stands twice")
			}
			whole[key] = text
		}
	}
	return whole
}

// T says the text of key in lang ("id" or "en"; any other is the default's).
// Arguments are printed in that language: 12345 is "12.345" or "12,345".
func T(lang, key string, args ...any) string {
	return Printer(lang).Sprintf(message.Key(key, key), args...)
}

// Has reports whether key is defined in lang.
func Has(lang, key string) bool { return all[lang][key] != nil }

// Takes reports whether the text of key has a place for an argument.
func Takes(key string) bool {
	text, ok := all[Default][key].(string)
	return !ok || strings.Contains(text, "%")
}

// In says the message in lang.
func (m Message) In(lang string) string {
	if m.IsZero() {
		return ""
	}
	return T(lang, m.Key, m.Args...)
}

// Printer is the printer of lang; it is safe for use by several goroutines.
func Printer(lang string) *message.Printer {
	if p, ok := printers[lang]; ok {
		return p
	}
	return printers[Default]
}

// Match is the interface language for an Accept-Language header; fallback,
// the site's language, is for readers whose languages are all unknown.
func Match(acceptLanguage, fallback string) string {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err == nil {
		if _, i, confidence := matcher.Match(tags...); confidence > language.No && len(tags) > 0 {
			return Languages[i]
		}
	}
	if _, ok := printers[fallback]; ok {
		return fallback
	}
	return Default
}

func build() map[string]*message.Printer {
	made := map[string]*message.Printer{}
	for lang, of := range all {
		tag := language.MustParse(lang)
		b := catalog.NewBuilder(catalog.Fallback(tag))
		for key, text := range of {
			if err := b.Set(tag, key, messages(text)...); err != nil {
				panic("i18n: " + lang + ": " + key + ": " + err.Error())
			}
		}
		made[lang] = message.NewPrinter(tag, message.Catalog(b))
	}
	return made
}

func messages(text any) []catalog.Message {
	switch t := text.(type) {
	case string:
		return []catalog.Message{catalog.String(t)}
	case count:
		return []catalog.Message{plural.Selectf(1, "%d", t.cases()...)}
	}
	panic("i18n: a text is a string or a count")
}

func (c count) cases() []any {
	var cases []any
	if c.Zero != "" {
		cases = append(cases, "=0", c.Zero)
	}
	if c.One != "" {
		cases = append(cases, plural.One, c.One)
	}
	return append(cases, plural.Other, c.Other)
}
