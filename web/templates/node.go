package templates

import (
	"html/template"
	"net/url"
	"strings"
)

// deepest is the last level of a thread that is drawn further in. Those below
// stay at its place and name whom they answer.
const deepest = 4

// node is a comment in its place: what the recursive template works on. A page
// has hundreds, so what they share is not copied.
type node struct {
	*Frame
	*Comment
	Level int // 1 answers the article
}

func newNodes(f Frame, comments []Comment) []node { return nodes(&f, comments, 1) }

func nodes(f *Frame, comments []Comment, level int) []node {
	list := make([]node, len(comments))
	for i := range comments {
		list[i] = node{f, &comments[i], level}
	}
	return list
}

// Children are the nodes of the replies.
func (n node) Children() []node { return nodes(n.Frame, n.Replies, n.Level+1) }

// Count is how many replies there are, with those the page leaves out.
func (n node) Count() int { return n.count() }

func (c *Comment) count() int {
	count := len(c.Replies) + c.MoreCount
	for i := range c.Replies {
		count += c.Replies[i].count()
	}
	return count
}

// Removed reports whether only a placeholder may be shown.
func (n node) Removed() bool { return n.State != CommentShown }

// Flat reports whether the replies are drawn no further in than this comment.
func (n node) Flat() bool { return n.Level >= deepest }

// Answers reports whether the comment has to name whom it answers.
func (n node) Answers() bool { return (n.Level > deepest || n.AnswersURL != "") && n.AnswersTo != "" }

// Class are the classes of the list item: a placeholder is no u-comment, but
// its replies are.
func (n node) Class() string {
	switch {
	case n.Removed():
		return "removed"
	case n.ByAuthor:
		return "u-comment h-cite by-author"
	case n.Quote:
		return "u-comment h-cite quoting"
	}
	return "u-comment h-cite"
}

// WarningText is the content warning with its emoji.
func (n node) WarningText() template.HTML {
	if n.WarningHTML != "" {
		return n.WarningHTML
	}
	return template.HTML(template.HTMLEscapeString(n.Warning)) //nolint:gosec // it is escaped
}

// Picture is the address of the author's picture.
func (n node) Picture() string { return picture(n.Author.Avatar) }

// Website is the name of the site that a visitor of the web gave.
func (n node) Website() string {
	u, err := url.Parse(n.Author.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Files are the attachments; below a content warning they are covered already.
func (n node) Files() []attachedData {
	files := make([]attachedData, len(n.Attachments))
	for i, a := range n.Attachments {
		files[i] = newAttached(n.Frame, a, n.Warning)
	}
	return files
}

// Reacted are the counts of reactions with who is among them.
func (n node) Reacted() []reacted { return newReacted(n.Frame, n.Reactions) }
