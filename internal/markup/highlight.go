package markup

import (
	"html"
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

// tokenClass returns the class of a token, or "" for what has the colour of text anyway. The rules for the classes stand
// in web's code.css.
func tokenClass(t chroma.TokenType) string {
	switch t {
	case chroma.Name, chroma.NameOther, chroma.NameVariable, chroma.NameLabel, chroma.NameProperty:
		return ""
	case chroma.OperatorWord, chroma.Error:
		return chroma.StandardTypes[t]
	}
	for _, coloured := range []chroma.TokenType{chroma.Comment, chroma.Keyword, chroma.Literal, chroma.Name, chroma.Generic} {
		if t.InCategory(coloured) {
			return chroma.StandardTypes[t]
		}
	}
	return ""
}
