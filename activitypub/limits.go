package activitypub

import "unicode/utf8"

// Bounds on what is kept of a document, in bytes and in values.
const (
	maxID          = 2048
	maxItems       = 1000
	maxTypes       = 16
	maxLanguages   = 64
	maxLanguageTag = 64
	maxShort       = 2048      // names of people, titles, media types
	maxSummary     = 32 << 10  // profiles, content warnings, captions
	maxContent     = 512 << 10 // the text of an article
	maxKeys        = 10
	maxPEM         = 16 << 10
	maxDomains     = 256
)

// cut shortens s to limit bytes at the border of a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
