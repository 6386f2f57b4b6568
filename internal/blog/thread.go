package blog

import "github.com/google/uuid"

// Tree nests comments (in order of time) below the comment each answers.
// A comment whose parent is not among them stands at the top, and what would
// close a circle is left out, so no set of rows can hang a page. Removed
// comments without a shown descendant are dropped.
func Tree(comments []Comment) []*Node {
	nodes := make(map[uuid.UUID]*Node, len(comments))
	for _, c := range comments {
		nodes[c.ID] = &Node{Comment: c}
	}
	var roots []*Node
	for _, c := range comments {
		node := nodes[c.ID]
		parent := nodes[c.ParentID]
		if parent == nil {
			roots = append(roots, node)
			continue
		}
		// Nodes on a circle reach no root and so are never visited below.
		parent.Replies = append(parent.Replies, node)
	}
	return prune(roots)
}

// prune drops removed comments that nothing shown hangs below.
func prune(nodes []*Node) []*Node {
	kept := nodes[:0]
	for _, n := range nodes {
		n.Replies = prune(n.Replies)
		if n.Comment.Shown() || len(n.Replies) > 0 {
			kept = append(kept, n)
		}
	}
	return kept
}
