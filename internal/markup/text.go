package markup

import (
	"io"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Caps of plain text, in characters.
const (
	MaxPlain = 5000 // what Plain returns at most
	MaxName  = 120  // what Name returns at most
)

// maxTextSource is how many bytes of HTML are looked at for text.
const maxTextSource = 1 << 20

// blocks end a line of text; paragraphs leave an empty line behind them.
var blocks = map[atom.Atom]string{
	atom.Br: "\n", atom.Li: "\n", atom.Tr: "\n", atom.Div: "\n", atom.Dt: "\n", atom.Dd: "\n", atom.Figcaption: "\n",
	atom.P: "\n\n", atom.Blockquote: "\n\n", atom.Pre: "\n\n", atom.Ul: "\n\n", atom.Ol: "\n\n", atom.Table: "\n\n",
	atom.H1: "\n\n", atom.H2: "\n\n", atom.H3: "\n\n", atom.H4: "\n\n", atom.H5: "\n\n", atom.H6: "\n\n",
	atom.Section: "\n\n", atom.Article: "\n\n", atom.Figure: "\n\n", atom.Td: " ", atom.Th: " ",
}

// Plain returns the text of a piece of HTML: paragraphs stand apart by an empty line, nothing in it directs or hides
// text, and it is cut after MaxPlain characters. It is text: whoever shows it must escape it.
func Plain(source string) string {
	return cut(tidyLines(clean(htmlText(source))), MaxPlain)
}

// Text is Plain without its cap, for what is ours and bounded already.
func Text(s Safe) string { return tidyLines(clean(htmlText(s.String()))) }

// Visible returns text of ours without what directs or hides text.
func Visible(text string) string { return clean(text) }

// Name returns one line of plain text for names and titles, which the vocabulary defines as text, not HTML: white space
// becomes single spaces, nothing in it directs or hides text, and it is cut after MaxName characters.
func Name(text string) string {
	text = strings.Join(strings.Fields(strings.Map(spaced, strings.ToValidUTF8(text, "\uFFFD"))), " ")
	return cut(strings.TrimSpace(clean(text)), MaxName)
}

// spaced turns the control characters that separate lines into spaces, so that words do not run together.
func spaced(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' || r == 0x2028 || r == 0x2029 {
		return ' '
	}
	return r
}

// Excerpt shortens text to one line of at most n characters, cut between words where there is one to cut at.
func Excerpt(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	short := cut(text, n)
	if short == text {
		return text
	}
	short = strings.TrimSuffix(short, "…")
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 && !strings.HasPrefix(text[len(short):], " ") {
		short = short[:i]
	}
	return strings.TrimRightFunc(short, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) + "…"
}

// htmlText concatenates the text of source. It reads tokens, not a tree: no depth of nesting can stop it.
func htmlText(source string) string {
	if len(source) > maxTextSource {
		source = source[:maxTextSource]
	}
	if !strings.ContainsAny(source, "<&\r\x00") {
		return strings.ReplaceAll(source, "\n", " ") // there is no mark-up, as in most warnings and names
	}
	z := html.NewTokenizer(strings.NewReader(source))
	var b strings.Builder
	var hidden atom.Atom
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return ""
			}
			return b.String()
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(strings.ReplaceAll(string(z.Text()), "\n", " "))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			hidden = stillHidden(hidden, tag, kind)
			b.WriteString(blocks[tag])
		}
	}
}

// stillHidden follows the elements whose content is no text for readers and returns the one we are in.
func stillHidden(in, tag atom.Atom, kind html.TokenType) atom.Atom {
	switch {
	case in != 0 && in == tag && kind == html.EndTagToken:
		return 0
	case in == 0 && kind == html.StartTagToken:
		switch tag {
		case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg:
			return tag
		}
	}
	return in
}

// tidyLines trims each line and leaves at most one empty line between two that are not.
func tidyLines(s string) string {
	var b strings.Builder
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(empty, 1)+1])
		}
		b.WriteString(line)
		empty = 0
	}
	return b.String()
}
