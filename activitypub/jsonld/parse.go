package jsonld

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds on a document, checked before anything is made of it.
const (
	MaxBytes = 1 << 20 // of the text
	MaxDepth = 32      // of objects and arrays within each other
	MaxNodes = 10_000  // values of any kind
)

// Malformed says why a text is no document that can be read.
type Malformed struct{ Reason string }

// Error returns the reason, with the operation.
func (m *Malformed) Error() string { return "read ActivityPub document: " + m.Reason }

// Parse reads raw as one JSON object, exactly as it stands. The error is a *Malformed.
func Parse(raw []byte) (*Map, error) {
	p, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return p.root, nil
}

// parser reads a text that encoding/json found valid, so it need not look for errors of grammar.
type parser struct {
	text      string
	at        int
	depth     int
	nodes     int
	tooBig    string
	root      *Map
	contexts  []any // each value of @context, in order
	inContext bool
	odd       []string // keys and types that are keywords, compact IRIs or IRIs
}

func parse(raw []byte) (*parser, error) {
	if len(raw) > MaxBytes {
		return nil, &Malformed{"longer than 1 MiB"}
	}
	if !json.Valid(raw) {
		return nil, &Malformed{"not one valid JSON value"}
	}
	p := &parser{text: string(raw)}
	p.space()
	if p.text[p.at] != '{' {
		return nil, &Malformed{"not a JSON object"}
	}
	p.root = p.object()
	if p.tooBig != "" {
		return nil, &Malformed{p.tooBig}
	}
	return p, nil
}

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] <= ' ' {
		p.at++
	}
}

func (p *parser) value() any {
	if p.nodes++; p.nodes > MaxNodes {
		p.tooBig = "more than 10,000 values"
	}
	if p.tooBig != "" {
		return nil
	}
	switch p.text[p.at] {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		return p.string()
	case 't':
		p.at += len("true")
		return true
	case 'f':
		p.at += len("false")
		return false
	case 'n':
		p.at += len("null")
		return nil
	}
	return p.number()
}

// enter and leave stand around every object and array.
func (p *parser) enter() bool {
	p.at++
	if p.depth++; p.depth > MaxDepth {
		p.tooBig = "more than 32 levels deep"
		return false
	}
	return true
}

func (p *parser) leave() {
	p.at++
	p.depth--
}

// more moves to the next element and says whether there is one before the closing bracket.
func (p *parser) more(closing byte) bool {
	if p.tooBig != "" {
		return false
	}
	p.space()
	if p.text[p.at] == ',' {
		p.at++
		p.space()
	}
	return p.text[p.at] != closing
}

func (p *parser) object() *Map {
	m := &Map{Members: make([]Member, 0, 8)}
	if !p.enter() {
		return m
	}
	for p.more('}') {
		key := p.string()
		p.space()
		p.at++ // the colon
		p.space()
		m.Set(key, p.member(key))
	}
	p.leave()
	return m
}

// member reads the value of key, and remembers what decides whether the document must be expanded.
func (p *parser) member(key string) any {
	if key == "@context" && !p.inContext {
		p.inContext = true
		value := p.value()
		p.inContext = false
		p.contexts = append(p.contexts, value)
		return value
	}
	value := p.value()
	if !p.inContext {
		p.note(key, value)
	}
	return value
}

func (p *parser) note(key string, value any) {
	p.noteOdd(key)
	if key != "type" {
		return
	}
	switch value := value.(type) {
	case string:
		p.noteOdd(value)
	case []any:
		for _, v := range value {
			if s, ok := v.(string); ok {
				p.noteOdd(s)
			}
		}
	}
}

func (p *parser) noteOdd(name string) {
	if strings.HasPrefix(name, "@") || strings.IndexByte(name, ':') >= 0 {
		p.odd = append(p.odd, name)
	}
}

func (p *parser) array() []any {
	list := []any{}
	if !p.enter() {
		return list
	}
	for p.more(']') {
		list = append(list, p.value())
	}
	p.leave()
	return list
}

func (p *parser) string() string {
	p.at++
	start, escaped := p.at, false
	for p.text[p.at] != '"' {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
		p.at++
	}
	s := p.text[start:p.at]
	p.at++
	if escaped || !utf8.ValidString(s) {
		return unquote(p.text[start-1 : p.at])
	}
	return s
}

// unquote leaves escapes, lone surrogates and bytes that are no UTF-8 to encoding/json.
func unquote(quoted string) string {
	var s string
	if err := json.Unmarshal([]byte(quoted), &s); err != nil {
		return ""
	}
	return s
}

func (p *parser) number() float64 {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[p.at]) >= 0 {
		p.at++
	}
	f, _ := strconv.ParseFloat(p.text[start:p.at], 64)
	return f
}
