package templates

// deepest is the last level of a thread that is drawn further in. Those below
// stay at its place and name whom they answer.
const deepest = 4

// node is a comment in its place: what the recursive template works on.
type node struct {
	Frame
	Comment
	Level int // 1 answers the article
}

func newNode(f Frame, c Comment, level int) node { return node{f, c, level} }

// Children are the nodes of the replies.
func (n node) Children() []node {
	children := make([]node, len(n.Replies))
	for i, c := range n.Replies {
		children[i] = node{n.Frame, c, n.Level + 1}
	}
	return children
}

// Count is how many replies there are, with those the page leaves out.
func (n node) Count() int {
	count := len(n.Replies) + n.MoreCount
	for _, child := range n.Children() {
		count += child.Count()
	}
	return count
}

// Removed reports whether only a placeholder may be shown.
func (n node) Removed() bool { return n.State != CommentShown }

// Flat reports whether the replies are drawn no further in than this comment.
func (n node) Flat() bool { return n.Level >= deepest }

// Answers reports whether the comment has to name whom it answers.
func (n node) Answers() bool { return n.Level > deepest && n.AnswersTo != "" }

// Class are the classes of the list item: a placeholder is no u-comment, but
// its replies are.
func (n node) Class() string {
	switch {
	case n.Removed():
		return "removed"
	case n.ByAuthor:
		return "u-comment h-cite by-author"
	}
	return "u-comment h-cite"
}
