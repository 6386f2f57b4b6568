package markup

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Bounds of a Markdown text. Finding the end of a link or an emphasis takes time that grows with the square of the marks
// that could begin one; the bounds keep the worst text of MaxSource bytes at seconds, and are far above any real one.
const (
	maxNesting  = 100     // quotations and lists in each other
	maxBrackets = 10_000  // "[" in a text
	maxMarks    = 30_000  // "*", "_" and "~" in a text
	maxCells    = 200_000 // cells of all tables: GFM fills every row up to the width of the first
)

// What Render refuses: a document longer than MaxSource; one whose quotations and lists nest deeper than any reader
// could follow; one made of little but marks or cells.
var (
	ErrTooLong  = errors.New("the text is longer than 2 MiB")
	ErrTooDeep  = fmt.Errorf("quotations and lists are nested deeper than %d levels", maxNesting)
	ErrTooDense = fmt.Errorf("the text has more than %d square brackets, %d marks of emphasis or %d cells", maxBrackets, maxMarks, maxCells)
)

// within checks the bounds of a source before a parser spends time on it.
func within(source []byte) error {
	if bytes.Count(source, []byte("[")) > maxBrackets {
		return ErrTooDense
	}
	if bytes.Count(source, []byte("*"))+bytes.Count(source, []byte("_"))+bytes.Count(source, []byte("~")) > maxMarks {
		return ErrTooDense
	}
	if cells(source) > maxCells {
		return ErrTooDense
	}
	if tooDeep(source) {
		return ErrTooDeep
	}
	return nil
}

// tooDeep finds lines whose indentation and markers open more containers than any text needs, before a parser has to.
func tooDeep(source []byte) bool {
	for line := range strings.Lines(string(source)) {
		markers := (len(line) - len(strings.TrimLeft(line, " \t"))) / 2 // two columns carry a list at least
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c == '>' || strings.IndexByte("-+*.)", c) >= 0 && i+1 < len(line) && line[i+1] == ' ':
				if markers++; markers > maxNesting {
					return !thematicBreak(line)
				}
			case c == ' ' || c == '\t' || c >= '0' && c <= '9':
			default:
				i = len(line)
			}
		}
	}
	return false
}

// thematicBreak reports a line of one kind of mark only (CommonMark 4.1).
func thematicBreak(line string) bool {
	line = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(line), " ", ""), "\t", "")
	return line != "" && line[0] != '>' && line[0] != '+' && strings.Trim(line, line[:1]) == ""
}

// cells estimates from above how many cells the tables of a source have: the width of each delimiter row (GFM 4.10) times
// the lines that follow it.
func cells(source []byte) int {
	sum, width := 0, 0
	for line := range bytes.Lines(source) {
		if len(bytes.TrimLeft(line, "> \t\r\n")) == 0 {
			width = 0
		}
		if len(bytes.Trim(line, "|-:> \t\n+*0123456789.)")) == 0 && bytes.IndexByte(line, '-') >= 0 {
			width += bytes.Count(line, []byte("|"))
		}
		sum += width
	}
	return sum
}
