package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// What a page of a conversation holds at most. The rest is linked; following
// the links leads to every comment once.
const (
	threadAnswers  = 50  // to the article, or to the comment whose answers are read
	threadSiblings = 20  // to any comment below
	threadLevels   = 8   // below each other
	threadRoom     = 500 // comments
	threadAbove    = 7   // what a comment stands in when its own address is asked for
)

// thread is the part of a conversation that the query of the request names: in
// an order (?order=), from a place on (?after=), what hangs below a comment
// (?in=), or what stands around one (?c=).
func (p *Part) thread(r *http.Request, who *people, a blog.Article, shown *templates.ArticlePage) (*stage, error) {
	made := &shown.Thread
	since, err := p.Page.Blog.LastChange(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	q, at, err := threadQuery(r, a)
	if err != nil {
		return nil, err
	}
	t, err := p.Page.Blog.Thread(r.Context(), q)
	if err != nil {
		return nil, err
	}
	if at != uuid.Nil && t.Find(at) == nil {
		if t, made.Alone, err = p.threadAt(r, at, t, q); err != nil {
			return nil, err
		}
	}
	s, err := p.stage(r.Context(), who, a, t)
	if err != nil {
		return nil, err
	}
	s.alone, s.answerable = made.Alone, shown.Respond.Web && !shown.Respond.Closed
	made.Closed = shown.Respond.Closed
	if made.In, err = s.in(r.Context(), q); err != nil {
		return nil, err
	}
	made.Total, made.Orders = a.Comments, orders(who.lang, a, q.Order)
	if made.Comments, err = s.stand(r.Context(), t.Nodes); err != nil {
		return nil, err
	}
	if !t.Next.IsZero() {
		made.Next, made.NextSize = nextPage(q, t.Next), t.More
	}
	made.Live, made.Open = liveAddress(who, a, since), openEnd(q, made)
	if made.Alone || !q.After.IsZero() || q.In != uuid.Nil {
		made.Prev = articlePath(a) + "#responses"
	}
	return s, nil
}

// in is the comment whose answers the page shows.
func (s *stage) in(ctx context.Context, q blog.ThreadQuery) (*templates.Link, error) {
	if q.In == uuid.Nil {
		return nil, nil
	}
	c, err := s.who.part.Page.Blog.Comment(ctx, q.In)
	if err != nil {
		return nil, err
	}
	if c.ArticleID != q.Article {
		return nil, blog.ErrNotFound
	}
	link := &templates.Link{URL: s.path + blog.CommentPlace(c.ID)}
	if c.Shown() {
		link.Text = s.who.person(c.Actor).DisplayName()
	}
	return link, nil
}

// threadQuery reads which page of a conversation is asked for, and whether it
// is to show a certain comment.
func threadQuery(r *http.Request, a blog.Article) (q blog.ThreadQuery, at uuid.UUID, err error) {
	query := r.URL.Query()
	q = blog.ThreadQuery{
		Article: a.ID, Order: blog.ThreadOrder(query.Get("order")),
		Answers: threadAnswers, Siblings: threadSiblings, Levels: threadLevels, Room: threadRoom,
	}
	if q.Order != blog.ByThread && q.Order != blog.OldestFirst && q.Order != blog.NewestFirst {
		return q, at, &blog.Invalid{Field: "order", Problem: "page", Detail: query.Get("order")}
	}
	for name, id := range map[string]*uuid.UUID{"in": &q.In, "c": &at} {
		if !query.Has(name) {
			continue
		}
		if *id, err = uuid.Parse(query.Get(name)); err != nil {
			return q, at, &blog.Invalid{Field: name, Problem: "page", Detail: query.Get(name)}
		}
	}
	q.After, err = page.ParseCursor(query.Get("after"))
	return q, at, err
}

// threadAt is a comment that the first page does not show, with what stands
// around it. One of which readers see nothing leaves the page as it is.
func (p *Part) threadAt(
	r *http.Request, at uuid.UUID, page blog.Thread, q blog.ThreadQuery,
) (t blog.Thread, alone bool, err error) {
	node, err := p.Page.Blog.ThreadAt(r.Context(), at, threadAbove, q)
	if errors.Is(err, blog.ErrNotFound) {
		return page, false, nil
	}
	if err != nil {
		return t, false, err
	}
	return blog.Thread{Nodes: []*blog.Node{node}}, true, nil
}

// orders are the ways to read a conversation, when there is something to order.
func orders(lang string, a blog.Article, present blog.ThreadOrder) []templates.Link {
	if a.Comments < 2 {
		return nil
	}
	var all []templates.Link
	for _, order := range []blog.ThreadOrder{blog.ByThread, blog.NewestFirst, blog.OldestFirst} {
		name, query := "thread", ""
		if order != blog.ByThread {
			name, query = string(order), "?order="+string(order)
		}
		all = append(all, templates.Link{
			Text: i18n.T(lang, "responses.order."+name), URL: articlePath(a) + query + "#responses", Current: order == present,
		})
	}
	return all
}

// nextPage is where the answers from a place on are.
func nextPage(q blog.ThreadQuery, at blog.Cursor) string {
	query := url.Values{"after": {page.Cursor(at)}}
	if q.In != uuid.Nil {
		query.Set("in", q.In.String())
	}
	if q.Order != blog.ByThread {
		query.Set("order", string(q.Order))
	}
	return "?" + query.Encode() + "#responses"
}

// restOf is where the answers to a comment are that a page leaves out.
func restOf(n *blog.Node) string {
	query := url.Values{"in": {n.Comment.ID.String()}}
	if len(n.Replies) > 0 {
		query.Set("after", page.Cursor(n.Replies[len(n.Replies)-1].Cursor()))
	}
	return "?" + query.Encode() + "#responses"
}
