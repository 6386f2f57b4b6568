package postgres

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// outline writes a tree as text: names, answers in brackets, - for a placeholder.
func outline(nodes []*blog.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		if n.Comment.Shown() {
			b.WriteString(n.Comment.Text)
		} else {
			b.WriteString("-")
		}
		if len(n.Replies) > 0 {
			b.WriteString("(" + outline(n.Replies) + ")")
		}
	}
	return b.String()
}

// conversation inserts a(b(c)) d(e) f(g(h)) i(j) k, of which d and g are
// hidden, i and j hidden, and h is for followers only.
func conversation(t *testing.T, s *Store) (a blog.Article, named map[string]blog.Comment) {
	t.Helper()
	a, ana, _ := talk(t, s)
	named = map[string]blog.Comment{}
	for i, row := range []struct{ name, parent string }{
		{"a", ""},
		{"b", "a"},
		{"c", "b"},
		{"d", ""},
		{"e", "d"},
		{"f", ""},
		{"g", "f"},
		{"h", "g"},
		{"i", ""},
		{"j", "i"},
		{"k", ""},
	} {
		c := commentBy(ana, a, i)
		c.Text = row.name
		if row.parent != "" {
			c = answering(c, named[row.parent])
		}
		if strings.Contains("dgij", row.name) {
			c.State = blog.Hidden
		}
		if row.name == "h" {
			c.Visibility = blog.Followers
		}
		named[row.name] = c
		addComments(t, s, c)
	}
	return a, named
}

func TestThread(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, named := conversation(t, s)
	place := func(name string) blog.Cursor { return blog.Cursor{At: named[name].Published, ID: named[name].ID} }
	tests := []struct {
		name     string
		after    blog.Cursor
		branches int
		want     string
		next     blog.Cursor
	}{
		{"all", blog.Cursor{}, 9, "a(b(c))-(e)fk", blog.Cursor{}},
		{"exactly all", blog.Cursor{}, 4, "a(b(c))-(e)fk", blog.Cursor{}},
		{"first page", blog.Cursor{}, 2, "a(b(c))-(e)", place("d")},
		{"second page", place("d"), 2, "fk", blog.Cursor{}},
		{"after the last", place("k"), 2, "", blog.Cursor{}},
	}
	for _, tt := range tests {
		got, next, err := s.Thread(t.Context(), a.ID, tt.after, tt.branches)
		check(t, err)
		differ(t, tt.name, tt.want, outline(blog.Tree(got)))
		differ(t, tt.name+", next", tt.next, next)
		for _, c := range got {
			if !c.Shown() && (c.Text != "" || !c.HTML.Empty() || c.Actor.URI != "" || c.URL != "") {
				t.Errorf("%s: the placeholder tells %+v", tt.name, c)
			}
		}
	}
}

func TestThreadOfADeletedArticle(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, _ := conversation(t, s)
	check(t, s.DeleteArticle(t.Context(), a.ID, at(9), nil, audit("article.delete")))
	got, _, err := s.Thread(t.Context(), a.ID, blog.Cursor{}, 9)
	check(t, err)
	differ(t, "comments", 0, len(got))
}

func TestThreadInACircle(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	root, x, y := commentBy(ana, a, 1), commentBy(ana, a, 2), commentBy(ana, a, 3)
	root.Text = "root"
	x = answering(x, root)
	y = answering(y, x)
	y.State = blog.Hidden
	addComments(t, s, root, x, y)
	s.exec(t, `update comments set parent_id = $2 where id = $1`, x.ID, y.ID) // x and y answer each other
	got, _, err := s.Thread(t.Context(), a.ID, blog.Cursor{}, 9)
	check(t, err)
	differ(t, "outline", "root", outline(blog.Tree(got)))
}

func TestThreadKeepsDeepBranchesWhole(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	const depth = 60
	c := commentBy(ana, a, 0)
	addComments(t, s, c)
	for i := 1; i < depth; i++ {
		c = answering(commentBy(ana, a, i), c)
		addComments(t, s, c)
	}
	got, _, err := s.Thread(t.Context(), a.ID, blog.Cursor{}, 1)
	check(t, err)
	differ(t, "comments", depth, len(got))
	differ(t, "depth of the last", depth-1, got[depth-1].Depth)
	differ(t, "root of the last", got[0].ID, got[depth-1].RootID)
	if got[0].ParentID != uuid.Nil {
		t.Errorf("the first answers %s", got[0].ParentID)
	}
}
