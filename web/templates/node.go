package templates

// deepest is the last level of a thread that is drawn further in. Those below
// stay at its place and name whom they answer.
const deepest = 4

// node is a comment in its place.
type node struct {
	*Comment
	Level int // 1 answers the article
}

// count is how many replies there are, with those the page leaves out.
func (c *Comment) count() int {
	count := len(c.Replies) + c.MoreCount
	for i := range c.Replies {
		count += c.Replies[i].count()
	}
	return count
}

// removed reports whether only a placeholder may be shown.
func (n node) removed() bool { return n.State != CommentShown }

// flat reports whether the replies are drawn no further in than this comment.
func (n node) flat() bool { return n.Level >= deepest }

// answers reports whether the comment has to name whom it answers.
func (n node) answers() bool { return (n.Level > deepest || n.AnswersURL != "") && n.AnswersTo != "" }

// class are the classes of the list item: a placeholder is no u-comment, but
// its replies are.
func (n node) class() string {
	switch {
	case n.removed():
		return "removed"
	case n.ByAuthor:
		return "u-comment h-cite by-author"
	case n.Quote:
		return "u-comment h-cite quoting"
	}
	return "u-comment h-cite"
}
