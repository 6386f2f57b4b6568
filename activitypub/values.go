package activitypub

import (
	"math"
	"strings"
	"time"

	"kabar/activitypub/jsonld"
)

// each calls f for the values of a property: none for null, one for a scalar, all for an array, up to limit.
func each(value any, limit int, f func(any)) {
	list, ok := value.([]any)
	if !ok {
		if value != nil {
			f(value)
		}
		return
	}
	for i, v := range list {
		if i == limit {
			return
		}
		f(v)
	}
}

// isID leaves out what is too long, and a NUL: no address has one (RFC 3986 section 2), and databases refuse it.
func isID(s string) bool { return len(s) <= maxID && strings.IndexByte(s, 0) < 0 }

func decodeItems(value any) Items {
	var items Items
	each(value, maxItems, func(v any) {
		switch v := v.(type) {
		case string:
			if v != "" && isID(v) {
				items = append(items, Item{ID: v})
			}
		case *jsonld.Map:
			items = append(items, embedded(decodeObject(v)))
		}
	})
	return items
}

// embedded names an object by its id, and a link by what it points to (Activity Vocabulary section 3.2). Nothing else takes a
// name from href: it would pose as the object there.
func embedded(o *Object) Item {
	id := o.ID
	if id == "" && (len(o.Types) == 0 || o.Is("Link", "Mention", "Hashtag")) {
		id = o.Href
	}
	return Item{ID: id, Object: o}
}

// decodeID returns the first id of a property that names one thing.
func decodeID(value any) string {
	id := ""
	each(value, maxItems, func(v any) {
		if m, ok := v.(*jsonld.Map); ok {
			if v = m.Get("id"); v == nil {
				v = m.Get("href")
			}
		}
		if s, ok := v.(string); ok && id == "" && isID(s) {
			id = s
		}
	})
	return id
}

func decodeStrings(value any, limit int) []string {
	var texts []string
	each(value, limit, func(v any) {
		if s, ok := v.(string); ok && s != "" && len(s) <= maxID {
			texts = append(texts, s)
		}
	})
	return texts
}

// decodeText returns the first string of a property.
func decodeText(value any, limit int) string {
	text := ""
	each(value, maxItems, func(v any) {
		if s, ok := v.(string); ok && text == "" {
			text = cut(s, limit)
		}
	})
	return text
}

func decodeBool(value any) bool {
	b, _ := value.(bool)
	return b
}

// decodeCount returns a whole number from 0 to 2^31-1, or otherwise.
func decodeCount(value any, otherwise int) int {
	f, ok := value.(float64)
	if !ok || f < 0 || f > math.MaxInt32 {
		return otherwise
	}
	return int(f)
}

// layouts are the spellings of xsd:dateTime that are seen; a time without zone is taken for UTC.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02"}

func decodeTime(value any) time.Time {
	s := decodeText(value, maxLanguageTag)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
