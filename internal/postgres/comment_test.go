package postgres

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// commentBy is a shown comment that answers the article, at the minute.
func commentBy(by blog.Actor, a blog.Article, minute int) blog.Comment {
	id := newID()
	return blog.Comment{
		ID: id, ObjectURI: "https://" + by.Domain + "/notes/" + id.String(), ArticleID: a.ID, RootID: id,
		InReplyTo: a.ObjectURI, Actor: by, HTML: safe("<p>Well</p>"), Text: "Well", Policy: 1, Language: "id",
		URL:         "https://" + by.Domain + "/@" + by.Handle + "/" + id.String(),
		Attachments: []blog.Attachment{{URL: "https://a.test/i.png", Type: "image/png", Description: "A cup"}},
		Mentions:    []blog.Mention{{Handle: "blog@b.test"}},
		Visibility:  blog.Public, State: blog.Visible, Published: at(minute), Created: at(minute),
	}
}

// answering is c as an answer to another comment.
func answering(c, parent blog.Comment) blog.Comment {
	c.ParentID, c.RootID, c.Depth, c.InReplyTo = parent.ID, parent.RootID, parent.Depth+1, parent.ObjectURI
	return c
}

// addComments inserts comments and counts those shown.
func addComments(t *testing.T, s *Store, list ...blog.Comment) {
	t.Helper()
	for _, c := range list {
		check(t, s.tx(t.Context(), func(tx pgx.Tx) error {
			if err := insertComment(t.Context(), tx, c); err != nil {
				return err
			}
			return recount(t.Context(), tx, blog.Comment{ArticleID: c.ArticleID}, c)
		}))
	}
}

// checkCount compares the counter of the article with the rule for it.
func checkCount(t *testing.T, s *Store, article uuid.UUID, want int) {
	t.Helper()
	var counted, there int
	check(t, s.pool.QueryRow(t.Context(), `
		select comments, (select count(*) from comments where article_id = articles.id and `+shownComment+`)
		from articles where id = $1`, article).Scan(&counted, &there))
	differ(t, "counter and comments", [2]int{want, want}, [2]int{counted, there})
}

// talk is a published article and two remote people.
func talk(t *testing.T, s *Store) (a blog.Article, ana, budi blog.Actor) {
	t.Helper()
	a = published(addBlogActor(t, s).ID, "kopi", 0)
	save(t, s, a)
	return a, addActor(t, s, blog.Remote, "ana", "a.test"), addActor(t, s, blog.Remote, "budi", "b2.test")
}

func TestInsertReply(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	heard := hear(s)
	question := commentBy(ana, a, 1)
	addComments(t, s, question)
	reply := answering(commentBy(ana, a, 2), question)
	reply.Actor, _ = s.LocalActor(t.Context(), blog.BlogActor, "")
	reply.Local, reply.Markdown = true, "Well"
	check(t, s.InsertReply(t.Context(), reply, blog.CommentChanged{Comment: reply.ID}, audit("comment.reply")))

	got, err := s.Comment(t.Context(), reply.ID)
	check(t, err)
	differ(t, "reply", reply, got)
	differ(t, "tags", []string{blog.PageArticle(a.ID)}, *heard)
	differ(t, "jobs", 1, len(queued(t, s, "comment_changed")))
	checkCount(t, s, a.ID, 2)

	check(t, s.DeleteArticle(t.Context(), a.ID, at(3), nil, audit("article.delete")))
	late := commentBy(ana, a, 4)
	err = s.InsertReply(t.Context(), late, blog.CommentChanged{}, audit("late"))
	if !errors.Is(err, blog.ErrGone) {
		t.Errorf("below a deleted article: got %v", err)
	}
}

func TestEditReply(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := commentBy(ana, a, 1)
	addComments(t, s, c)
	heard := hear(s)
	c.Markdown, c.HTML, c.Text, c.Warning, c.Sensitive, c.Edited = "New", safe("<p>New</p>"), "New", "Hot", true, at(2)
	check(t, s.EditReply(t.Context(), c, blog.CommentChanged{Comment: c.ID, Change: "update"}, audit("comment.edit")))
	got, err := s.Comment(t.Context(), c.ID)
	check(t, err)
	differ(t, "edited", c, got)
	differ(t, "tags", []string{blog.PageArticle(a.ID)}, *heard)
	differ(t, "jobs", 1, len(queued(t, s, "comment_changed")))
	c.ID = newID()
	if err := s.EditReply(t.Context(), c, blog.CommentChanged{}, audit("x")); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown: got %v", err)
	}
}

