package markup

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

func (d *document) registerFootnotes(reg renderer.NodeRendererFuncRegisterer) {
	register(reg, east.KindFootnoteLink, d.printNoteMark)
	register(reg, east.KindFootnoteBacklink, d.printBacklink)
	registerAround(reg, east.KindFootnote, d.printNote)
	registerAround(reg, east.KindFootnoteList, d.printNotes)
}

// noteID returns the anchor of a note, and markID that of a mark in the text that refers to it; the second mark of the
// same note counts on.
func noteID(index int) string { return "fn-" + strconv.Itoa(index) }

func markID(index, mark int) string {
	id := "fnref-" + strconv.Itoa(index)
	if mark > 0 {
		id += "-" + strconv.Itoa(mark+1)
	}
	return id
}

func (d *document) printNoteMark(w util.BufWriter, node ast.Node) {
	n := node.(*east.FootnoteLink)
	index := strconv.Itoa(n.Index)
	_, _ = w.WriteString("<sup><a")
	attribute(w, "href", authorURL("#"+noteID(n.Index), d.base))
	if d.base == nil {
		attribute(w, "id", markID(n.Index, n.RefIndex))
		attribute(w, "aria-label", d.labels.Note+" "+index)
	}
	_, _ = w.WriteString(">" + index + "</a></sup>")
}

// printBacklink leads back to the mark. On other servers there is nothing to lead back to.
func (d *document) printBacklink(w util.BufWriter, node ast.Node) {
	if d.base != nil {
		return
	}
	n := node.(*east.FootnoteBacklink)
	_, _ = w.WriteString(" <a")
	attribute(w, "href", "#"+markID(n.Index, n.RefIndex))
	attribute(w, "aria-label", d.labels.Back+" "+strconv.Itoa(n.Index))
	_, _ = w.WriteString(">↩</a>")
}

func (d *document) printNote(w util.BufWriter, node ast.Node, entering bool) {
	if !entering {
		_, _ = w.WriteString("</li>\n")
		return
	}
	_, _ = w.WriteString("<li")
	if d.base == nil {
		attribute(w, "id", noteID(node.(*east.Footnote).Index))
	}
	_ = w.WriteByte('>')
}

func (d *document) printNotes(w util.BufWriter, _ ast.Node, entering bool) {
	switch {
	case entering && d.base == nil:
		_, _ = w.WriteString(`<aside class="footnotes" aria-label="` + d.labels.Footnotes + "\"><ol>\n")
	case entering:
		_, _ = w.WriteString("<hr>\n<ol>\n")
	case d.base == nil:
		_, _ = w.WriteString("</ol></aside>\n")
	default:
		_, _ = w.WriteString("</ol>\n")
	}
}
