package markup

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// mathNode is a node of a formula (MathML Core). Its tag and attributes are constants of this package, so whatever an
// author wrote can only be text.
type mathNode struct {
	tag      string
	attrs    string // as printed, with a space before each
	text     string
	children []*mathNode

	limits bool // what stands below and above it stands there in displayed formulas, not beside it
}

func leaf(tag, text string) *mathNode { return &mathNode{tag: tag, text: text} }

func parent(tag string, children ...*mathNode) *mathNode {
	return &mathNode{tag: tag, children: children}
}

func (e *mathNode) with(attrs string) *mathNode {
	e.attrs += attrs
	return e
}

// operator is an operator that keeps its size, whatever stands beside it.
func operator(text string) *mathNode { return leaf("mo", text).with(` stretchy="false"`) }

func space(width string) *mathNode { return leaf("mspace", "").with(` width="` + width + `em"`) }

// row is one element for all; one that stands alone needs no row.
func row(children []*mathNode) *mathNode {
	if len(children) == 1 {
		return children[0]
	}
	return parent("mrow", children...)
}

func (e *mathNode) print(b *strings.Builder) {
	b.WriteString("<" + e.tag + e.attrs + ">" + html.EscapeString(e.text))
	for _, c := range e.children {
		c.print(b)
	}
	b.WriteString("</" + e.tag + ">")
}

// formulaElements and formulaAttributes are all that a formula may be made of.
var (
	formulaElements = strings.Fields("math semantics annotation mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle mphantom " +
		"msub msup msubsup munder mover munderover mtable mtr mtd")
	formulaAttributes = regexp.MustCompile(`^( (display="block"|encoding="application/x-tex"|mathvariant="normal"|class="(left|right)"|` +
		`form="(prefix|infix|postfix)"|(stretchy|fence|accent|accentunder|movablelimits|displaystyle)="(true|false)"|` +
		`linethickness="0"|(width|minsize|maxsize|lspace|rspace)="-?[0-9.]+(em)?"))*$`)
)

// checked reports that an element and all in it may stand on a page, whatever the parser made.
func (e *mathNode) checked() bool {
	if !slices.Contains(formulaElements, e.tag) || e.attrs != "" && !formulaAttributes.MatchString(e.attrs) {
		return false
	}
	return !slices.ContainsFunc(e.children, func(c *mathNode) bool { return !c.checked() })
}

// formulaHTML returns the formula that TeX source describes as MathML, with the source as its annotation: who copies it
// or reads it by another program has that. It reports false for what it does not know.
func formulaHTML(tex string, display bool) (made string, ok bool) {
	defer func() {
		if recover() != nil { // one formula is no reason to lose a text
			made, ok = "", false
		}
	}()
	content, ok := parseTeX(tex)
	if !ok {
		return "", false
	}
	root := parent("math", parent("semantics", content, leaf("annotation", tex).with(` encoding="application/x-tex"`)))
	if display {
		root.attrs = ` display="block"`
	}
	if !root.checked() {
		return "", false
	}
	var b strings.Builder
	root.print(&b)
	return b.String(), true
}
