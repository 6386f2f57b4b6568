package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kept are the elements that remain. Their attributes do not, except those that attributes sets.
var kept = map[atom.Atom]bool{
	atom.P: true, atom.Br: true, atom.Span: true, atom.A: true, atom.Del: true, atom.S: true, atom.Pre: true,
	atom.Blockquote: true, atom.Code: true, atom.B: true, atom.Strong: true, atom.U: true, atom.I: true, atom.Em: true,
	atom.Ul: true, atom.Ol: true, atom.Li: true, atom.Ruby: true, atom.Rt: true, atom.Rp: true,
}

// keptClasses are the classes that remain: those that clients shorten and mark links by. Microformat classes are not
// among them. A stranger's u-url or p-author would speak for the comment that it stands in.
var keptClasses = map[string]bool{
	"mention": true, "hashtag": true, "ellipsis": true, "invisible": true, "quote-inline": true,
}

// children rewrites all children of n, which stands at the given depth.
func children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.ElementNode:
			element(c, depth)
		case html.TextNode:
			directionless(c)
		default:
			n.RemoveChild(c)
		}
		c = next
	}
}

// element keeps, renames or unwraps one element, its children first.
func element(n *html.Node, depth int) {
	foreign := n.Namespace != ""
	emphasise := false
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		rename(n, atom.P)
		emphasise = true
	case atom.Div:
		rename(n, atom.P)
	}
	keep := kept[n.DataAtom] && !foreign && depth < maxDepth
	if keep {
		depth++
	}
	children(n, depth)
	if keep {
		keep = attributes(n)
	}
	switch {
	case !keep:
		unwrap(n)
	case n.DataAtom == atom.P && n.FirstChild == nil:
		n.Parent.RemoveChild(n)
	case emphasise:
		strengthen(n)
	}
}

func rename(n *html.Node, to atom.Atom) {
	n.DataAtom, n.Data = to, to.String()
}

// unwrap puts the children of n in its place.
func unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

// strengthen puts all that n holds into one strong element.
func strengthen(n *html.Node) {
	strong := &html.Node{Type: html.ElementNode, Data: "strong", DataAtom: atom.Strong}
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		strong.AppendChild(c)
	}
	n.AppendChild(strong)
}

// attributes replaces the attributes of n by the allowed ones. It reports false for a link that leads nowhere allowed.
func attributes(n *html.Node) bool {
	var classes []string
	href, linked := "", false
	for _, a := range n.Attr {
		switch {
		case a.Key == "class" && (n.DataAtom == atom.A || n.DataAtom == atom.Span):
			classes = allowedClasses(a.Val)
		case a.Key == "href" && n.DataAtom == atom.A:
			href, linked = SafeURL(a.Val)
		}
	}
	n.Attr = nil
	if classes != nil {
		n.Attr = append(n.Attr, html.Attribute{Key: "class", Val: strings.Join(classes, " ")})
	}
	if linked {
		n.Attr = append(n.Attr, html.Attribute{Key: "href", Val: href}, html.Attribute{Key: "rel", Val: foreignRel})
	}
	return linked || n.DataAtom != atom.A
}

func allowedClasses(value string) []string {
	var classes []string
	for class := range strings.FieldsSeq(value) {
		if keptClasses[class] {
			classes = append(classes, class)
		}
	}
	return classes
}

// directionless drops the characters that override the direction of text.
func directionless(n *html.Node) {
	n.Data = withoutOverrides(n.Data)
}

func withoutOverrides(s string) string {
	return strings.Map(func(c rune) rune {
		if c == 0x202D || c == 0x202E {
			return -1
		}
		return c
	}, s)
}
