package page

import (
	"net/http"
	"strconv"
	"strings"
)

// WantsActivity reports whether a request would rather have the ActivityPub
// object than the page about it: its type is named, with a weight above that
// of text/html, or before it (RFC 9110, section 12.5.1). application/ld+json
// is taken with any profile, as Mastodon sends it without.
func WantsActivity(r *http.Request) bool {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if !strings.Contains(strings.ToLower(accept), "json") {
		return false
	}
	ranges := mediaRanges(accept)
	html := weigh(ranges, "text/html")
	return weigh(ranges, "application/activity+json").before(html) ||
		weigh(ranges, "application/ld+json").before(html)
}

// mediaRange is one entry of an Accept header.
type mediaRange struct {
	name string // lower case, without parameters
	weight
}

// weight is how much a client wants a type: q, and where it was named.
type weight struct {
	q     float64
	place int
}

func (w weight) before(other weight) bool {
	return w.q > other.q || w.q == other.q && w.q > 0 && w.place < other.place
}

// weigh finds the most specific range that covers a media type.
func weigh(ranges []mediaRange, mediaType string) weight {
	major, _, _ := strings.Cut(mediaType, "/")
	for _, name := range []string{mediaType, major + "/*", "*/*"} {
		for _, r := range ranges {
			if r.name == name {
				return r.weight
			}
		}
	}
	return weight{}
}

func mediaRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for i, part := range splitQuoted(accept, ',') {
		params := splitQuoted(part, ';')
		r := mediaRange{name: strings.ToLower(strings.TrimSpace(params[0])), weight: weight{1, i}}
		for _, p := range params[1:] {
			name, value, _ := strings.Cut(p, "=")
			if strings.EqualFold(strings.TrimSpace(name), "q") {
				q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
				if err != nil || q < 0 || q > 1 {
					q = 0
				}
				r.q = q
			}
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// splitQuoted splits at a separator that does not stand in a quoted string.
func splitQuoted(s string, separator byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case quoted && s[i] == '\\':
			i++
		case s[i] == separator && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

// WantsPage reports whether a request for an ActivityPub id comes from
// somebody who wants to read: text/html is named, before the types of
// ActivityPub. A client that names nothing gets the object.
func WantsPage(r *http.Request) bool {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return strings.Contains(accept, "text/html") && !WantsActivity(r)
}
