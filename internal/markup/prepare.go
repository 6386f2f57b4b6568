package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var (
	kindFigure = ast.NewNodeKind("Figure")
	kindNumber = ast.NewNodeKind("Number")
)

// figure stands for a paragraph that holds nothing but an image, its only child.
type figure struct{ ast.BaseBlock }

func (n *figure) Kind() ast.NodeKind            { return kindFigure }
func (n *figure) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// number is the "1." that a heading begins with.
type number struct {
	ast.BaseInline
	value string
}

func (n *number) Kind() ast.NodeKind            { return kindNumber }
func (n *number) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// prepare notes what is in the tree and shapes it for the renderers.
func (d *document) prepare(root ast.Node) error {
	var edits []func() // the tree must not change under the walk
	links, depth := 0, 0
	ids := newAnchors()
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		step := -1
		if entering {
			step = 1
		}
		switch n := n.(type) {
		case *ast.Blockquote, *ast.List:
			if depth += step; depth > maxNesting {
				return ast.WalkStop, ErrTooDeep
			}
		case *ast.Link, *ast.Image:
			links += step
		case *tagNode:
			if entering && (links > 0 || !d.note(n)) {
				edits = append(edits, func() { replace(n, ast.NewTextSegment(n.segment)) })
			}
			return ast.WalkSkipChildren, nil
		}
		if entering {
			edits = append(edits, d.prepareNode(n, ids)...)
		}
		return ast.WalkContinue, nil
	})
	for _, edit := range edits {
		edit()
	}
	return err
}

func replace(old, with ast.Node) { old.Parent().ReplaceChild(old.Parent(), old, with) }

// prepareNode handles one node and returns the changes to be made later.
func (d *document) prepareNode(n ast.Node, ids *anchors) []func() {
	switch n := n.(type) {
	case *ast.Image:
		d.result.Images = append(d.result.Images, Image{d.imageSource(n), d.plainLine(n), d.unescape(n.Title)})
	case *ast.Heading:
		return d.prepareHeading(n, ids)
	case *ast.Paragraph:
		if _, alone := n.FirstChild().(*ast.Image); alone && n.ChildCount() == 1 && !d.simple {
			return []func(){func() { becomeFigure(n) }}
		}
	case *east.TableCell:
		if n.Parent().Kind() == east.KindTableHeader {
			n.SetAttributeString("scope", []byte("col"))
		}
		if n.Alignment == east.AlignCenter || n.Alignment == east.AlignRight {
			n.SetAttributeString("class", []byte(n.Alignment.String()))
		}
	}
	return nil
}

func becomeFigure(paragraph *ast.Paragraph) {
	f := &figure{}
	image := paragraph.FirstChild()
	replace(paragraph, f)
	f.AppendChild(f, image)
}

// note records a hashtag or mention and reports whether it becomes a link.
func (d *document) note(n *tagNode) bool {
	if n.kind == kindTag {
		if !slices.ContainsFunc(d.result.Hashtags, func(t string) bool { return strings.EqualFold(t, n.name) }) {
			d.result.Hashtags = append(d.result.Hashtags, n.name)
		}
		return d.opts.Hashtag != nil
	}
	name := strings.ToLower(n.name)
	if !slices.Contains(d.result.Mentions, name) {
		d.result.Mentions = append(d.result.Mentions, name)
	}
	return d.opts.Mentions[name] != ""
}

var leadingNumber = regexp.MustCompile(`^\d{1,3}[.)](?:[ \t]+|$)`)

// prepareHeading gives a heading its anchor and takes its number apart.
func (d *document) prepareHeading(n *ast.Heading, ids *anchors) []func() {
	title := d.plainLine(n)
	value := ""
	var edits []func()
	if first, ok := n.FirstChild().(*ast.Text); ok {
		if m := leadingNumber.Find(first.Segment.Value(d.source)); m != nil {
			value = strings.TrimRight(string(m), " \t")
			edits = append(edits, func() {
				first.Segment = text.NewSegment(first.Segment.Start+len(m), first.Segment.Stop)
				n.InsertBefore(n, first, &number{value: value})
			})
		}
	}
	id := ids.next(strings.TrimPrefix(title, value))
	n.SetAttributeString("id", []byte(id))
	d.result.Headings = append(d.result.Headings, Heading{id, title, n.Level})
	return edits
}

// anchors hands out the ids of headings. An id depends on the heading's own words, and on how many headings before it
// have the same ones.
type anchors struct{ used map[string]int }

// pageIDs are used by the pages around an article, in both languages.
var pageIDs = []string{"isi", "balas", "balas-jauh", "tanggapan", "daftar-isi", "konten", "content", "contents", "comments", "reply", "main"}

func newAnchors() *anchors {
	a := &anchors{used: map[string]int{}}
	for _, id := range pageIDs {
		a.used[id] = 1
	}
	return a
}

func (a *anchors) next(title string) string {
	id := anchor(title)
	for {
		a.used[id]++
		if a.used[id] == 1 {
			return id
		}
		id += "-" + strconv.Itoa(a.used[id])
	}
}

// anchor returns the words of a title in lower case, joined by hyphens; letters of every script stay.
func anchor(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
	id := strings.Join(words, "-")
	if cutAt := 80; len(id) > cutAt {
		id = strings.ToValidUTF8(id[:cutAt], "")
		id = strings.TrimRight(id, "-")
	}
	if id == "" || strings.HasPrefix(id, "c-") || strings.HasPrefix(id, "fn-") || strings.HasPrefix(id, "fnref-") {
		return strings.TrimSuffix("section-"+id, "-")
	}
	return id
}

// imageSource returns the reference of an image as its author meant it: unescaped, and for a local file without percent
// signs.
func (d *document) imageSource(n *ast.Image) string {
	src := d.unescape(n.Destination)
	if u, err := url.Parse(src); err == nil && u.Scheme == "" && u.Host == "" && u.RawQuery == "" && u.Fragment == "" {
		return u.Path
	}
	return src
}
