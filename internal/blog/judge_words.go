package blog

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxProgram bounds the compiled form of an expression, and with it the time
	// that a match takes: RE2 needs at most that many steps for a byte of text.
	maxProgram = 1000
	// maxSearched is how much of a text is looked at.
	maxSearched = 50_000
)

// checkPattern refuses an expression that is wrong, would match everything, or
// could take long. The Detail says where it is wrong.
func checkPattern(expression string) error {
	switch {
	case expression == "":
		return &Invalid{Field: "block", Problem: "required"}
	case utf8.RuneCountInString(expression) > maxBlockText:
		return &Invalid{Field: "block", Problem: "too-long", Detail: strconv.Itoa(maxBlockText)}
	}
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return &Invalid{Field: "block", Problem: "regex", Detail: strings.TrimPrefix(err.Error(), "error parsing regexp: ")}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return &Invalid{Field: "block", Problem: "regex", Detail: err.Error()}
	}
	if len(program.Inst) > maxProgram {
		return &Invalid{Field: "block", Problem: "regex-large", Detail: fmt.Sprint(maxProgram)}
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return &Invalid{Field: "block", Problem: "regex", Detail: err.Error()}
	}
	if compiled.MatchString("") {
		return &Invalid{Field: "block", Problem: "regex-any"}
	}
	return nil
}

// checkWord returns a word or phrase with single spaces.
func checkWord(word string) (string, error) {
	word = strings.Join(strings.Fields(word), " ")
	switch {
	case word == "" || fold(word) == "":
		return word, &Invalid{Field: "block", Problem: "required"}
	case utf8.RuneCountInString(word) > maxBlockText:
		return word, &Invalid{Field: "block", Problem: "too-long", Detail: strconv.Itoa(maxBlockText)}
	}
	return word, nil
}

// fold makes texts comparable that differ in case, accents, width or spaces.
func fold(s string) string {
	decomposed := norm.NFKD.String(cases.Fold().String(s))
	var b strings.Builder
	space := false
	for _, r := range decomposed {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\u00ad', r == '\u200b', r == '\u200c', r == '\u200d', r == '\ufeff':
			// accents, and what hides inside words
		case unicode.IsSpace(r):
			space = true
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hasWord reports whether a folded text has the folded word as a whole. At a
// sign, and in scripts that put no spaces between words, a word ends anywhere.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		first, size := utf8.DecodeRuneInString(word)
		last, _ := utf8.DecodeLastRuneInString(word)
		if !(joins(before) && joins(first)) && !(joins(last) && joins(after)) {
			return true
		}
		from = start + size
	}
}

// unspaced are scripts whose words stand side by side.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
	unicode.Javanese, unicode.Balinese,
}

// joins reports whether a word goes on at r.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_') && r != utf8.RuneError && !unicode.In(r, unspaced...)
}

// pattern is a word or expression that is ready to be looked for.
type pattern struct {
	Block
	word string         // folded; "" for an expression
	re   *regexp.Regexp // nil for a word
}

// patterns keeps what was compiled until the blocks change. The zero value is
// ready for use.
type patterns struct {
	mu   sync.Mutex
	from []Block
	list []pattern
}

// of returns the patterns among the blocks.
func (p *patterns) of(blocks []Block) []pattern {
	var from []Block
	for _, b := range blocks {
		if b.Kind == BlockWord || b.Kind == BlockRegex {
			from = append(from, b)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	same := func(a, b Block) bool { return a.Kind == b.Kind && a.Value == b.Value && a.Severity == b.Severity }
	if slices.EqualFunc(from, p.from, same) {
		return p.list
	}
	p.from, p.list = from, nil
	for _, b := range from {
		if b.Kind == BlockWord {
			p.list = append(p.list, pattern{Block: b, word: fold(b.Value)})
		} else if re, err := regexp.Compile(b.Value); err == nil {
			p.list = append(p.list, pattern{Block: b, re: re})
		}
	}
	return p.list
}

// searched is the text of a comment that patterns are looked for in: what it
// says, its warning, the descriptions of its files, and where its links lead.
// Names are left out: many people share one.
func searched(c Comment) string {
	parts := append([]string{c.Text, c.Warning}, linksIn(c)...)
	for _, a := range c.Attachments {
		parts = append(parts, a.Description)
	}
	text := strings.Join(parts, "\n")
	if len(text) > maxSearched {
		text = strings.ToValidUTF8(text[:maxSearched], "")
	}
	return text
}

// match returns the reasons that patterns give against a comment, and the
// hardest severity among them, "" for none.
func match(list []pattern, c Comment) (hardest Severity, reasons []Reason) {
	if len(list) == 0 {
		return "", nil
	}
	text := searched(c)
	folded := fold(text)
	for _, p := range list {
		if p.re != nil && !p.re.MatchString(text) || p.re == nil && !hasWord(folded, p.word) {
			continue
		}
		reasons = append(reasons, Reason{Rule: p.Kind, Detail: p.Value})
		if hardest != SeverityBlock {
			hardest = p.Severity
		}
	}
	return hardest, reasons
}