func TestDeleteReply(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := commentBy(ana, a, 1)
	addComments(t, s, c, commentBy(ana, a, 2))
	heard := hear(s)
	check(t, s.DeleteReply(t.Context(), c.ID, at(3), blog.CommentChanged{Comment: c.ID}, audit("comment.delete")))
	got, err := s.CommentByObject(t.Context(), c.ObjectURI)
	check(t, err)
	want := c
	want.HTML, want.Text, want.Attachments, want.Mentions = safe(""), "", []blog.Attachment{}, []blog.Mention{}
	want.State, want.Deleted = blog.CommentDeleted, at(3)
	differ(t, "what is left", want, got)
	differ(t, "tags", []string{blog.PageArticle(a.ID)}, *heard)
	checkCount(t, s, a.ID, 1)
	for name, err := range map[string]error{
		"delete": s.DeleteReply(t.Context(), c.ID, at(4), blog.CommentChanged{}, audit("x")),
		"edit":   s.EditReply(t.Context(), c, blog.CommentChanged{}, audit("x")),
	} {
		if !errors.Is(err, blog.ErrGone) {
			t.Errorf("%s after the deletion: got %v", name, err)
		}
	}
	differ(t, "jobs", 1, len(queued(t, s, "comment_changed")))
}

func TestFindComment(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := commentBy(ana, a, 1)
	addComments(t, s, c)
	s.exec(t, `insert into objects (id, kind, deleted) values ('https://a.test/gone', 'unknown', now())`)
	tests := []struct {
		name string
		find func(string) (blog.Comment, error)
		in   string
		want error
	}{
		{"object", func(u string) (blog.Comment, error) { return s.CommentByObject(t.Context(), u) }, c.ObjectURI, nil},
		{"deleted before it came", func(u string) (blog.Comment, error) { return s.CommentByObject(t.Context(), u) }, "https://a.test/gone", blog.ErrGone},
		{"unknown object", func(u string) (blog.Comment, error) { return s.CommentByObject(t.Context(), u) }, c.URL, blog.ErrNotFound},
		{"page", func(u string) (blog.Comment, error) { return s.CommentByPage(t.Context(), u) }, c.URL, nil},
		{"no page", func(u string) (blog.Comment, error) { return s.CommentByPage(t.Context(), u) }, "", blog.ErrNotFound},
	}
	for _, tt := range tests {
		got, err := tt.find(tt.in)
		if !errors.Is(err, tt.want) || err == nil && got.ID != c.ID {
			t.Errorf("%s: got %s, %v", tt.name, got.ID, err)
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	list := make([]blog.Comment, 6)
	for i := range list {
		list[i] = commentBy(ana, a, i)
		list[i].Text = string(rune('a' + i))
	}
	list[1].State, list[2].State, list[3].State = blog.Hidden, blog.CommentDeleted, blog.Waiting
	list[4].ArticleID, list[4].RootID = uuid.Nil, uuid.Nil
	list[5].ArticleID, list[5].RootID, list[5].Visibility, list[5].Actor = uuid.Nil, uuid.Nil, blog.Direct, budi
	addComments(t, s, list...)
	tests := []struct {
		name string
		in   blog.CommentQuery
		want string
	}{
		{"all but deleted", blog.CommentQuery{Limit: 9}, "fedba"},
		{"page", blog.CommentQuery{Limit: 2}, "fe"},
		{"next page", blog.CommentQuery{Limit: 2, Before: list[4].Cursor()}, "db"},
		{"states", blog.CommentQuery{Limit: 9, States: []blog.State{blog.Hidden, blog.CommentDeleted}}, "cb"},
		{"words", blog.CommentQuery{Limit: 9, Search: "D"}, "fd"},
		{"person", blog.CommentQuery{Limit: 9, Search: "@budi@b2"}, "f"},
		{"public", blog.CommentQuery{Limit: 9, Public: true}, "edba"},
		{"private", blog.CommentQuery{Limit: 9, Private: true}, "f"},
		{"unattached", blog.CommentQuery{Limit: 9, Unattached: true}, "e"},
		{"article", blog.CommentQuery{Limit: 9, Article: a.ID}, "dba"},
	}
	for _, tt := range tests {
		found, err := s.Comments(t.Context(), tt.in)
		check(t, err)
		got := ""
		for _, c := range found {
			got += c.Text
		}
		differ(t, tt.name, tt.want, got)
	}
	for _, words := range []string{"D", "@budi@b2", "c", "nothing"} {
		whole, err := s.Comments(t.Context(), blog.CommentQuery{Limit: 9, Search: words})
		check(t, err)
		for n := range 7 {
			q := blog.CommentQuery{Limit: 9, Search: words}
			got := []blog.Comment{}
			for more := true; more; q.Before, more = q.Last, !q.Last.IsZero() {
				q.Last, err = s.NthComment(t.Context(), q.Before, n+1)
				check(t, err)
				found, err := s.Comments(t.Context(), q)
				check(t, err)
				got = append(got, found...)
			}
			differ(t, fmt.Sprintf("%q, %d at a time", words, n+1), whole, got)
		}
	}
	counts, err := s.CommentCounts(t.Context())
	check(t, err)
	differ(t, "counts", map[blog.State]int{blog.Visible: 3, blog.Hidden: 1, blog.CommentDeleted: 1, blog.Waiting: 1}, counts)
}
