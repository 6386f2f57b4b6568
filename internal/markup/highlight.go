package markup

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/util"
)

// Bounds of highlighting: lexers are made of regular expressions, some of them slow. What is longer stays plain.
const (
	maxHighlightBlock    = 64 << 10  // bytes of one block
	maxHighlightDocument = 256 << 10 // bytes of all blocks of a text
)

// highlight prints code with chroma's short class names. It reports false, having printed nothing, for a language it does
// not know and for code over the bounds.
func (d *document) highlight(w util.BufWriter, code, language string) bool {
	lexer := lexers.Get(language)
	if language == "" || lexer == nil || len(code) > maxHighlightBlock || d.highlighted+len(code) > maxHighlightDocument {
		return false
	}
	d.highlighted += len(code)
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err != nil {
		return false
	}
	for token := tokens(); token != chroma.EOF; token = tokens() {
		value := html.EscapeString(token.Value)
		if class := tokenClass(token.Type); class != "" && strings.TrimSpace(value) != "" {
			value = `<span class="` + class + `">` + value + `</span>`
		}
		_, _ = w.WriteString(value)
	}
	return true
}

// tokenClass returns the class of a token, or "" for what has the colour of text anyway.
func tokenClass(t chroma.TokenType) string {
	if declarations(t) == "" {
		return ""
	}
	return chroma.StandardTypes[t]
}

// declarations returns how tokens of a type look: in the colours of the page, which are right in light and dark and have
// the contrast that text needs. Names are the text; punctuation steps back.
func declarations(t chroma.TokenType) string {
	switch {
	case t == chroma.GenericDeleted || t == chroma.GenericError || t == chroma.Error:
		return "color:var(--danger)"
	case t == chroma.GenericInserted:
		return "color:var(--mark-text)"
	case t == chroma.GenericHeading || t == chroma.GenericSubheading || t == chroma.GenericStrong:
		return "font-weight:650"
	case t == chroma.GenericEmph:
		return "font-style:italic"
	case t.InCategory(chroma.Comment):
		return "color:var(--quiet)"
	case t.InCategory(chroma.Keyword), t == chroma.NameTag, t == chroma.OperatorWord:
		return "color:var(--action)"
	case t.InCategory(chroma.Literal):
		return "color:var(--mark-text)"
	case t == chroma.NameFunction || t == chroma.NameClass || t == chroma.NameAttribute || t == chroma.NameBuiltin:
		return "color:var(--action-strong)"
	}
	return ""
}

// WriteHighlightCSS writes the rules for highlighted code. They use the page's custom properties, so one set serves the
// light and the dark scheme.
func WriteHighlightCSS(w io.Writer) error {
	rules := map[string][]string{}
	for t, class := range chroma.StandardTypes {
		if look := declarations(t); look != "" && class != "" {
			rules[look] = append(rules[look], "pre ."+class)
		}
	}
	looks := slices.SortedFunc(maps.Keys(rules), cmp.Compare[string])
	for _, look := range looks {
		slices.Sort(rules[look])
		if _, err := fmt.Fprintf(w, "%s{%s}\n", strings.Join(slices.Compact(rules[look]), ", "), look); err != nil {
			return fmt.Errorf("markup: write highlight rules: %w", err)
		}
	}
	return nil
}
