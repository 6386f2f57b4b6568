package markup

import "strings"

// environments are the tables of formulas: the brackets around them, and how their columns stand, by turns.
var environments = map[string]struct {
	open, shut string
	columns    []string
}{
	"matrix": {}, "smallmatrix": {}, "array": {}, "gathered": {}, "gather": {}, "gather*": {}, "equation": {}, "equation*": {},
	"pmatrix": {"(", ")", nil}, "bmatrix": {"[", "]", nil}, "Bmatrix": {"{", "}", nil}, "vmatrix": {"|", "|", nil}, "Vmatrix": {"‖", "‖", nil},
	"cases": {"{", "", []string{"left"}}, "rcases": {"", "}", []string{"left"}},
	"aligned": {"", "", rightLeft}, "align": {"", "", rightLeft}, "align*": {"", "", rightLeft}, "split": {"", "", rightLeft},
}

var rightLeft = []string{"right", "left"}

// environment reads from \begin to the \end of the same name.
func (p *texParser) environment() *mathNode {
	name := p.raw()
	kind, ok := environments[name]
	if !ok {
		return p.fail()
	}
	columns := kind.columns
	if name == "array" {
		columns = arrayColumns(p.raw())
	}
	table := p.rows(columns)
	if !p.took(`\end`) || p.raw() != name {
		return p.fail()
	}
	if len(columns) == 2 && columns[0] == "right" { // columns of equations are whole formulas
		table.attrs = ` displaystyle="true"`
	}
	if kind.open == "" && kind.shut == "" {
		return table
	}
	return parent("mrow", fenceOf(kind.open, "prefix"), table, fenceOf(kind.shut, "postfix"))
}

func fenceOf(mark, form string) *mathNode {
	return leaf("mo", mark).with(` form="` + form + `" fence="true" stretchy="true"`)
}

// arrayColumns reads the columns of an array, such as "lcr"; lines between them are not drawn.
func arrayColumns(spec string) []string {
	var columns []string
	for _, c := range strings.ReplaceAll(spec, "|", "") {
		columns = append(columns, map[rune]string{'l': "left", 'r': "right"}[c])
	}
	return columns
}

// rows reads the cells of a table up to its \end.
func (p *texParser) rows(columns []string) *mathNode {
	table := parent("mtable")
	for !p.failed {
		line := p.cells(columns)
		last := p.peek() == `\end`
		if !last || len(line.children) > 1 || len(line.children[0].children) > 0 {
			table.children = append(table.children, line)
		}
		if last {
			break
		}
		if !p.took(`\\`) {
			return p.fail()
		}
		if strings.HasPrefix(p.source, "[") { // the distance to the next row
			_, p.source, _ = strings.Cut(p.source, "]")
		}
	}
	return table
}

func (p *texParser) cells(columns []string) *mathNode {
	line := parent("mtr")
	for {
		cell := parent("mtd", p.until("&", `\\`, `\end`)...)
		if p.elements++; p.elements > maxFormulaElements {
			p.fail()
		}
		if len(columns) > 0 {
			if side := columns[len(line.children)%len(columns)]; side != "" {
				cell.attrs = ` class="` + side + `"`
			}
		}
		line.children = append(line.children, cell)
		if !p.took("&") {
			return line
		}
	}
}
