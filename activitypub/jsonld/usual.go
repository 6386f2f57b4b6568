package jsonld

import "strings"

// Bounds on what is expanded: beyond them a document is read as it stands. Expansion costs some 4 µs a value, and the
// contexts count far more: each inline one is processed at each place where it stands.
const (
	maxExpandBytes    = 256 << 10
	maxExpandNodes    = 2_000
	maxContextEntries = 16
	maxContextTerms   = 500
)

// survey is what the contexts of a document say.
type survey struct {
	entries, terms int
	hasAS          bool
	unusual        bool // a name of ours has another meaning, or a meaning another name
	refused        bool // beyond what may be expanded
	inline         *Map // all inline definitions together
	vocabulary     *vocabulary
}

// mustExpand reports whether the document cannot be read as it stands, and may be expanded.
func (p *parser) mustExpand() (bool, *survey) {
	if len(p.contexts) == 0 {
		return false, nil
	}
	s := &survey{inline: &Map{}, vocabulary: usual()}
	for _, context := range p.contexts {
		s.context(context)
	}
	for _, member := range s.inline.Members {
		s.definition(member.Key, member.Value)
	}
	for _, key := range p.odd {
		s.oddName(key)
	}
	within := len(p.text) <= maxExpandBytes && p.nodes <= maxExpandNodes &&
		s.entries <= maxContextEntries && s.terms <= maxContextTerms
	return s.unusual && within && !s.refused, s
}

// context looks at one value of @context: an address, an inline context, or a list of these.
func (s *survey) context(value any) {
	s.entries++
	switch value := value.(type) {
	case string:
		s.hasAS = s.hasAS || sameAddress(value) == asNamespace
	case []any:
		for _, v := range value {
			s.context(v)
		}
	case *Map:
		s.terms += len(value.Members)
		for _, member := range value.Members {
			s.collect(member)
		}
	}
}

// collect adds a definition to the others. Two that differ leave open which one counts where.
func (s *survey) collect(member Member) {
	if m, ok := member.Value.(*Map); ok && m.Get("@context") != nil {
		s.refused = true // processed again wherever the term is used
	}
	if s.inline.find(member.Key) >= 0 && definedAs(s.inline.Get(member.Key)) != definedAs(member.Value) {
		s.unusual = true
	}
	s.inline.Set(member.Key, member.Value)
}

// definition compares one term of an inline context with its usual meaning.
func (s *survey) definition(name string, value any) {
	if strings.HasPrefix(name, "@") {
		s.unusual = s.unusual || name == "@vocab" && value != "_:" || name == "@base" || name == "@import"
		return
	}
	if m, ok := value.(*Map); ok && m.Get("@id") == nil && m.find("@id") < 0 && m.Get("@reverse") == nil {
		return // tells how values are written, not what the name means
	}
	iri := s.vocabulary.resolve(definedAs(value), s.inline)
	if iri == s.vocabulary.iris[name] || s.vocabulary.names[iri] == name {
		return
	}
	if s.vocabulary.names[iri] != "" || s.vocabulary.core[name] || strings.HasPrefix(iri, "@") {
		s.unusual = true
	}
}

// oddName looks at a key or type that is a keyword or holds a colon: it may be a name of ours, written in full.
func (s *survey) oddName(name string) {
	switch name {
	case "@graph", "@included", "@reverse":
		s.refused = true // they move properties between objects
		return
	}
	if strings.HasPrefix(name, "@") {
		s.unusual = true
		return
	}
	if s.vocabulary.names[s.vocabulary.resolve(name, s.inline)] != "" {
		s.unusual = true
	}
}
