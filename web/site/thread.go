package site

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// branches is how many answers to the article, with all below each, are
	// read for a page of its conversation.
	branches = 40
	// threadSize is how many comments a page shows; the rest is linked.
	threadSize = 300
	// threadDepth is how deep comments stand inside each other on one page.
	threadDepth = 60
)

// thread is the part of a conversation that the query of the request names:
// from an answer on (?after=), or what hangs below a comment (?in=, ?skip=).
// The links to what a page leaves out lead to every comment once.
func (p *Part) thread(r *http.Request, who *people, a blog.Article) (templates.Thread, error) {
	t := templates.Thread{Total: a.Comments}
	if r.URL.Query().Has("in") {
		return t, p.below(r, who, a, &t)
	}
	after, err := page.ParseCursor(r.URL.Query().Get("after"))
	if err != nil {
		return t, err
	}
	comments, next, err := p.Page.Blog.Thread(r.Context(), a.ID, after, branches)
	if err != nil {
		return t, err
	}
	roots := blog.Tree(comments)
	s := p.stage(who, a)
	var rest int
	t.Comments, rest = s.stand(roots, "", 1)
	if rest > 0 {
		last := roots[len(t.Comments)-1].Comment
		next = blog.Cursor{At: last.Published, ID: last.ID}
	}
	if !next.IsZero() {
		t.Next = "?" + url.Values{"after": {page.Cursor(next)}}.Encode() + "#responses"
	}
	if !after.IsZero() {
		t.Prev = articlePath(a) + "#responses"
	}
	return t, nil
}

// below fills t with what hangs below a comment and a page left out.
func (p *Part) below(r *http.Request, who *people, a blog.Article, t *templates.Thread) error {
	query := r.URL.Query()
	id, err := uuid.Parse(query.Get("in"))
	skip, err2 := strconv.Atoi(query.Get("skip"))
	if err != nil || err2 != nil || skip < 0 {
		return &blog.Invalid{Field: "in", Problem: "page", Detail: query.Get("in")}
	}
	node, err := p.branch(r.Context(), a, id)
	if err != nil {
		return err
	}
	s := p.stage(who, a)
	rest := 0
	replies := node.Replies[min(skip, len(node.Replies)):]
	t.Comments, rest = s.stand(replies, who.person(node.Comment.Actor).DisplayName(), 1)
	if rest > 0 {
		t.Next = moreOf(node, skip+len(t.Comments)) + "#responses"
	}
	t.Prev = articlePath(a) + "#c-" + id.String()
	return nil
}

// branch finds a comment with all that hangs below it.
func (p *Part) branch(ctx context.Context, a blog.Article, id uuid.UUID) (*blog.Node, error) {
	c, err := p.Page.Blog.Comment(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.ArticleID != a.ID {
		return nil, blog.ErrNotFound
	}
	root, err := p.Page.Blog.Comment(ctx, c.RootID)
	if err != nil {
		return nil, err
	}
	comments, _, err := p.Page.Blog.Thread(ctx, a.ID, justBefore(root), 1)
	if err != nil {
		return nil, err
	}
	if node := find(blog.Tree(comments), id); node != nil {
		return node, nil
	}
	return nil, blog.ErrNotFound
}

// justBefore is the last place before a comment.
func justBefore(c blog.Comment) blog.Cursor {
	at := blog.Cursor{At: c.Published, ID: c.ID}
	for i := len(at.ID) - 1; i >= 0; i-- {
		at.ID[i]--
		if at.ID[i] != 0xff {
			break
		}
	}
	return at
}

func find(nodes []*blog.Node, id uuid.UUID) *blog.Node {
	for _, n := range nodes {
		if n.Comment.ID == id {
			return n
		}
		if found := find(n.Replies, id); found != nil {
			return found
		}
	}
	return nil
}

// moreOf is where the replies of a comment are from one on.
func moreOf(n *blog.Node, from int) string {
	return "?" + url.Values{"in": {n.Comment.ID.String()}, "skip": {strconv.Itoa(from)}}.Encode()
}
