package templates

import "html/template"

// CommentHTML is one comment as the page of its article shows it, without the
// answers to it. depth is how far below the article it stands; 0 answers that.
func CommentHTML(f Frame, c Comment, depth int) template.HTML {
	c.Replies, c.More = nil, ""
	w := newWriter(f)
	w.comment(node{&c, depth + 1})
	return w.html()
}
