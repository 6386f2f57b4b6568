package markup

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PolicyVersion counts the changes of what Sanitize lets pass, and of what is read beside it. It is stored beside the
// results, so that those of an older version can be made again from what came in.
const PolicyVersion = 2

// Bounds of foreign HTML.
const (
	MaxForeign   = 64 << 10       // bytes that are read; what is longer is shown as plain text, cut there
	maxSanitized = 4 * MaxForeign // bytes that may come out; misnested tags can multiply
	maxDepth     = 24             // levels of elements; deeper ones give up their tags, not their text
)

// policy is the first of two walls: it reads tokens and knows no tree. The second, rebuild, knows nothing of tokens.
// Both hold the same small list. Classes are allowed on a and span only: on the formatting elements they would defeat
// the limit on how many of them a parser reopens.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "span", "del", "s", "pre", "blockquote", "code", "b", "strong", "u", "i", "em",
		"ul", "ol", "li", "ruby", "rt", "rp", "h1", "h2", "h3", "h4", "h5", "h6", "div")
	p.AllowNoAttrs().OnElements("span", "a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[\w\- ]{1,200}$`)).OnElements("a", "span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(false)
	p.SkipElementsContent("script", "style", "title", "template", "noscript", "noembed", "noframes", "iframe", "object",
		"svg", "math", "select", "textarea", "xmp", "plaintext")
	return p
}

// Sanitize makes HTML of unknown origin safe to stand in a page of ours: only elements that mark up text, links only to
// absolute http and https addresses, nothing that is fetched when the page is shown, and every element closed. What is
// too long or nested too deeply to be read as HTML is returned as its text.
func Sanitize(source string) Safe {
	if len(source) > MaxForeign {
		return asText(source[:MaxForeign])
	}
	clean, ok := settle(policy.Sanitize(withoutControls(source)))
	if !ok {
		return asText(source)
	}
	return Safe{clean}
}

// settle rebuilds source until parsing it again changes nothing, as a browser is another parser that will. What needs
// more than a few rounds was made to confuse parsers.
func settle(source string) (string, bool) {
	for range 5 {
		next, ok := rebuild(source)
		if !ok || next == source {
			return next, ok
		}
		source = next
	}
	return "", false
}

// withoutControls drops invalid UTF-8 and the control characters that parsers disagree about.
func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7F && r < 0xA0:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// asText returns the text of source as paragraphs.
func asText(source string) Safe {
	var b strings.Builder
	for p := range strings.SplitSeq(tidyLines(clean(htmlText(source))), "\n\n") {
		if p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br/>") + "</p>")
		}
	}
	return Safe{b.String()}
}

// rebuild parses source as the content of a div, rewrites the tree and prints it. It reports false for what the parser
// refuses (more than 512 open elements) and for what comes out too long.
func rebuild(source string) (string, bool) {
	container := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(source), container)
	if err != nil {
		return "", false
	}
	for _, n := range nodes {
		container.AppendChild(n)
	}
	children(container, 0)
	var b limited
	for n := range container.ChildNodes() {
		if html.Render(&b, n) != nil {
			return "", false
		}
	}
	return b.b.String(), true
}

// limited is a buffer that refuses to grow over maxSanitized bytes. It has what
// html.Render asks of a writer that needs no buffer of its own.
type limited struct{ b strings.Builder }

func (l *limited) room(n int) error {
	if l.b.Len()+n > maxSanitized {
		return html.ErrBufferExceeded
	}
	return nil
}

func (l *limited) Write(p []byte) (int, error) {
	if err := l.room(len(p)); err != nil {
		return 0, err
	}
	return l.b.Write(p)
}

func (l *limited) WriteString(s string) (int, error) {
	if err := l.room(len(s)); err != nil {
		return 0, err
	}
	return l.b.WriteString(s)
}

func (l *limited) WriteByte(c byte) error {
	if err := l.room(1); err != nil {
		return err
	}
	return l.b.WriteByte(c)
}
