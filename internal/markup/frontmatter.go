package markup

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/language"
)

const frontMatterKeys = "one of title, summary, language, tags, slug, author, cover, published, comments, close_after, web_comments, quotes, authors, series, part, pinned, history, static, translation-of"

// frontMatterReader turns the nodes of one file's front matter into values.
type frontMatterReader struct {
	file string
	zone *time.Location
}

func parseFrontMatter(file, head string, zone *time.Location) (FrontMatter, error) {
	r := frontMatterReader{file, zone}
	var matter FrontMatter
	parsed, err := parser.ParseBytes([]byte(head), 0)
	if err != nil {
		return matter, r.syntaxError(err)
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		return matter, nil
	}
	entries, err := r.entries(parsed.Docs[0].Body, "", `lines of the form "key: value"`)
	if err != nil {
		return matter, err
	}
	for _, entry := range entries {
		if err := r.set(&matter, entry); err != nil {
			return FrontMatter{}, err
		}
	}
	return matter, nil
}

// syntaxError returns the parser's complaint with the line in the file.
func (r frontMatterReader) syntaxError(err error) error {
	line, got := 2, err.Error()
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		got = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil {
			line = t.Position.Line + 1
		}
	}
	return &FrontMatterError{r.file, line, "", "YAML", got}
}

// entries returns the pairs of a mapping.
func (r frontMatterReader) entries(node ast.Node, key, expected string) ([]*ast.MappingValueNode, error) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	case *ast.CommentGroupNode:
		return nil, nil
	}
	return nil, r.wrong(node, key, expected)
}

func (r frontMatterReader) set(matter *FrontMatter, entry *ast.MappingValueNode) (err error) {
	key, value := entry.Key.String(), entry.Value
	switch key {
	case "title":
		matter.Title, err = r.text(value, key)
	case "summary":
		matter.Summary, err = r.text(value, key)
	case "author":
		matter.Author, err = r.text(value, key)
	case "slug":
		matter.Slug, err = r.slug(value, key)
	case "language":
		matter.Language, err = r.language(value, key)
	case "tags":
		matter.Tags, err = r.tags(value, key)
	case "cover":
		matter.Cover, err = r.cover(value, key)
	case "published":
		matter.Published, err = r.date(value, key)
	case "comments":
		matter.Talk.Comments, err = r.text(value, key)
	case "close_after":
		matter.Talk.CloseAfter, err = r.days(value, key)
	case "web_comments":
		matter.Talk.WebComments, err = r.onOff(value, key)
	case "quotes":
		matter.Talk.Quotes, err = r.text(value, key)
	default:
		if ok, err := r.details(&matter.Details, key, value); ok {
			return err
		}
		return &FrontMatterError{r.file, entry.Key.GetToken().Position.Line + 1, "", frontMatterKeys, fmt.Sprintf("%q", cut(key, 60))}
	}
	return err
}

// wrong returns the error for a value of the wrong kind.
func (r frontMatterReader) wrong(node ast.Node, key, expected string) error {
	got := ""
	switch n := node.(type) {
	case *ast.SequenceNode:
		got = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		got = "a group of keys"
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		got = fmt.Sprintf("the YAML feature %q", cut(n.GetToken().Value, 60))
	default:
		got = fmt.Sprintf("%q", cut(scalar(node), 60))
	}
	return &FrontMatterError{r.file, node.GetToken().Position.Line + 1, key, expected, got}
}

// scalar returns the text of a single value as it was meant.
func scalar(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return node.GetToken().Value
}

// text reads a string. A number is what its author typed: a title may be "1984".
func (r frontMatterReader) text(node ast.Node, key string) (string, error) {
	switch node.(type) {
	case *ast.NullNode:
		return "", nil
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode:
		return strings.TrimSpace(scalar(node)), nil
	}
	return "", r.wrong(node, key, "text (in quotes, if it looks like something else)")
}

