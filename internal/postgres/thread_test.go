package postgres

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// outline writes a tree as text: names, answers in brackets, - for a
// placeholder, + and a number for what is left out.
func outline(nodes []*blog.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		if n.Comment.Shown() {
			b.WriteString(n.Comment.Text)
		} else {
			b.WriteString("-")
		}
		below := outline(n.Replies)
		if n.Left > 0 {
			below += "+" + strconv.Itoa(n.Left)
		}
		if below != "" {
			b.WriteString("(" + below + ")")
		}
	}
	return b.String()
}

// pages is a query for a page that is large enough for the tests.
func pages(a blog.Article) blog.ThreadQuery {
	return blog.ThreadQuery{Article: a.ID, Answers: 9, Siblings: 9, Levels: 9, Room: 99}
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
		name   string
		change func(*blog.ThreadQuery)
		want   string
		next   blog.Cursor
		more   int
	}{
		{"all", nil, "a(b(c))-(e)fk", blog.Cursor{}, 0},
		{"exactly all", func(q *blog.ThreadQuery) { q.Answers = 4 }, "a(b(c))-(e)fk", blog.Cursor{}, 0},
		{"first page", func(q *blog.ThreadQuery) { q.Answers = 2 }, "a(b(c))-(e)", place("d"), 2},
		{"before the last", func(q *blog.ThreadQuery) { q.Answers = 3 }, "a(b(c))-(e)f", place("f"), 1},
		{"second page", func(q *blog.ThreadQuery) { q.Answers, q.After = 2, place("d") }, "fk", blog.Cursor{}, 0},
		{"after the last", func(q *blog.ThreadQuery) { q.After = place("k") }, "", blog.Cursor{}, 0},
		{"one level", func(q *blog.ThreadQuery) { q.Levels = 1 }, "a(+1)-(+1)fk", blog.Cursor{}, 0},
		{"two levels", func(q *blog.ThreadQuery) { q.Levels = 2 }, "a(b(+1))-(e)fk", blog.Cursor{}, 0},
		{"room for one more", func(q *blog.ThreadQuery) { q.Room = 5 }, "a(b(+1))-(+1)fk", blog.Cursor{}, 0},
		{"no room", func(q *blog.ThreadQuery) { q.Room = 1 }, "a(+1)-(+1)fk", blog.Cursor{}, 0},
		{"below one", func(q *blog.ThreadQuery) { q.In = named["a"].ID }, "b(c)", blog.Cursor{}, 0},
		{"below a placeholder", func(q *blog.ThreadQuery) { q.In = named["d"].ID }, "e", blog.Cursor{}, 0},
		{"below what is not shown", func(q *blog.ThreadQuery) { q.In = named["g"].ID }, "", blog.Cursor{}, 0},
		{"by time", func(q *blog.ThreadQuery) { q.Order = blog.OldestFirst }, "abcefk", blog.Cursor{}, 0},
		{"by time, from the newest", func(q *blog.ThreadQuery) { q.Order, q.Answers = blog.NewestFirst, 2 }, "kf", place("f"), 2},
		{"on to the oldest", func(q *blog.ThreadQuery) { q.Order, q.After = blog.NewestFirst, place("e") }, "cba", blog.Cursor{}, 0},
	}
	for _, tt := range tests {
		q := pages(a)
		if tt.change != nil {
			tt.change(&q)
		}
		got, err := s.Thread(t.Context(), q)
		check(t, err)
		if q.Order != blog.ByThread {
			blog.Walk(got.Nodes, func(n *blog.Node) { n.Left = 0 })
		}
		differ(t, tt.name, tt.want, outline(got.Nodes))
		differ(t, tt.name+", next", tt.next, got.Next)
		differ(t, tt.name+", more", tt.more, got.More)
		for _, c := range got.Comments() {
			if !c.Shown() && (c.Text != "" || !c.HTML.Empty() || c.Actor.URI != "" || c.URL != "") {
				t.Errorf("%s: the placeholder tells %+v", tt.name, c)
			}
		}
	}
}

func TestThreadByTimeSaysWhatIsAnswered(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, _ := conversation(t, s)
	q := pages(a)
	q.Order = blog.OldestFirst
	got, err := s.Thread(t.Context(), q)
	check(t, err)
	said := map[string]string{}
	for _, n := range got.Nodes {
		if n.Above != nil {
			said[n.Comment.Text] = n.Above.Text
		}
	}
	differ(t, "answers", map[string]string{"b": "a", "c": "b"}, said)
}

func TestThreadAt(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, named := conversation(t, s)
	other := published(a.ActorID, "teh", 3)
	save(t, s, other)
	tests := []struct {
		name, at string
		above    int
		in       blog.Article
		want     string
	}{
		{"top", "a", 7, a, "a(b(c))"},
		{"middle", "b", 7, a, "a(b(c))"},
		{"deep", "c", 1, a, "b(c)"},
		{"alone", "c", 0, a, "c"},
		{"below a placeholder", "e", 7, a, "-(e)"},
		{"a placeholder", "d", 7, a, "-(e)"},
		{"hidden", "i", 7, a, "not found"},
		{"of another article", "a", 7, other, "not found"},
	}
	for _, tt := range tests {
		node, err := s.ThreadAt(t.Context(), named[tt.at].ID, tt.above, pages(tt.in))
		got := "not found"
		if !errors.Is(err, blog.ErrNotFound) {
			check(t, err)
			got = outline([]*blog.Node{node})
		}
		differ(t, tt.name, tt.want, got)
	}
}

