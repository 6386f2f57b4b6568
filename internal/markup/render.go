package markup

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// excerptLength is the length of Rendered.Excerpt in characters.
const excerptLength = 280

// Options says how Markdown becomes HTML. The zero value is for a page in English without tags and pictures of its own.
type Options struct {
	// Language of the text, BCP 47.
	Language string
	// Labels of footnotes, tables and formulas.
	Labels Labels
	// BaseURL, if set, is the page's absolute address, and the HTML is made for other servers: all addresses
	// are absolute, and what only our own pages need (anchors, highlighting, scroll regions) is left out.
	BaseURL string
	// Hashtag returns the address of a tag's page; nil leaves hashtags text.
	Hashtag func(name string) string
	// Mentions holds the profile pages of mentioned people by lower-case "user@host". Who is not in it stays text.
	Mentions map[string]string
	// Picture returns what stands for an image reference; false if it is not ours to show. nil keeps local references.
	Picture func(src string) (Picture, bool)
}

// Picture is an image that may be shown.
type Picture struct {
	URL           string
	Width, Height int // in pixels; 0 if unknown
	Smaller       []Source
	Fallback      string // the same as JPEG, for those that do not read the form of URL; "" = none
	Tiny          string // what stands there until it is loaded; "" = nothing
}

// Source is a smaller form of a Picture.
type Source struct {
	URL   string
	Width int // in pixels
}

// Rendered is what a Markdown text became, and what was found in it.
type Rendered struct {
	HTML     Safe
	Text     string   // plain, for search
	Excerpt  string   // the beginning of the first paragraphs, one line of at most 280 characters
	Hashtags []string // without #, as first written, each once
	Mentions []string // "user@host" in lower case, each once, resolved or not
	Images   []Image
	Headings []Heading
	Words    int
}

// Image is an image reference in the text.
type Image struct {
	Src   string // as written, unescaped: a relative path names a file beside the document
	Alt   string
	Title string
}

// Heading is a heading with its anchor.
type Heading struct {
	ID    string
	Text  string // with its number, if it has one
	Level int
}

// Render turns Markdown (CommonMark, GFM, footnotes, #hashtags, @user@host, $formulas$) into HTML. The same input always gives the
// same output. HTML in the source is shown as text.
func Render(source string, opts Options) (Rendered, error) {
	if len(source) > MaxSource {
		return Rendered{}, ErrTooLong
	}
	d := document{opts: opts, source: []byte(withoutOverrides(withoutControls(strings.ReplaceAll(source, "\r\n", "\n")))), labels: opts.labels()}
	if opts.BaseURL != "" {
		base, err := url.Parse(opts.BaseURL)
		if err != nil {
			return Rendered{}, fmt.Errorf("markup: base address: %w", err)
		}
		d.base = base
	}
	if err := within(d.source); err != nil {
		return Rendered{}, err
	}
	return d.render()
}

// document is one text on its way through Render.
type document struct {
	opts   Options
	simple bool     // of RenderSimple
	base   *url.URL // nil for our own pages
	source []byte
	labels Labels
	result Rendered

	highlighted            int // bytes of code given colours so far
	formulas, formulaBytes int // made so far, and the bytes of their sources
}

func (d *document) render() (Rendered, error) {
	md := d.markdown()
	if d.simple {
		md = d.simpleMarkdown()
	}
	root := md.Parser().Parse(text.NewReader(d.source))
	if err := d.prepare(root); err != nil {
		return Rendered{}, err
	}
	var b strings.Builder
	if err := md.Renderer().Render(&b, d.source, root); err != nil {
		return Rendered{}, fmt.Errorf("markup: render: %w", err)
	}
	d.result.HTML = Safe{b.String()}
	d.result.Text = tidyLines(clean(d.plain(root)))
	d.result.Excerpt = d.excerpt(root)
	d.result.Words = countWords(d.result.Text)
	return d.result, nil
}

// markdown assembles parser and renderer. Raw HTML stays off: goldmark's own renderers never see it.
func (d *document) markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.TaskList, extension.Footnote,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithParserOptions(
			parser.WithBlockParsers(util.Prioritized(formulaBlockParser{}, 690)), // before code in fences
			parser.WithInlineParsers(util.Prioritized(formulaParser{}, 150), util.Prioritized(tagParser{}, 600), util.Prioritized(mentionParser{}, 601)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(d, 1))),
	)
}

// RegisterFuncs implements renderer.NodeRenderer: the nodes that are not printed as goldmark would.
func (d *document) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	d.registerInline(reg)
	d.registerBlocks(reg)
	d.registerFormulas(reg)
	d.registerFootnotes(reg)
}

// register adds a function that only prints on the way in.
func register(reg renderer.NodeRendererFuncRegisterer, kind ast.NodeKind, print func(w util.BufWriter, n ast.Node)) {
	reg.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			print(w, n)
		}
		return ast.WalkSkipChildren, nil
	})
}

// registerAround adds a function that prints on the way in and out, with the children between.
func registerAround(reg renderer.NodeRendererFuncRegisterer, kind ast.NodeKind, print func(w util.BufWriter, n ast.Node, entering bool)) {
	reg.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		print(w, n, entering)
		return ast.WalkContinue, nil
	})
}
