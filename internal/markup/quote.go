package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// WithoutQuoteLine drops from foreign HTML what stands for a quote where quotes are not shown: the elements of class
// quote-inline (FEP-044f; "RE: address"). The result is as foreign as the source.
func WithoutQuoteLine(source string) string {
	if len(source) > MaxForeign || !strings.Contains(source, "quote-inline") {
		return source
	}
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return source
	}
	var b limited
	for _, n := range nodes {
		if isQuoteLine(n) {
			continue
		}
		dropQuoteLines(n)
		if html.Render(&b, n) != nil {
			return source
		}
	}
	return b.b.String()
}

func dropQuoteLines(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if isQuoteLine(c) {
			n.RemoveChild(c)
		} else {
			dropQuoteLines(c)
		}
		c = next
	}
}

func isQuoteLine(n *html.Node) bool {
	return n.Type == html.ElementNode && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "class" && slices.Contains(strings.Fields(a.Val), "quote-inline")
	})
}
