package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a formula. What is over them is shown as its source.
const (
	maxFormula         = 4 << 10 // bytes
	maxFormulaDepth    = 24      // groups in each other; a browser lays each out several times
	maxFormulaElements = 2000
)

// texParser reads the part of LaTeX's language for formulas that people write by hand. It defines no macros, so it takes
// time in proportion to the source. What it does not know fails the whole formula: a wrong one would mislead.
type texParser struct {
	source   string
	depth    int
	elements int
	letters  alphabet
	failed   bool
}

func parseTeX(source string) (*mathNode, bool) {
	if len(source) > maxFormula {
		return nil, false
	}
	p := &texParser{source: source}
	made := p.until()
	if p.source != "" {
		p.fail()
	}
	return parent("mrow", made...), !p.failed
}

// fail ends the reading: there is nothing more to read.
func (p *texParser) fail() *mathNode {
	p.failed, p.source = true, ""
	return leaf("mrow", "")
}

// peek returns the next token: a command with its backslash, or a character; "" at the end.
func (p *texParser) peek() string {
	p.source = strings.TrimLeftFunc(p.source, unicode.IsSpace)
	for strings.HasPrefix(p.source, "%") {
		_, p.source, _ = strings.Cut(p.source, "\n")
		p.source = strings.TrimLeftFunc(p.source, unicode.IsSpace)
	}
	if p.source == "" {
		return ""
	}
	_, size := utf8.DecodeRuneInString(p.source)
	if p.source[0] != '\\' || len(p.source) == 1 {
		return p.source[:size]
	}
	end := 1
	for end < len(p.source) && asciiLetter(p.source[end]) {
		end++
	}
	if end == 1 {
		_, size = utf8.DecodeRuneInString(p.source[1:])
		end += size
	}
	return p.source[:end]
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func (p *texParser) next() string {
	token := p.peek()
	p.source = p.source[len(token):]
	return token
}

// took reads a token if it is the next one.
func (p *texParser) took(token string) bool {
	if p.peek() != token {
		return false
	}
	p.source = p.source[len(token):]
	return true
}

// until reads elements with their scripts up to one of the tokens, which it leaves.
func (p *texParser) until(stops ...string) []*mathNode {
	if p.depth++; p.depth > maxFormulaDepth {
		p.fail()
	}
	var made []*mathNode
	for token := p.peek(); token != "" && !slices.Contains(stops, token); token = p.peek() {
		if e := p.scripted(); e != nil {
			made = append(made, e)
		}
	}
	p.depth--
	return made
}

// group reads up to a token that must come, and over it.
func (p *texParser) group(end string) *mathNode {
	made := p.until(end)
	if !p.took(end) {
		return p.fail()
	}
	return row(made)
}

// argument reads one group in braces, or one element.
func (p *texParser) argument() *mathNode {
	if p.took("{") {
		return p.group("}")
	}
	if p.depth++; p.depth > maxFormulaDepth || p.peek() == "" || p.peek() == "}" {
		return p.fail()
	}
	e := p.atom()
	p.depth--
	if e == nil {
		return p.fail()
	}
	return e
}

// optional reads a group in brackets; nil if there is none.
func (p *texParser) optional() *mathNode {
	if !p.took("[") {
		return nil
	}
	return p.group("]")
}

// raw reads the text of a group in braces as it stands.
func (p *texParser) raw() string {
	if !p.took("{") {
		p.fail()
		return ""
	}
	depth := 0
	for i := 0; i < len(p.source); i++ {
		switch p.source[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth == 0 {
				text := p.source[:i]
				p.source = p.source[i+1:]
				return text
			}
			depth--
		}
	}
	p.fail()
	return ""
}

// scripted reads an element and what stands below and above it. It returns nil for what makes no element.
func (p *texParser) scripted() *mathNode {
	base := parent("mrow")
	if next := p.peek(); next != "_" && next != "^" && next != "'" {
		if base = p.atom(); base == nil {
			return nil
		}
	}
	limits := base.limits
	for {
		switch {
		case p.took(`\limits`):
			limits = true
			continue
		case p.took(`\nolimits`):
			limits = false
			continue
		}
		break
	}
	below, above := p.scripts()
	return attach(base, below, above, limits)
}

// scripts reads _, ^ and primes in any order, each at most once.
func (p *texParser) scripts() (below, above *mathNode) {
	var primes []*mathNode
	for {
		switch {
		case p.took("'"):
			primes = append(primes, leaf("mo", "′"))
			if len(primes) > 8 || above != nil {
				p.fail()
			}
		case below == nil && p.took("_"):
			below = p.argument()
		case above == nil && p.took("^"):
			above = p.argument()
		default:
			if primes != nil && above != nil {
				primes = append(primes, above)
			}
			if primes != nil {
				above = row(primes)
			}
			if next := p.peek(); next == "_" || next == "^" {
				p.fail()
			}
			return below, above
		}
	}
}

func attach(base, below, above *mathNode, limits bool) *mathNode {
	tags := [3]string{"msub", "msup", "msubsup"}
	if limits {
		tags = [3]string{"munder", "mover", "munderover"}
	}
	switch {
	case below != nil && above != nil:
		return parent(tags[2], base, below, above)
	case below != nil:
		return parent(tags[0], base, below)
	case above != nil:
		return parent(tags[1], base, above)
	}
	return base
}

// atom reads one element without scripts; nil for what makes none.
func (p *texParser) atom() *mathNode {
	if p.elements++; p.elements > maxFormulaElements {
		return p.fail()
	}
	token := p.next()
	r, _ := utf8.DecodeRuneInString(token)
	switch {
	case token == "{":
		return p.group("}")
	case len(token) > 1 && token[0] == '\\':
		return p.command(token[1:])
	case r >= '0' && r <= '9':
		return leaf("mn", p.letters.all(token+p.digits()))
	case unicode.IsLetter(r):
		return p.letter(r)
	case unicode.Is(unicode.M, r), unicode.IsControl(r), bidiControl(r), strings.ContainsRune(`\}&#$^_`, r):
		return p.fail()
	}
	return character(token)
}

// digits reads the rest of a number.
func (p *texParser) digits() string {
	end := 0
	for end < len(p.source) && (p.source[end] >= '0' && p.source[end] <= '9' ||
		p.source[end] == '.' && end+1 < len(p.source) && p.source[end+1] >= '0' && p.source[end+1] <= '9') {
		end++
	}
	digits := p.source[:end]
	p.source = p.source[end:]
	return digits
}

func (p *texParser) letter(r rune) *mathNode {
	e := leaf("mi", p.letters.one(r))
	if p.letters == upright {
		return e.with(` mathvariant="normal"`)
	}
	return e
}

// character is an operator that is written as itself.
func character(token string) *mathNode {
	switch token {
	case "-":
		return leaf("mo", "−")
	case "*":
		return leaf("mo", "∗")
	case "~":
		return space("0.333")
	case "(", ")", "[", "]", "|", "/":
		return operator(token)
	}
	return leaf("mo", token)
}
