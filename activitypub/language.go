package activitypub

import (
	"bytes"

	"kabar/activitypub/jsonld"
)

// LangString is a text and its language (BCP 47).
type LangString struct{ Lang, Value string }

// LangMap is a text in several languages, in the order of the document: Mastodon takes the first for the language of the post.
type LangMap []LangString

// Get returns the text in lang, or "".
func (m LangMap) Get(lang string) string {
	for _, s := range m {
		if s.Lang == lang {
			return s.Value
		}
	}
	return ""
}

// MarshalJSON writes m as an object, in its order.
func (m LangMap) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, s := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := encode(s.Lang)
		if err != nil {
			return nil, err
		}
		value, err := encode(s.Value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Language returns the language of o's text, or "": the key whose value is the content (as GoToSocial writes it), else the
// first key of contentMap, nameMap or summaryMap (as Mastodon reads it).
func (o *Object) Language() string {
	for _, s := range o.ContentMap {
		if s.Value == o.Content {
			return known(s.Lang)
		}
	}
	for _, m := range []LangMap{o.ContentMap, o.NameMap, o.SummaryMap} {
		if len(m) > 0 {
			return known(m[0].Lang)
		}
	}
	return o.DefaultLanguage
}

// contextLanguage returns the default language of a context (JSON-LD 1.1, 4.2.4); the last one counts.
func contextLanguage(value any) string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	language := ""
	for _, c := range list {
		m, ok := c.(*jsonld.Map)
		if !ok {
			continue
		}
		if told := m.Get("@language"); told != nil {
			language = known(decodeText(told, maxLanguageTag))
		}
	}
	return language
}

// known drops "und", which says that the language is not known.
func known(lang string) string {
	if lang == "und" || lang == "@none" {
		return ""
	}
	return lang
}

func langMap(value any, limit int) LangMap {
	m, ok := value.(*jsonld.Map)
	if !ok {
		return nil
	}
	var texts LangMap
	for _, member := range m.Members {
		if s, ok := member.Value.(string); ok && len(texts) < maxLanguages && len(member.Key) <= maxLanguageTag {
			texts = append(texts, LangString{member.Key, cut(s, limit)})
		}
	}
	return texts
}
