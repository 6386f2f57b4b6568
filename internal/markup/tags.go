package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxTag is the longest hashtag or mention, in bytes.
const maxTag = 300

var (
	kindTag     = ast.NewNodeKind("Hashtag")
	kindMention = ast.NewNodeKind("Mention")
)

// tagNode is a hashtag or a mention in the text. Its name is without the first mark.
type tagNode struct {
	ast.BaseInline
	kind    ast.NodeKind
	segment text.Segment
	name    string
}

func (n *tagNode) Kind() ast.NodeKind            { return n.kind }
func (n *tagNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// tagParser reads #hashtags: letters, marks, digits and underscores of any script, not digits alone. Mastodon draws the
// same line, so a tag that is a link here is one there.
type tagParser struct{}

func (tagParser) Trigger() []byte { return []byte{'#'} }

func (tagParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if inWord(block.PrecendingCharacter()) {
		return nil
	}
	line, segment := block.PeekLine()
	name := hashtagAt(line[1:])
	if name == "" {
		return nil
	}
	return tagged(kindTag, name, block, segment)
}

func tagged(kind ast.NodeKind, name string, block text.Reader, segment text.Segment) ast.Node {
	size := len(name) + 1
	block.Advance(size)
	return &tagNode{kind: kind, segment: segment.WithStop(segment.Start + size), name: name}
}

// inWord reports whether a mark that follows r is part of a word or an address.
func inWord(r rune) bool {
	return wordRune(r) || strings.ContainsRune("#@&/=?", r)
}

func wordRune(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// hashtagAt returns the hashtag that line begins with, or "".
func hashtagAt(line []byte) string {
	end, letter := 0, false
	for end < len(line) && end < maxTag {
		r, size := utf8.DecodeRune(line[end:])
		if !wordRune(r) && !(r == 0x200C && end > 0) {
			break
		}
		letter = letter || unicode.IsLetter(r)
		end += size
	}
	if !letter || end >= maxTag {
		return ""
	}
	return strings.TrimRight(string(line[:end]), "\u200C")
}

// mentionParser reads @user@host, with a port in the host if it has one.
type mentionParser struct{}

func (mentionParser) Trigger() []byte { return []byte{'@'} }

func (mentionParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if inWord(block.PrecendingCharacter()) {
		return nil
	}
	line, segment := block.PeekLine()
	name := mentionAt(line[1:])
	if name == "" {
		return nil
	}
	return tagged(kindMention, name, block, segment)
}

// mentionAt returns the "user@host" that line begins with, or "". A host has a dot, a port or is localhost: everything
// that is returned costs a lookup over the network.
func mentionAt(line []byte) string {
	line = line[:min(len(line), maxTag)]
	user := span(line, func(r rune) bool { return r < utf8.RuneSelf && (wordRune(r) || r == '.' || r == '-') })
	if user == "" || user != strings.Trim(user, ".-") || len(user) == len(line) || line[len(user)] != '@' {
		return ""
	}
	rest := line[len(user)+1:]
	host := strings.TrimRight(span(rest, func(r rune) bool { return r == '.' || r == '-' || r != '_' && wordRune(r) }), ".-")
	if host == "" || host[0] == '.' || host[0] == '-' || strings.Contains(host, "..") {
		return ""
	}
	if port := portAt(rest[len(host):]); port != "" {
		return user + "@" + host + port
	}
	if !strings.Contains(host, ".") && host != "localhost" {
		return ""
	}
	return user + "@" + host
}

func portAt(line []byte) string {
	if len(line) < 2 || line[0] != ':' {
		return ""
	}
	digits := span(line[1:], func(r rune) bool { return r >= '0' && r <= '9' })
	if digits == "" || len(digits) > 5 {
		return ""
	}
	return ":" + digits
}

// span returns the beginning of line whose characters all satisfy ok.
func span(line []byte, ok func(rune) bool) string {
	end := 0
	for end < len(line) {
		r, size := utf8.DecodeRune(line[end:])
		if r == utf8.RuneError || !ok(r) {
			break
		}
		end += size
	}
	return string(line[:end])
}