func TestThreadOfADeletedArticle(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, named := conversation(t, s)
	check(t, s.DeleteArticle(t.Context(), a.ID, at(9), nil, audit("article.delete")))
	for _, order := range []blog.ThreadOrder{blog.ByThread, blog.NewestFirst, blog.OldestFirst} {
		q := pages(a)
		q.Order = order
		got, err := s.Thread(t.Context(), q)
		check(t, err)
		differ(t, "comments", 0, len(got.Nodes))
	}
	if _, err := s.ThreadAt(t.Context(), named["a"].ID, 1, pages(a)); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("at a comment: %v", err)
	}
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
	s.exec(t, `update comments set state = 'hidden' where id = $1`, x.ID)
	s.exec(t, `update comments set state = 'visible' where id = $1`, x.ID)
	got, err := s.Thread(t.Context(), pages(a))
	check(t, err)
	differ(t, "outline", "root", outline(got.Nodes))
	if _, err := s.ThreadAt(t.Context(), y.ID, 40, pages(a)); err != nil {
		t.Error(err)
	}
}

func TestThreadGoesDeep(t *testing.T) {
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
	q := pages(a)
	q.Levels = depth
	got, err := s.Thread(t.Context(), q)
	check(t, err)
	all := got.Comments()
	differ(t, "comments", depth, len(all))
	differ(t, "depth of the last", depth-1, all[depth-1].Depth)
	differ(t, "root of the last", all[0].ID, all[depth-1].RootID)
	if all[0].ParentID != uuid.Nil {
		t.Errorf("the first answers %s", all[0].ParentID)
	}
}

// checkAnswers compares every counter with a count of what stands.
func checkAnswers(t *testing.T, s *Store, when string) {
	t.Helper()
	var wrong int
	check(t, s.pool.QueryRow(t.Context(), `
		with recursive seen as (
			select id, parent_id from comments where `+shownComment+`
			union
			select p.id, p.parent_id from seen join comments p on p.id = seen.parent_id
		)
		select count(*) from comments c
		where answers <> (select count(*) from seen where parent_id = c.id) or stands <> (c.id in (select id from seen))`,
	).Scan(&wrong))
	if wrong != 0 {
		t.Errorf("%s: %d counters are wrong", when, wrong)
	}
}

// The counters of answers follow whatever is written, in whatever order and by
// how many at once.
func TestAnswersAreCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	r := rand.New(rand.NewPCG(1, 2))
	var all []blog.Comment
	for i := range 60 {
		c := commentBy([]blog.Actor{ana, budi}[i%2], a, i)
		if i > 5 {
			c = answering(c, all[r.IntN(len(all))])
		}
		c.State = []blog.State{blog.Visible, blog.Hidden, blog.Waiting}[r.IntN(3)]
		all = append(all, c)
		addComments(t, s, c)
	}
	checkAnswers(t, s, "inserted")
	for _, statement := range []string{
		`update comments set state = 'hidden' where depth = 1`,
		`update comments set state = 'visible' where depth in (1, 3)`,
		`update comments set visibility = 'followers' where actor_id = (select min(actor_id::text)::uuid from comments)`,
		`update comments set state = 'spam'`,
		`update comments set state = 'visible', visibility = 'public' where abs(hashtext(id::text)) % 3 = 0`,
		`update comments set article_id = null, parent_id = null where depth = 2 and abs(hashtext(id::text)) % 2 = 0`,
		`update comments set state = 'deleted' where depth = 0`,
		`delete from comments c where not exists (select from comments below where below.parent_id = c.id)`,
	} {
		s.exec(t, statement)
		checkAnswers(t, s, statement)
	}
}

func TestAnswersAreCountedAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	const branches, deep = 4, 3
	var chains [branches][]blog.Comment
	for i := range chains {
		for j := range deep {
			c := commentBy(ana, a, j)
			if j > 0 {
				c = answering(c, chains[i][j-1])
			}
			chains[i] = append(chains[i], c)
			addComments(t, s, c)
		}
	}
	errs := make(chan error)
	const workers = 8
	for w := range workers {
		go func() {
			r := rand.New(rand.NewPCG(uint64(w), 3)) //nolint:gosec // a worker's number
			var err error
			for range 40 {
				c := chains[r.IntN(branches)][r.IntN(deep)]
				state := []blog.State{blog.Visible, blog.Hidden}[r.IntN(2)]
				if r.IntN(3) == 0 {
					reply := answering(commentBy(ana, a, 9), c)
					reply.State = state
					err = errors.Join(err, s.AddComments(t.Context(), federation.NewComment{Comment: reply}))
					continue
				}
				err = errors.Join(err, s.tx(t.Context(), func(tx pgx.Tx) error {
					_, err := tx.Exec(t.Context(), `update comments set state = $2 where id = $1`, c.ID, state)
					return err
				}))
			}
			errs <- err
		}()
	}
	for range workers {
		check(t, <-errs)
	}
	checkAnswers(t, s, "at once")
}
