package markup

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

func (d *document) registerInline(reg renderer.NodeRendererFuncRegisterer) {
	registerAround(reg, ast.KindLink, d.printLink)
	register(reg, ast.KindAutoLink, d.printAutoLink)
	register(reg, ast.KindImage, d.printImage)
	register(reg, ast.KindRawHTML, d.printRawHTML)
	register(reg, east.KindTaskCheckBox, printCheckBox)
	register(reg, kindTag, d.printHashtag)
	register(reg, kindMention, d.printMention)
	register(reg, kindNumber, d.printNumber)
}

// attribute prints one attribute, escaped.
func attribute(w util.BufWriter, name, value string) {
	_, _ = w.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

// printAddress prints where a link leads. A link to what is not allowed leads nowhere.
func (d *document) printAddress(w util.BufWriter, address string) {
	if href := d.href(address); href != "" {
		attribute(w, "href", href)
		if d.simple {
			attribute(w, "rel", foreignRel)
		}
	}
}

func (d *document) printLink(w util.BufWriter, node ast.Node, entering bool) {
	if !entering {
		_, _ = w.WriteString("</a>")
		return
	}
	n := node.(*ast.Link)
	_, _ = w.WriteString("<a")
	d.printAddress(w, d.unescape(n.Destination))
	if len(n.Title) > 0 {
		attribute(w, "title", d.unescape(n.Title))
	}
	_ = w.WriteByte('>')
}

func (d *document) printAutoLink(w util.BufWriter, node ast.Node) {
	n := node.(*ast.AutoLink)
	address := string(n.URL(d.source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	_, _ = w.WriteString("<a")
	d.printAddress(w, address)
	_, _ = w.WriteString(">" + html.EscapeString(string(n.Label(d.source))) + "</a>")
}

func (d *document) printRawHTML(w util.BufWriter, node ast.Node) {
	_, _ = w.WriteString(html.EscapeString(d.rawHTML(node.(*ast.RawHTML))))
}

// rawHTML is htmlBlock for HTML inside a line.
func (d *document) rawHTML(n *ast.RawHTML) string {
	source := string(n.Segments.Value(d.source))
	if strings.HasPrefix(source, "<!--") {
		return ""
	}
	return source
}

// printCheckBox prints a character: a form control would need a label, and other servers drop it.
func printCheckBox(w util.BufWriter, node ast.Node) {
	box := "☐ "
	if node.(*east.TaskCheckBox).IsChecked {
		box = "☑ "
	}
	_, _ = w.WriteString(box)
}

func (d *document) printNumber(w util.BufWriter, node ast.Node) {
	n := node.(*number)
	if d.base != nil {
		_, _ = w.WriteString(n.value + " ")
		return
	}
	_, _ = w.WriteString(`<span class="number">` + n.value + `</span> `)
}

func (d *document) printHashtag(w util.BufWriter, node ast.Node) {
	n := node.(*tagNode)
	_, _ = w.WriteString(`<a class="mention hashtag"`)
	attribute(w, "href", authorURL(d.opts.Hashtag(n.name), d.base))
	_, _ = w.WriteString(` rel="tag">#`)
	if d.base != nil {
		_, _ = w.WriteString("<span>" + n.name + "</span></a>")
		return
	}
	_, _ = w.WriteString(n.name + "</a>")
}

// printMention links a person. Other servers get the microformat they know mentions by; on our own pages a u-url inside
// a comment would be read as the comment's address.
func (d *document) printMention(w util.BufWriter, node ast.Node) {
	n := node.(*tagNode)
	before, class, after := "", "mention", ""
	if d.base != nil {
		before, class, after = `<span class="h-card">`, "u-url mention", "</span>"
	}
	_, _ = w.WriteString(before + `<a class="` + class + `"`)
	attribute(w, "href", authorURL(d.opts.Mentions[strings.ToLower(n.name)], d.base))
	_, _ = w.WriteString(">@" + html.EscapeString(n.name) + "</a>" + after)
}

// printImage prints an image that is ours. Another site's becomes a link, because no page of ours makes a reader's
// browser call a third party; one that is nowhere becomes its description.
func (d *document) printImage(w util.BufWriter, node ast.Node) {
	n := node.(*ast.Image)
	src, alt := d.imageSource(n), d.plainLine(n)
	picture, ok := d.picture(src)
	switch {
	case ok && !d.simple:
		d.printPicture(w, n, picture, alt)
	case remote(src):
		address, _ := SafeURL(src)
		if alt == "" {
			alt = src
		}
		if insideLink(n) || address == "" {
			_, _ = w.WriteString(html.EscapeString(alt))
			return
		}
		_, _ = w.WriteString("<a")
		d.printAddress(w, address)
		_, _ = w.WriteString(">" + html.EscapeString(alt) + "</a>")
	default:
		_, _ = w.WriteString(html.EscapeString(alt))
	}
}

// remote reports an address that names a scheme or a host.
func remote(src string) bool {
	head, _, _ := strings.Cut(src, "/")
	return strings.Contains(head, ":") || strings.HasPrefix(src, "//")
}

func insideLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

func (d *document) picture(src string) (Picture, bool) {
	if d.opts.Picture != nil {
		if picture, ok := d.opts.Picture(src); ok {
			return picture, true
		}
	}
	local := !remote(src) && src != "" && (d.opts.Picture == nil || src[0] == '/')
	return Picture{URL: src}, local
}

// printPicture prints an image of ours. On our own pages it comes in several
// widths, and above a blur until it is loaded.
func (d *document) printPicture(w util.BufWriter, n *ast.Image, p Picture, alt string) {
	ours := d.base == nil
	if ours && p.Tiny != "" {
		_, _ = w.WriteString(`<span class="picture"><img class="blur"`)
		attribute(w, "src", p.Tiny)
		_, _ = w.WriteString(` alt=""`)
		printSize(w, p)
		_, _ = w.WriteString(` loading="lazy">`)
		defer func() { _, _ = w.WriteString("</span>") }()
	}
	source := p.URL
	if ours && p.Fallback != "" {
		source = p.Fallback
		_, _ = w.WriteString(`<picture><source type="image/webp"`)
		printSet(w, p)
		_ = w.WriteByte('>')
		defer func() { _, _ = w.WriteString("</picture>") }()
	}
	_, _ = w.WriteString("<img")
	attribute(w, "src", authorURL(source, d.base))
	attribute(w, "alt", alt)
	if _, captioned := n.Parent().(*figure); !captioned && len(n.Title) > 0 {
		attribute(w, "title", d.unescape(n.Title))
	}
	printSize(w, p)
	if ours {
		if p.Fallback == "" && len(p.Smaller) > 0 && p.Width > 0 {
			printSet(w, p)
		}
		attribute(w, "loading", "lazy")
		attribute(w, "decoding", "async")
	}
	_ = w.WriteByte('>')
}

func printSize(w util.BufWriter, p Picture) {
	if p.Width > 0 && p.Height > 0 {
		attribute(w, "width", strconv.Itoa(p.Width))
		attribute(w, "height", strconv.Itoa(p.Height))
	}
}

func printSet(w util.BufWriter, p Picture) {
	var set []string
	for _, s := range append(p.Smaller[:len(p.Smaller):len(p.Smaller)], Source{p.URL, p.Width}) {
		set = append(set, s.URL+" "+strconv.Itoa(s.Width)+"w")
	}
	attribute(w, "srcset", strings.Join(set, ", "))
	attribute(w, "sizes", "(min-width: 48rem) 46rem, 100vw")
}
