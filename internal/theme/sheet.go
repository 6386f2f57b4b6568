package theme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// MaxSheet is the size of a style sheet that an owner may write, in bytes.
const MaxSheet = 50 << 10

// Fault is what is wrong with a style sheet, and where.
type Fault struct {
	Line   int    // from 1
	Reason string // size, encoding, import, url, function, unclosed, unopened, markup or string
	Word   string // what stands there, at most 40 characters
}

func (f *Fault) Error() string { return fmt.Sprintf("line %d: %s: %s", f.Line, f.Reason, f.Word) }

// atRules are those that load nothing.
var atRules = []string{
	"@media", "@supports", "@layer", "@container", "@keyframes", "@-webkit-keyframes", "@property", "@page", "@scope",
	"@starting-style", "@counter-style", "@view-transition", "@position-try",
}

// loading are functions that take addresses, or once ran programs.
var loading = []string{
	"image-set", "-webkit-image-set", "image", "src", "cross-fade", "-webkit-cross-fade", "element", "-moz-element",
	"expression",
}

var closing = map[css.TokenType]css.TokenType{
	css.RightParenthesisToken: css.LeftParenthesisToken, css.RightBracketToken: css.LeftBracketToken, css.RightBraceToken: css.LeftBraceToken,
}

// CheckSheet reads a style sheet (CSS Syntax Level 3) and returns a *Fault for
// the first thing that it must not have: what loads another sheet or anything
// that own does not allow, what would end the element it stood in, brackets
// that do not match. own gets the address of each url().
func CheckSheet(sheet string, own func(address string) bool) error {
	switch {
	case len(sheet) > MaxSheet:
		return &Fault{1, "size", strconv.Itoa(MaxSheet)}
	case !utf8.ValidString(sheet) || strings.ContainsRune(sheet, 0):
		return &Fault{1, "encoding", ""}
	}
	c := checker{own: own, line: 1}
	lexer := css.NewLexer(parse.NewInputString(sheet))
	for {
		kind, data := lexer.Next()
		if kind == css.ErrorToken {
			return c.end()
		}
		if err := c.token(kind, string(data)); err != nil {
			return err
		}
		c.line += strings.Count(string(data), "\n")
	}
}

// checker walks over the tokens of a sheet.
type checker struct {
	own  func(string) bool
	line int
	open []opened
	url  bool // within url( written with a string
}

// opened is a bracket that waits for its other half.
type opened struct {
	kind css.TokenType
	line int
	word string
}

func (c *checker) fault(reason, word string) error {
	if runes := []rune(word); len(runes) > 40 {
		word = string(runes[:40]) + "…"
	}
	return &Fault{c.line, reason, word}
}

func (c *checker) token(kind css.TokenType, data string) error {
	if strings.Contains(data, "</") || kind == css.CDOToken || kind == css.CDCToken || kind == css.DelimToken && data == "<" && c.outside() {
		return c.fault("markup", data)
	}
	switch kind {
	case css.AtKeywordToken:
		return c.atRule(data)
	case css.URLToken, css.BadURLToken:
		return c.address(unescape(strings.TrimSuffix(data[strings.IndexByte(data, '(')+1:], ")")))
	case css.StringToken:
		if c.url {
			return c.address(data)
		}
	case css.BadStringToken:
		return c.fault("string", strings.TrimSpace(data))
	case css.CommentToken:
		if len(data) < 4 || !strings.HasSuffix(data, "*/") {
			return c.fault("unclosed", "/*")
		}
	case css.FunctionToken:
		return c.function(data)
	case css.LeftParenthesisToken, css.LeftBracketToken, css.LeftBraceToken:
		c.open = append(c.open, opened{kind, c.line, data})
	case css.RightParenthesisToken, css.RightBracketToken, css.RightBraceToken:
		return c.shut(kind, data)
	}
	return nil
}

// outside tells that no bracket is open: "<" is for the ranges of @media only,
// which stand in one.
func (c *checker) outside() bool { return len(c.open) == 0 }

func (c *checker) atRule(data string) error {
	switch name := strings.ToLower(unescape(data)); {
	case name == "@import" || name == "@charset" || name == "@namespace":
		return c.fault("import", name)
	case !slices.Contains(atRules, name):
		return c.fault("rule", name)
	}
	return nil
}

func (c *checker) function(data string) error {
	name := strings.ToLower(strings.TrimSuffix(unescape(data), "("))
	if slices.Contains(loading, name) {
		return c.fault("function", name+"()")
	}
	c.url = name == "url"
	c.open = append(c.open, opened{css.LeftParenthesisToken, c.line, data})
	return nil
}

func (c *checker) shut(kind css.TokenType, data string) error {
	last := len(c.open) - 1
	if last < 0 || c.open[last].kind != closing[kind] {
		return c.fault("unopened", data)
	}
	c.open, c.url = c.open[:last], false
	return nil
}

// address is what a url() holds, in quotes or without.
func (c *checker) address(text string) error {
	text = strings.TrimSpace(text)
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	if text = unescape(text); !c.own(text) {
		return c.fault("url", text)
	}
	return nil
}

func (c *checker) end() error {
	if last := len(c.open) - 1; last >= 0 {
		c.line = c.open[last].line
		return c.fault("unclosed", c.open[last].word)
	}
	return nil
}

// unescape resolves the escapes of identifiers and strings (CSS Syntax Level
// 3, section 4.3.7), so that "@\69mport" is known for what it is.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		digits := 0
		for digits < 6 && i+1+digits < len(text) && isHex(text[i+1+digits]) {
			digits++
		}
		if digits == 0 {
			continue // what follows stands for itself
		}
		n, _ := strconv.ParseUint(text[i+1:i+1+digits], 16, 32) // digits only
		b.WriteRune(rune(n))                                    //nolint:gosec // at most six digits
		if i += digits; i+1 < len(text) && strings.IndexByte(" \t\r\n\f", text[i+1]) >= 0 {
			i++
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
