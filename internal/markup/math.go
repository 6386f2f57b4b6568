package markup

import (
	"bytes"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Bounds of all formulas of a text. Those beyond are shown as their source.
const (
	maxFormulas       = 5000
	maxFormulaSources = 128 << 10 // bytes

	longFormula = 40 // bytes from which one in a line may have to scroll by itself, and takes the focus for that
)

var (
	kindFormula      = ast.NewNodeKind("Formula")
	kindFormulaBlock = ast.NewNodeKind("FormulaBlock")
)

// formula is one in a line: $…$, or $$…$$ in the middle of text.
type formula struct {
	ast.BaseInline
	tex     string
	display bool
}

func (n *formula) Kind() ast.NodeKind            { return kindFormula }
func (n *formula) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// formulaBlock is a formula on lines of its own, between $$ and $$. Its lines are its source.
type formulaBlock struct {
	ast.BaseBlock
	closed bool
}

func (n *formulaBlock) Kind() ast.NodeKind            { return kindFormulaBlock }
func (n *formulaBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
func (n *formulaBlock) IsRaw() bool                   { return true }

// formulaParser reads formulas in a line.
type formulaParser struct{}

func (formulaParser) Trigger() []byte { return []byte{'$'} }

// Parse takes a formula if its marks touch it on the inside and no digit follows, so that prices stay text. Only the
// nearest mark may end it: no text is read twice.
func (formulaParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	if before == '$' || wordRune(before) {
		return nil
	}
	line, at := block.Position()
	found, marks := ahead(block)
	if found != "" {
		if tex := strings.TrimSpace(found); tex != "" && (marks == 2 || tex == found) {
			return &formula{tex: tex, display: marks == 2}
		}
	}
	block.SetPosition(line, at)
	return nil
}

// ahead reads the next formula over line ends, and past its last mark; "" if there is none.
func ahead(block text.Reader) (tex string, marks int) {
	var b strings.Builder
	for {
		line, _ := block.PeekLine()
		if line == nil || b.Len() > maxFormula {
			return "", 0
		}
		start := 0
		if marks == 0 {
			marks = len(line[:min(2, len(line))]) - len(bytes.TrimLeft(line[:min(2, len(line))], "$"))
			start = marks
		}
		end := closing(line[start:], marks)
		if end < 0 {
			b.Write(line[start:])
			block.AdvanceLine()
			continue
		}
		b.Write(line[start : start+end])
		after, _ := utf8.DecodeRune(line[start+end+marks:])
		if after == '$' || marks == 1 && unicode.IsDigit(after) {
			return "", 0
		}
		block.Advance(start + end + marks)
		return b.String(), marks
	}
}

// closing finds the mark that ends a formula in a line, or -1. A mark after a backslash is a character.
func closing(line []byte, marks int) int {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '$' && (marks == 1 || i+1 < len(line) && line[i+1] == '$'):
			return i
		}
	}
	return -1
}

// formulaBlockParser reads formulas that stand alone.
type formulaBlockParser struct{}

var twoMarks = []byte("$$")

func (formulaBlockParser) Trigger() []byte             { return []byte{'$'} }
func (formulaBlockParser) CanInterruptParagraph() bool { return true }
func (formulaBlockParser) CanAcceptIndentedLine() bool { return false }

// Open takes a block if its end is there: the next two marks end a line, before any empty one.
func (formulaBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || !bytes.HasPrefix(line[pos:], twoMarks) {
		return nil, parser.NoChildren
	}
	rest := reader.Source()[segment.Start-segment.Padding+pos+2:]
	rest = rest[:min(len(rest), maxFormula+2)]
	end := bytes.Index(rest, twoMarks)
	if end < 1 || bytes.Contains(rest[:end], []byte("\n\n")) {
		return nil, parser.NoChildren
	}
	if after, _, _ := bytes.Cut(rest[end+2:], []byte("\n")); len(bytes.TrimSpace(after)) > 0 {
		return nil, parser.NoChildren
	}
	n := &formulaBlock{}
	n.take(reader, pos+2)
	return n, parser.NoChildren
}

// take adds the rest of a line from an offset on, up to the marks that end the block.
func (n *formulaBlock) take(reader text.Reader, from int) {
	line, segment := reader.PeekLine()
	end := bytes.Index(line[from:], twoMarks)
	stop := len(line)
	if n.closed = end >= 0; n.closed {
		stop = from + end
	}
	n.Lines().Append(text.NewSegment(segment.Start-segment.Padding+from, segment.Start-segment.Padding+stop))
	reader.AdvanceToEOL()
}

func (formulaBlockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*formulaBlock)
	if n.closed {
		return parser.Close
	}
	if n.take(reader, 0); n.closed {
		return parser.Close
	}
	return parser.Continue | parser.NoChildren
}

func (formulaBlockParser) Close(ast.Node, text.Reader, parser.Context) {}

func (d *document) registerFormulas(reg renderer.NodeRendererFuncRegisterer) {
	register(reg, kindFormula, d.printFormula)
	register(reg, kindFormulaBlock, d.printFormulaBlock)
}

func (d *document) printFormula(w util.BufWriter, node ast.Node) {
	n := node.(*formula)
	made := d.formulaMade(n.tex, n.display)
	if len(n.tex) > longFormula {
		made = strings.Replace(made, "<math", `<math tabindex="0"`, 1)
	}
	if made == "" {
		made = "<code>" + html.EscapeString(n.tex) + "</code>"
	}
	_, _ = w.WriteString(made)
}

// printFormulaBlock puts a formula into a group that scrolls, as a table does.
func (d *document) printFormulaBlock(w util.BufWriter, node ast.Node) {
	tex := d.formulaSource(node)
	if made := d.formulaMade(tex, true); made != "" {
		_, _ = w.WriteString(`<div class="scroll formula" tabindex="0" role="group" aria-label="` + d.labels.Formula + `">` + made + "</div>\n")
		return
	}
	open := `<pre tabindex="0"><code>`
	if d.base != nil {
		open = "<pre><code>"
	}
	_, _ = w.WriteString(open + html.EscapeString(tex) + "</code></pre>\n")
}

func (d *document) formulaSource(n ast.Node) string {
	return strings.TrimSpace(string(n.Lines().Value(d.source)))
}

// formulaMade returns MathML, or "" where the source is to stand: other servers drop MathML with all that is in it.
func (d *document) formulaMade(tex string, display bool) string {
	if d.base != nil || d.formulas >= maxFormulas || d.formulaBytes+len(tex) > maxFormulaSources {
		return ""
	}
	d.formulas++
	d.formulaBytes += len(tex)
	made, _ := formulaHTML(tex, display)
	return made
}
