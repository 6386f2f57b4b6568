package jsonld

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// expand returns the document's expanded form, its only top-level object.
func (p *parser) expand(s *survey) (node map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil { // json-gold asserts types of what others wrote
			err = fmt.Errorf("expand: %v", r)
		}
	}()
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = preloaded()
	if !s.hasAS { // ActivityStreams 2.0 section 2.1: it is implied
		options.ExpandContext = preloaded()[asNamespace]
	}
	nodes, err := ld.NewJsonLdProcessor().Expand(untyped(p.root), options)
	if err != nil {
		return nil, fmt.Errorf("expand: %w", err)
	}
	if len(nodes) == 1 {
		node, _ = nodes[0].(map[string]any)
	}
	if node == nil {
		return nil, fmt.Errorf("expand: %d objects on the top level", len(nodes))
	}
	return node, nil
}

// untyped returns value in the types of encoding/json.
func untyped(value any) any {
	switch value := value.(type) {
	case *Map:
		m := make(map[string]any, len(value.Members))
		for _, member := range value.Members {
			m[member.Key] = untyped(member.Value)
		}
		return m
	case []any:
		list := make([]any, len(value))
		for i, v := range value {
			list[i] = untyped(v)
		}
		return list
	}
	return value
}

// renamer turns expanded nodes back into objects under the usual names.
type renamer struct {
	*vocabulary
	// languages are the keys of the text in their order, by lower case: expansion sorts language maps and lowers their keys.
	languages map[string]language
}

type language struct {
	rank int
	tag  string
}

// name returns the usual name of iri; what has none keeps the IRI, or the bare name that the ActivityStreams context's "@vocab" marked with "_:".
func (r *renamer) name(iri string) string {
	if name := r.names[iri]; name != "" {
		return name
	}
	return strings.TrimPrefix(iri, "_:")
}

func (r *renamer) object(node map[string]any) *Map {
	m := &Map{}
	for _, key := range slices.Sorted(maps.Keys(node)) { // of two IRIs with one name the same must win each time
		value := node[key]
		switch key {
		case "@id":
			m.Set("id", value)
		case "@type":
			m.Set("type", r.types(value))
		default:
			if !strings.HasPrefix(key, "@") {
				r.property(m, key, value)
			}
		}
	}
	return m
}

func (r *renamer) types(value any) []any {
	list, _ := value.([]any)
	names := make([]any, 0, len(list))
	for _, v := range list {
		if s, ok := v.(string); ok {
			names = append(names, r.name(s))
		}
	}
	return names
}

// property sets the values of one property: texts with a language as the language map, a list as the ordered kind.
func (r *renamer) property(m *Map, iri string, value any) {
	name := r.name(iri)
	values, _ := value.([]any)
	plain, texts := []any{}, []text{}
	for _, v := range values {
		node, ok := v.(map[string]any)
		if !ok {
			continue
		}
		if t, ok := r.text(node); ok {
			texts = append(texts, t)
			continue
		}
		if list, ok := node["@list"].([]any); ok {
			if name == "items" {
				name = "orderedItems"
			}
			for _, v := range list {
				plain = append(plain, r.value(v))
			}
			continue
		}
		plain = append(plain, r.value(node))
	}
	if len(plain) > 0 || len(texts) == 0 {
		m.Set(name, plain)
	}
	if len(texts) > 0 {
		m.Set(name+"Map", languageMap(texts))
	}
}

func (r *renamer) value(v any) any {
	node, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if scalar, ok := node["@value"]; ok {
		return scalar
	}
	if id, ok := node["@id"]; ok && len(node) == 1 {
		return id
	}
	return r.object(node)
}
