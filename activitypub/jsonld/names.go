package jsonld

import (
	"strings"
	"sync"
)

// vocabulary relates the usual names of properties and types to their IRIs, both ways.
type vocabulary struct {
	iris  map[string]string // by name
	names map[string]string // by IRI; an IRI with several names has the first
	core  map[string]bool   // names that no context may give another meaning unnoticed
	// prefixes are the beginnings of compact IRIs.
	prefixes map[string]string
}

// extensions are names that no embedded document defines, with the IRIs under which servers know them.
var extensions = []struct{ name, iri string }{
	{"conversation", "http://ostatus.org#conversation"},
	{"PropertyValue", "http://schema.org#PropertyValue"},
	{"PropertyValue", "http://schema.org/PropertyValue"},
	{"value", "http://schema.org#value"},
	{"value", "http://schema.org/value"},
	{"quoteUrl", "https://www.w3.org/ns/activitystreams#quoteUrl"},
	{"quoteUri", "http://fedibird.com/ns#quoteUri"},
	{"quote", "https://w3id.org/fep/044f#quote"},
	{"quoteAuthorization", "https://w3id.org/fep/044f#quoteAuthorization"},
	{"_misskey_quote", "https://misskey-hub.net/ns#_misskey_quote"},
	{"_misskey_reaction", "https://misskey-hub.net/ns#_misskey_reaction"},
	{"EmojiReact", "http://litepub.social/ns#EmojiReact"},
	{"ChatMessage", "http://litepub.social/ns#ChatMessage"},
	{"Hashtag", "https://www.w3.org/ns/activitystreams#Hashtag"},
	{"sensitive", "https://www.w3.org/ns/activitystreams#sensitive"},
	{"manuallyApprovesFollowers", "https://www.w3.org/ns/activitystreams#manuallyApprovesFollowers"},
	{"alsoKnownAs", "https://www.w3.org/ns/activitystreams#alsoKnownAs"},
	{"movedTo", "https://www.w3.org/ns/activitystreams#movedTo"},
	{"Key", "https://w3id.org/security#Key"},
	{"assertionMethod", "https://w3id.org/security#assertionMethod"},
	{"Multikey", "https://w3id.org/security#Multikey"},
	{"controller", "https://w3id.org/security#controller"},
	{"publicKeyMultibase", "https://w3id.org/security#publicKeyMultibase"},
	{"proof", "https://w3id.org/security#proof"},
}

// usual is built from the documents whose names are the ones that are read.
var usual = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{
		iris: map[string]string{}, names: map[string]string{}, core: map[string]bool{}, prefixes: map[string]string{},
	}
	for _, name := range []string{"activitystreams", "security-v1"} {
		v.learn(name)
	}
	for name := range v.iris {
		v.core[name] = true
	}
	for _, name := range []string{"joinmastodon", "gotosocial", "webfinger", "miscellany"} {
		v.learn(name)
	}
	for _, e := range extensions {
		v.add(e.name, e.iri)
	}
	return v
})

// learn takes over the terms of an embedded document.
func (v *vocabulary) learn(name string) {
	document, err := Parse(embeddedText(name))
	if err != nil {
		panic("embedded context " + name + ": " + err.Error())
	}
	context, _ := document.Get("@context").(*Map)
	for _, member := range context.Members {
		if iri := v.resolve(definedAs(member.Value), context); isPrefix(iri) {
			v.prefixes[member.Key] = iri
		} else if iri != "" && member.Key[0] != '@' {
			v.add(member.Key, iri)
		}
	}
}

func (v *vocabulary) add(name, iri string) {
	if v.iris[name] == "" {
		v.iris[name] = iri
	}
	if v.names[iri] == "" {
		v.names[iri] = name
	}
}

// definedAs returns what a term definition stands for, as it is written; "" if that does not name another IRI.
func definedAs(definition any) string {
	if m, ok := definition.(*Map); ok {
		definition = m.Get("@id")
	}
	s, _ := definition.(string)
	return s
}

func isPrefix(iri string) bool {
	return strings.HasSuffix(iri, "#") || strings.HasSuffix(iri, "/") || strings.HasSuffix(iri, ":")
}

// resolve expands a name or a compact IRI that stands in context, with the prefixes known before.
func (v *vocabulary) resolve(name string, context *Map) string {
	for range 8 {
		prefix, rest, compact := strings.Cut(name, ":")
		if strings.HasPrefix(rest, "//") {
			return name
		}
		base := definedAs(context.Get(prefix))
		if base == "" || base == prefix {
			if base = v.prefixes[prefix]; !compact {
				base = v.iris[prefix]
			}
		}
		if base == "" {
			return name
		}
		name = base + rest
	}
	return name
}
