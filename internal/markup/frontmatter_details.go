package markup

import (
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// Details is what a document says about itself as an article among others. What
// it does not say is nil.
type Details struct {
	Authors *[]Named // accounts in the byline, in its order
	Series  *Named
	Part    *int // of the series, from 1
	Pinned  *bool
	History *bool // readers may see what was changed
	Static  *bool // a page by itself
	// TranslationOf is the address of the article that it is a translation of.
	TranslationOf *Named
}

// Named is a name with its place, for whoever looks it up and does not find it.
type Named struct {
	Text string
	Line int // from 1, in the file
}

// NameError says that a name in a document is none that is known.
func (d Document) NameError(file, key string, name Named, expected string) error {
	return &FrontMatterError{file, name.Line, key, expected, fmt.Sprintf("%q", cut(name.Text, 60))}
}

// details reads the keys of Details; ok is false for any other.
func (r frontMatterReader) details(d *Details, key string, value ast.Node) (ok bool, err error) {
	switch key {
	case "authors":
		d.Authors, err = r.names(value, key)
	case "series":
		d.Series, err = r.named(value, key)
	case "part":
		d.Part, err = r.part(value, key)
	case "pinned":
		d.Pinned, err = r.yesNo(value, key)
	case "history":
		d.History, err = r.yesNo(value, key)
	case "static":
		d.Static, err = r.yesNo(value, key)
	case "translation-of":
		d.TranslationOf, err = r.named(value, key)
	default:
		return false, nil
	}
	return true, err
}

func lineOf(node ast.Node) int { return node.GetToken().Position.Line + 1 }

func (r frontMatterReader) named(node ast.Node, key string) (*Named, error) {
	text, err := r.text(node, key)
	if err != nil {
		return nil, err
	}
	return &Named{text, lineOf(node)}, nil
}

// names reads a list, or one name.
func (r frontMatterReader) names(node ast.Node, key string) (*[]Named, error) {
	items := []ast.Node{node}
	switch n := node.(type) {
	case *ast.NullNode:
		items = nil
	case *ast.SequenceNode:
		items = n.Values
	}
	names := []Named{}
	for _, item := range items {
		text, err := r.text(item, key)
		if err != nil || text == "" {
			return nil, r.wrong(item, key, "names of accounts such as [ratri, bayu]")
		}
		names = append(names, Named{text, lineOf(item)})
	}
	return &names, nil
}

func (r frontMatterReader) part(node ast.Node, key string) (*int, error) {
	text, err := r.text(node, key)
	if err != nil {
		return nil, r.wrong(node, key, "a number from 1")
	}
	if text == "" {
		return new(int), nil
	}
	part, err := strconv.Atoi(text)
	if err != nil || part < 1 {
		return nil, r.wrong(node, key, "a number from 1")
	}
	return &part, nil
}

func (r frontMatterReader) yesNo(node ast.Node, key string) (*bool, error) {
	word, err := r.onOff(node, key)
	if err != nil {
		return nil, r.wrong(node, key, "true or false")
	}
	yes := word == "on"
	return &yes, nil
}
