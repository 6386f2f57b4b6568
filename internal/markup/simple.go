package markup

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// RenderSimple turns the Markdown of somebody unknown into HTML: paragraphs, emphasis, links, code, quotations and lists
// (CommonMark), and the line ends as they were typed. Headings, HTML, pictures, tables, hashtags and mentions stay text or
// links. Links lead to http and https only, and vouch for nothing. With remote it is made for other servers.
func RenderSimple(source string, remote bool) (Rendered, error) {
	if len(source) > MaxSource {
		return Rendered{}, ErrTooLong
	}
	source = clean(strings.ReplaceAll(source, "\r\n", "\n"))
	d := document{simple: true, opts: Options{Picture: noPicture}, source: []byte(source)}
	if remote {
		d.base = &url.URL{} // every address is absolute already
	}
	if err := within(d.source); err != nil {
		return Rendered{}, err
	}
	return d.render()
}

// foreignRel is on every link whose author we do not answer for.
const foreignRel = "nofollow noopener ugc"

func noPicture(string) (Picture, bool) { return Picture{}, false }

// simpleMarkdown knows only the part of Markdown that RenderSimple is for.
func (d *document) simpleMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700), util.Prioritized(parser.NewBlockquoteParser(), 800),
				util.Prioritized(parser.NewParagraphParser(), 1000)),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500),
				util.Prioritized(extension.NewLinkifyParser(), 999)),
		)),
		goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(d, 1))),
	)
}

// href is where a link may lead: an author's, or with d.simple one of somebody unknown.
func (d *document) href(address string) string {
	if !d.simple {
		return authorURL(address, d.base)
	}
	safe, _ := SafeURL(address)
	return safe
}
