package jsonld

import (
	"cmp"
	"slices"
	"strings"
)

// text is one string of a language map.
type text struct {
	language
	value string
}

// text returns node as a string with a language, if it is one.
func (r *renamer) text(node map[string]any) (text, bool) {
	tag, tagged := node["@language"].(string)
	value, ok := node["@value"].(string)
	if !tagged || !ok {
		return text{}, false
	}
	l, ok := r.languages[strings.ToLower(tag)]
	if !ok {
		l = language{rank: len(r.languages), tag: tag}
	}
	return text{l, value}, true
}

func languageMap(texts []text) *Map {
	slices.SortStableFunc(texts, func(a, b text) int { return cmp.Compare(a.rank, b.rank) })
	m := &Map{}
	for _, t := range texts {
		m.Set(t.tag, t.value)
	}
	return m
}

// languagesOf ranks the keys below value by their first place: the first key of a language map tells the language of a post, so its order must survive.
func languagesOf(value any) map[string]language {
	ranks := map[string]language{}
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case *Map:
			for _, member := range value.Members {
				lower := strings.ToLower(member.Key)
				if _, seen := ranks[lower]; !seen {
					ranks[lower] = language{len(ranks), member.Key}
				}
				walk(member.Value)
			}
		case []any:
			for _, v := range value {
				walk(v)
			}
		}
	}
	walk(value)
	return ranks
}
