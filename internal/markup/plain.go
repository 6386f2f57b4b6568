package markup

import (
	"bufio"
	stdhtml "html"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
)

// plain returns the text below n. Footnote marks are no words; notes are.
func (d *document) plain(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			return d.plainNode(&b, n), nil
		}
		b.WriteString(lineEnd(n))
		return ast.WalkContinue, nil
	})
	return b.String()
}

// plainLine returns the text below n on one line.
func (d *document) plainLine(n ast.Node) string {
	return strings.Join(strings.Fields(d.plain(n)), " ")
}

func (d *document) plainNode(b *strings.Builder, n ast.Node) ast.WalkStatus {
	switch n := n.(type) {
	case *ast.Text:
		b.WriteString(d.textValue(n))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte('\n')
		}
	case *ast.String:
		b.Write(n.Value)
	case *formula:
		b.WriteString(n.tex)
	case *formulaBlock:
		b.WriteString(d.formulaSource(n))
	case *tagNode:
		b.Write(n.segment.Value(d.source))
	case *number:
		b.WriteString(n.value + " ")
	case *ast.AutoLink:
		b.Write(n.Label(d.source))
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		b.Write(n.Lines().Value(d.source))
	case *ast.HTMLBlock:
		b.WriteString(d.htmlBlock(n))
	case *ast.RawHTML:
		b.WriteString(d.rawHTML(n))
	}
	return ast.WalkContinue
}

// textValue returns what a text node shows, entities and escapes resolved.
func (d *document) textValue(n *ast.Text) string {
	value := n.Segment.Value(d.source)
	if _, code := n.Parent().(*ast.CodeSpan); code || n.IsRaw() {
		return string(value)
	}
	return d.unescape(value)
}

// unescape resolves entities and backslash escapes (CommonMark 2.4 and 2.5).
func (d *document) unescape(value []byte) string {
	if !strings.ContainsAny(string(value), `\&`) {
		return string(value)
	}
	var b strings.Builder
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, value)
	_ = w.Flush() // into memory
	return stdhtml.UnescapeString(b.String())
}

func lineEnd(n ast.Node) string {
	switch n.(type) {
	case *ast.Paragraph, *figure, *ast.Heading, *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock, *formulaBlock, *ast.List, *ast.Blockquote, *east.Table:
		return "\n\n"
	case *ast.ListItem, *ast.TextBlock, *east.TableRow, *east.TableHeader, *east.Footnote:
		return "\n"
	case *east.TableCell:
		return " "
	}
	return ""
}

// excerpt returns the beginning of the paragraphs, without headings, lists and pictures between them.
func (d *document) excerpt(root ast.Node) string {
	var b strings.Builder
	for n := root.FirstChild(); n != nil && b.Len() < 4*excerptLength; n = n.NextSibling() {
		if _, ok := n.(*ast.Paragraph); ok {
			b.WriteString(d.plain(n) + "\n")
		}
	}
	if strings.TrimSpace(b.String()) == "" {
		return Excerpt(d.result.Text, excerptLength)
	}
	return Excerpt(clean(b.String()), excerptLength)
}

// countWords counts what stands between spaces and has a letter or digit; of the scripts that write without spaces, each
// character.
func countWords(s string) int {
	words, inside := 0, false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			words++
			inside = false
		case unicode.IsSpace(r):
			inside = false
		case !inside && unicode.In(r, unicode.L, unicode.N):
			words++
			inside = true
		}
	}
	return words
}
