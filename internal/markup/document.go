package markup

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Bounds of a file.
const (
	MaxSource      = 2 << 20  // bytes of a document
	maxFrontMatter = 16 << 10 // bytes of its front matter; the YAML parser is slow on nests
)

// Document is a file: what stands between two lines of three hyphens at its top, and the Markdown below.
type Document struct {
	FrontMatter
	Body string // Markdown with LF line ends
}

// FrontMatter holds what a file says about itself. What it does not say is zero.
type FrontMatter struct {
	Title     string
	Summary   string
	Language  string // BCP 47
	Tags      []string
	Slug      string
	Author    string // the name of an account
	Cover     Cover
	Published time.Time
	Talk      Talk
	Details   Details
}

// Talk is what a document says about who may take part in the conversation
// below it. The words are what the file has: whoever uses them checks them.
type Talk struct {
	Comments    string
	CloseAfter  *int   // days; nil = not told
	WebComments string // on or off
	Quotes      string
}

// Cover is the picture above an article.
type Cover struct {
	File    string // as written: relative to the document
	Alt     string
	Caption string
}

// FrontMatterError says where a file is wrong and what should stand there.
type FrontMatterError struct {
	File     string
	Line     int    // from 1, in the file
	Key      string // "" if the error is in no single key
	Expected string
	Got      string // "" if nothing is there
}

// Error returns one line such as "post.md:3: published: expected a date …, got "yesterday"".
func (e *FrontMatterError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", e.File, e.Line)
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString("expected " + e.Expected)
	if e.Got != "" {
		b.WriteString(", got " + e.Got)
	}
	return b.String()
}

// Permanent reports that another try with the same file would end the same way.
func (e *FrontMatterError) Permanent() bool { return true }

// ParseDocument splits a file into front matter, if it has one, and Markdown. The name stands in errors, which are all
// of type *FrontMatterError. Dates without an offset are read in zone; nil means UTC.
func ParseDocument(name string, source []byte, zone *time.Location) (Document, error) {
	if len(source) > MaxSource {
		return Document{}, &FrontMatterError{name, 1, "", fmt.Sprintf("at most %d bytes", MaxSource), fmt.Sprint(len(source))}
	}
	source = bytes.TrimPrefix(source, []byte("\uFEFF"))
	text := strings.ReplaceAll(strings.ToValidUTF8(string(source), "\uFFFD"), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	head, body, found, closed := splitFrontMatter(text)
	if !found {
		return Document{Body: text}, nil
	}
	if !closed {
		return Document{}, &FrontMatterError{name, 1, "", `a line "---" that ends the front matter begun here`, ""}
	}
	if len(head) > maxFrontMatter {
		return Document{}, &FrontMatterError{name, 1, "", fmt.Sprintf("front matter of at most %d bytes", maxFrontMatter), fmt.Sprint(len(head))}
	}
	if zone == nil {
		zone = time.UTC
	}
	matter, err := parseFrontMatter(name, head, zone)
	return Document{FrontMatter: matter, Body: body}, err
}

// splitFrontMatter cuts text at the lines that fence its front matter. A file whose first line is "---" and whose second
// is empty begins with a thematic break, as CommonMark 4.1 has it.
func splitFrontMatter(text string) (head, body string, found, closed bool) {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != "---" || strings.HasPrefix(rest, "\n") {
		return "", text, false, false
	}
	for end := 0; end < len(rest); {
		line, _, _ := strings.Cut(rest[end:], "\n")
		if fence := strings.TrimRight(line, " \t"); fence == "---" || fence == "..." {
			return rest[:end], strings.TrimPrefix(rest[end+len(line):], "\n"), true, true
		}
		end += len(line) + 1
	}
	return "", text, true, false
}