// days reads a number; 0 is never.
func (r frontMatterReader) days(node ast.Node, key string) (*int, error) {
	const expected = "a number of days, 0 for never"
	text, err := r.text(node, key)
	if err != nil {
		return nil, r.wrong(node, key, expected)
	}
	if text == "" {
		return nil, nil
	}
	days, err := strconv.Atoi(text)
	if err != nil || days < 0 {
		return nil, r.wrong(node, key, expected)
	}
	return &days, nil
}

// onOff reads on or off, which YAML also knows as true and false.
func (r frontMatterReader) onOff(node ast.Node, key string) (string, error) {
	if b, ok := node.(*ast.BoolNode); ok {
		if b.Value {
			return "on", nil
		}
		return "off", nil
	}
	switch text, err := r.text(node, key); {
	case err == nil && (text == "on" || text == "off" || text == ""):
		return text, nil
	}
	return "", r.wrong(node, key, "on or off")
}

func (r frontMatterReader) slug(node ast.Node, key string) (string, error) {
	const expected = "a word of letters, digits and hyphens"
	slug, err := r.text(node, key)
	if err != nil {
		return "", err
	}
	if strings.ContainsFunc(slug, func(c rune) bool { return c != '-' && !unicode.In(c, unicode.L, unicode.M, unicode.Nd) }) {
		return "", r.wrong(node, key, expected)
	}
	return slug, nil
}

func (r frontMatterReader) language(node ast.Node, key string) (string, error) {
	name, err := r.text(node, key)
	if name == "" || err != nil {
		return "", err
	}
	tag, err := language.Parse(name)
	if err != nil {
		return "", r.wrong(node, key, "a language code such as id or en")
	}
	return tag.String(), nil
}

// tags reads a list, or one string with commas. A leading # is a habit, not part of the tag.
func (r frontMatterReader) tags(node ast.Node, key string) ([]string, error) {
	var tags []string
	switch n := node.(type) {
	case *ast.SequenceNode:
		for _, item := range n.Values {
			tag, err := r.text(item, key)
			if err != nil {
				return nil, err
			}
			tags = append(tags, tag)
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.NullNode:
		list, _ := r.text(node, key)
		tags = strings.Split(list, ",")
	default:
		return nil, r.wrong(node, key, "a list such as [desa, data]")
	}
	kept := tags[:0]
	for _, tag := range tags {
		if tag = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(tag), "#")); tag != "" {
			kept = append(kept, tag)
		}
	}
	return kept, nil
}

// cover reads a path, or a group of file and alt.
func (r frontMatterReader) cover(node ast.Node, key string) (cover Cover, err error) {
	switch node.(type) {
	case *ast.StringNode, *ast.NullNode:
		cover.File, err = r.text(node, key)
		return cover, err
	}
	entries, err := r.entries(node, key, "the path of a picture, or {file: …, alt: …, caption: …}")
	if err != nil {
		return cover, err
	}
	for _, entry := range entries {
		switch name := entry.Key.String(); name {
		case "file":
			cover.File, err = r.text(entry.Value, key+".file")
		case "alt":
			cover.Alt, err = r.text(entry.Value, key+".alt")
		case "caption":
			cover.Caption, err = r.text(entry.Value, key+".caption")
		default:
			err = &FrontMatterError{r.file, entry.Key.GetToken().Position.Line + 1, key, "file, alt or caption", fmt.Sprintf("%q", cut(name, 60))}
		}
		if err != nil {
			return Cover{}, err
		}
	}
	if cover.File == "" {
		return Cover{}, r.wrong(node, key, "the path of a picture in file")
	}
	return cover, nil
}

// dateForms are tried in this order; those without an offset are read in the reader's zone.
var dateForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00",
	"2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
}

func (r frontMatterReader) date(node ast.Node, key string) (time.Time, error) {
	switch node.(type) {
	case *ast.NullNode:
		return time.Time{}, nil
	case *ast.StringNode:
		for _, form := range dateForms {
			if t, err := time.ParseInLocation(form, scalar(node), r.zone); err == nil && t.Year() > 0 {
				return t, nil
			}
		}
	}
	return time.Time{}, r.wrong(node, key, "a date such as 2026-11-21T07:30:00+07:00")
}
