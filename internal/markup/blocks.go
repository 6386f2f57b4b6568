package markup

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

func (d *document) registerBlocks(reg renderer.NodeRendererFuncRegisterer) {
	registerAround(reg, ast.KindHeading, d.printHeading)
	registerAround(reg, kindFigure, d.printFigure)
	registerAround(reg, east.KindTable, d.printTable)
	register(reg, ast.KindFencedCodeBlock, func(w util.BufWriter, n ast.Node) {
		d.printCode(w, n, string(n.(*ast.FencedCodeBlock).Language(d.source)))
	})
	register(reg, ast.KindCodeBlock, func(w util.BufWriter, n ast.Node) { d.printCode(w, n, "") })
	register(reg, ast.KindHTMLBlock, d.printHTMLBlock)
}

func (d *document) printHeading(w util.BufWriter, node ast.Node, entering bool) {
	n := node.(*ast.Heading)
	tag := "h" + strconv.Itoa(n.Level)
	if !entering {
		_, _ = w.WriteString("</" + tag + ">\n")
		return
	}
	_, _ = w.WriteString("<" + tag)
	if id, ok := n.AttributeString("id"); ok && d.base == nil {
		attribute(w, "id", string(id.([]byte)))
	}
	_ = w.WriteByte('>')
}

func (d *document) printFigure(w util.BufWriter, node ast.Node, entering bool) {
	if entering {
		_, _ = w.WriteString("<figure>")
		return
	}
	if title := d.unescape(node.FirstChild().(*ast.Image).Title); title != "" {
		_, _ = w.WriteString("<figcaption>" + html.EscapeString(title) + "</figcaption>")
	}
	_, _ = w.WriteString("</figure>\n")
}

// printTable puts a table into a group of its own, so that a wide one scrolls and the page does not. The group takes
// the focus: who has no pointer scrolls it with the keys.
func (d *document) printTable(w util.BufWriter, _ ast.Node, entering bool) {
	switch {
	case entering && d.base == nil:
		_, _ = w.WriteString(`<div class="scroll" tabindex="0" role="group" aria-label="` + d.labels.Table + "\"><table>\n")
	case entering:
		_, _ = w.WriteString("<table>\n")
	case d.base == nil:
		_, _ = w.WriteString("</table></div>\n")
	default:
		_, _ = w.WriteString("</table>\n")
	}
}

func (d *document) printHTMLBlock(w util.BufWriter, node ast.Node) {
	if source := d.htmlBlock(node.(*ast.HTMLBlock)); source != "" {
		_, _ = w.WriteString("<p>" + html.EscapeString(source) + "</p>\n")
	}
}

// htmlBlock returns a block of HTML as the text that is shown of it: all, so that its author sees what became of it, but
// nothing of a comment, which was not meant to be seen.
func (d *document) htmlBlock(n *ast.HTMLBlock) string {
	if n.HTMLBlockType == ast.HTMLBlockType2 {
		return ""
	}
	source := string(n.Lines().Value(d.source))
	if n.HasClosure() {
		source += string(n.ClosureLine.Value(d.source))
	}
	return strings.TrimSpace(source)
}

// printCode prints a block of code. The block scrolls, so it takes the focus.
func (d *document) printCode(w util.BufWriter, node ast.Node, language string) {
	code := string(node.Lines().Value(d.source))
	if d.base != nil {
		_, _ = w.WriteString("<pre><code>" + html.EscapeString(code) + "</code></pre>\n")
		return
	}
	_, _ = w.WriteString(`<pre tabindex="0"><code`)
	if language != "" {
		attribute(w, "class", "chroma language-"+language)
	}
	_ = w.WriteByte('>')
	if !d.highlight(w, code, language) {
		_, _ = w.WriteString(html.EscapeString(code))
	}
	_, _ = w.WriteString("</code></pre>\n")
}
