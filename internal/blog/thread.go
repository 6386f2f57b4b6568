package blog

import (
	"context"

	"github.com/google/uuid"
)

// ThreadReader reads conversations, a page at a time. What a page costs does
// not grow with the thread.
type ThreadReader interface {
	// Thread returns a page of the conversation under a public article.
	Thread(ctx context.Context, q ThreadQuery) (Thread, error)
	// ThreadAt returns a comment with what stands below it, inside those above
	// it, at most so many levels of them. One of another article, and one that
	// readers see nothing of, is ErrNotFound. Of q, Siblings, Levels and Room
	// count.
	ThreadAt(ctx context.Context, comment uuid.UUID, above int, q ThreadQuery) (*Node, error)
}

// ThreadOrder is how a conversation is read.
type ThreadOrder string

// The orders of a conversation: as a thread, in which answers stand below what
// they answer, or one after the other by time.
const (
	ByThread    ThreadOrder = ""
	OldestFirst ThreadOrder = "oldest"
	NewestFirst ThreadOrder = "newest"
)

// ThreadQuery names a page of the conversation under an article.
type ThreadQuery struct {
	Article uuid.UUID
	In      uuid.UUID // read the answers to this comment; uuid.Nil = those to the article itself
	After   Cursor    // by the time of publication
	Order   ThreadOrder

	Answers  int // at most so many answers to In, or to the article
	Siblings int // to any comment below them
	Levels   int // below each other; 1 = nothing below the answers
	Room     int // comments in all
}

// Thread is a page of a conversation: what readers may see of it, and
// placeholders for removed comments that something visible hangs below.
type Thread struct {
	Nodes []*Node
	Next  Cursor // where the rest of the answers begins; zero = this is all
	More  int    // how many answers the next page has
}

// Node is a comment with the answers to it, in order of time. A removed
// comment that has answers stays as a placeholder: Comment.Shown is false.
type Node struct {
	Comment Comment
	Above   *Comment // what it answers, where that does not stand around it
	Replies []*Node
	Left    int // answers after Replies that this page leaves out
}

// Cursor is the place of a comment in its conversation.
func (n *Node) Cursor() Cursor { return Cursor{At: n.Comment.Published, ID: n.Comment.ID} }

// Walk calls do with every node, each before what stands below it.
func Walk(nodes []*Node, do func(*Node)) {
	for _, n := range nodes {
		do(n)
		Walk(n.Replies, do)
	}
}

// Comments are all comments of the page, as Walk finds them.
func (t Thread) Comments() []Comment {
	var all []Comment
	Walk(t.Nodes, func(n *Node) { all = append(all, n.Comment) })
	return all
}

// Find returns the node of a comment, nil if it is not on the page.
func (t Thread) Find(id uuid.UUID) (found *Node) {
	Walk(t.Nodes, func(n *Node) {
		if n.Comment.ID == id {
			found = n
		}
	})
	return found
}
