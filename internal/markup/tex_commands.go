package markup

import (
	"slices"
	"strings"
)

// command reads the rest of a command; nil for one that shows nothing.
func (p *texParser) command(name string) *mathNode {
	if a, ok := alphabets[name]; ok {
		return p.alphabet(name, a)
	}
	if text, ok := texSymbols[name]; ok {
		return symbol(name, text)
	}
	if text, ok := texAccents[name]; ok {
		return p.accent(name, text)
	}
	if width, ok := texSpaces[name]; ok {
		return space(width)
	}
	if slices.Contains(texFunctions, name) {
		return p.function(name, false)
	}
	if slices.Contains(texLimits, name) {
		return p.function(strings.Replace(strings.Replace(name, "limsup", "lim sup", 1), "liminf", "lim inf", 1), true)
	}
	return p.structure(name)
}

// structure reads the commands that have arguments of their own kind.
func (p *texParser) structure(name string) *mathNode {
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom":
		return p.fraction(name)
	case "sqrt":
		if index := p.optional(); index != nil {
			return parent("mroot", p.argument(), index)
		}
		return parent("msqrt", p.argument())
	case "stackrel", "overset":
		above := p.argument()
		return parent("mover", p.argument(), above)
	case "underset":
		below := p.argument()
		return parent("munder", p.argument(), below)
	case "text", "textrm", "textnormal", "mbox", "textit", "textbf":
		return p.text()
	case "operatorname":
		limits := p.took("*")
		return p.function(p.raw(), limits)
	case "left":
		return p.fenced()
	case "begin":
		return p.environment()
	case "phantom":
		return parent("mphantom", p.argument())
	case "displaystyle", "textstyle", "nonumber", "notag":
		return nil
	}
	return p.modulus(name)
}

func (p *texParser) modulus(name string) *mathNode {
	switch name {
	case "bmod":
		return leaf("mo", "mod").with(` lspace="0.278em" rspace="0.278em"`)
	case "pmod":
		return parent("mrow", space("0.444"), operator("("), leaf("mo", "mod").with(` lspace="0" rspace="0.333em"`), p.argument(), operator(")"))
	case "not":
		return p.negated()
	}
	return p.sized(name)
}

// sized reads a bracket with the size that its author chose.
func (p *texParser) sized(name string) *mathNode {
	for size, width := range map[string]string{"big": "1.2", "Big": "1.8", "bigg": "2.4", "Bigg": "3"} {
		if rest, ok := strings.CutPrefix(name, size); ok && (rest == "" || rest == "l" || rest == "r" || rest == "m") {
			mark, ok := p.delimiter()
			if !ok {
				return p.fail()
			}
			return leaf("mo", mark).with(` stretchy="true" minsize="` + width + `em" maxsize="` + width + `em"`)
		}
	}
	return p.fail()
}

func (p *texParser) alphabet(name string, a alphabet) *mathNode {
	if name == "rm" || name == "bf" { // these hold up to the end of their group
		p.letters = a
		return nil
	}
	before := p.letters
	p.letters = a
	made := p.argument()
	p.letters = before
	return made
}

func symbol(name, text string) *mathNode {
	switch {
	case slices.Contains(texIdentifiers, name):
		return leaf("mi", text)
	case strings.HasPrefix(name, "big") || name == "sum" || name == "prod" || name == "coprod":
		e := leaf("mo", text)
		e.limits = true
		return e
	case slices.Contains(texBrackets, name):
		return operator(text)
	}
	return leaf("mo", text)
}

// accent reads what an accent, a line or a brace stands above or below of.
func (p *texParser) accent(name, mark string) *mathNode {
	over := leaf("mo", mark)
	if !strings.HasPrefix(name, "over") && !strings.HasPrefix(name, "under") && !strings.HasPrefix(name, "wide") {
		over.attrs = ` stretchy="false"`
	}
	e := parent("mover", p.argument(), over).with(` accent="true"`)
	if strings.HasPrefix(name, "under") {
		e.tag, e.attrs = "munder", ` accentunder="true"`
	}
	e.limits = strings.HasSuffix(name, "brace")
	return e
}

// function is a name that stands upright, with a little space before its argument.
func (p *texParser) function(name string, limits bool) *mathNode {
	after := "0.167em"
	if next := p.peek(); next == "(" || next == `\left` || next == "[" {
		after = "0"
	}
	if strings.ContainsAny(name, `\{}$`) {
		return p.fail()
	}
	e := leaf("mo", name).with(` form="prefix" lspace="0.167em" rspace="` + after + `"`)
	if limits {
		e.limits = true
		e.attrs += ` movablelimits="true"`
	}
	return e
}

func (p *texParser) fraction(name string) *mathNode {
	above := p.argument()
	e := parent("mfrac", above, p.argument())
	if strings.HasSuffix(name, "binom") {
		e.attrs = ` linethickness="0"`
		e = parent("mrow", leaf("mo", "("), e, leaf("mo", ")"))
	}
	switch name[0] {
	case 'd', 'c':
		return parent("mstyle", e).with(` displaystyle="true"`)
	case 't':
		return parent("mstyle", e).with(` displaystyle="false"`)
	}
	return e
}

// text reads words inside a formula. Spaces at their ends count.
func (p *texParser) text() *mathNode {
	words := texEscapes.Replace(p.raw())
	if strings.ContainsAny(words, `\{}$`) {
		return p.fail()
	}
	return leaf("mtext", strings.ReplaceAll(words, " ", "\u00A0"))
}

var texEscapes = strings.NewReplacer(`\%`, "%", `\&`, "&", `\_`, "_", `\#`, "#", `\ `, " ", "~", " ")

// negated reads the relation that \not strikes out.
func (p *texParser) negated() *mathNode {
	e := p.atom()
	if e == nil || e.tag != "mo" {
		return p.fail()
	}
	e.text += "\u0338" // combining long solidus overlay
	return e
}

// delimiter reads a bracket; "." is none.
func (p *texParser) delimiter() (string, bool) {
	token := p.next()
	if token == "." {
		return "", true
	}
	if name, ok := strings.CutPrefix(token, `\`); ok && slices.Contains(texBrackets, name) {
		return texSymbols[name], true
	}
	if marks := map[string]string{"<": "⟨", ">": "⟩"}; marks[token] != "" {
		return marks[token], true
	}
	return token, token != "" && strings.Contains("()[]|/", token)
}

// fenced reads from \left to \right.
func (p *texParser) fenced() *mathNode {
	made := []*mathNode{p.fence("prefix")}
	for {
		made = append(made, p.until(`\right`, `\middle`)...)
		if !p.took(`\middle`) {
			break
		}
		made = append(made, p.fence("infix"))
	}
	if !p.took(`\right`) {
		return p.fail()
	}
	return parent("mrow", append(made, p.fence("postfix"))...)
}

func (p *texParser) fence(form string) *mathNode {
	mark, ok := p.delimiter()
	if !ok {
		return p.fail()
	}
	return fenceOf(mark, form)
}
