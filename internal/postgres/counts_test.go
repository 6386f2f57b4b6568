package postgres

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// Whatever happens to comments, in any order: collections are said to have what
// they list, and what was counted on the way is what a count of everything gives.
func TestCollectionsCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	one, ana, _ := talk(t, s)
	other := published(one.ActorID, "teh", 1)
	save(t, s, other)
	r := rand.New(rand.NewPCG(3, 4))
	var all []blog.Comment
	for i := range 24 {
		c := commentBy(ana, []blog.Article{one, other}[i%2], i)
		if i > 3 && i%3 > 0 {
			c = answering(c, all[i-2-2*r.IntN(i/2-1)])
		}
		c.Local = i%5 == 0
		all = append(all, c)
		addComments(t, s, c)
	}
	for range 60 {
		s.exec(t, changeComment(r), fmt.Sprint(r.IntN(len(all))))
	}
	s.exec(t, `update articles a set comments = (select count(*) from comments where article_id = a.id and `+shownComment+`)`)
	lists := 0
	for _, a := range []blog.Article{one, other} {
		parts := []federation.ThreadPart{{Everything: true}, {}}
		for _, c := range all {
			parts = append(parts, federation.ThreadPart{Parent: c.ID})
		}
		for _, part := range parts {
			listed, err := s.ThreadURIs(t.Context(), a.ID, part, blog.Cursor{}, 1000)
			check(t, err)
			n, err := s.ThreadCount(t.Context(), a.ID, part)
			check(t, err)
			differ(t, fmt.Sprintf("%s %+v", a.Slug, part), len(listed), n)
			if n > 0 {
				lists++
			}
		}
	}
	if lists < 6 {
		t.Errorf("%d lists have anything in them, want some to compare", lists)
	}
	ours := 0
	check(t, s.pool.QueryRow(t.Context(), `select count(*) from comments where local and `+shownComment).Scan(&ours))
	n, err := s.LocalComments(t.Context())
	check(t, err)
	differ(t, "local comments", ours, n)
	for _, what := range []string{"numbers", "answers to comments"} {
		differ(t, what, 0, wrongs(t, s)[what])
	}
}

// changeComment is a statement that does something to the nth comment.
func changeComment(r *rand.Rand) string {
	set := []string{
		`state = 'visible'`, `state = 'hidden'`, `state = 'deleted'`, `visibility = 'public'`, `visibility = 'direct'`,
		`quotes = 'https://b.test/q', in_reply_to = ''`, `quotes = 'https://b.test/q'`, `quotes = ''`, `in_reply_to = 'https://b.test/x'`,
		`parent_id = null`, `likes = likes + 1`,
	}
	alone := []string{
		`update comments set article_id = null, parent_id = null`, `update comments set article_id = (select id from articles where slug = 'kopi'), parent_id = null`,
		`update comments set article_id = (select id from articles where slug = 'teh'), parent_id = null`, `delete from comments`,
	}
	nth := ` where id = (select id from comments order by created, id offset $1::int limit 1)`
	if i := r.IntN(len(set) + len(alone)); i < len(set) {
		return `update comments set ` + set[i] + nth
	}
	return alone[r.IntN(len(alone))] + nth + ` and not exists (select from comments b where b.parent_id = comments.id)`
}

// What follows is counted by whom it is of, and once by who follows.
func TestFollowersCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ours := addBlogActor(t, s)
	author := addActor(t, s, blog.AuthorActor, "ratri", "b.test")
	var people []uuid.UUID
	for i := range 4 {
		people = append(people, addActor(t, s, blog.Remote, fmt.Sprint("p", i), fmt.Sprintf("s%d.test", i/2)).ID)
	}
	counted := func(what string, want ...int) {
		t.Helper()
		all, err := s.FollowerCount(t.Context())
		check(t, err)
		a, err := s.FollowersOf(t.Context(), ours.ID)
		check(t, err)
		b, err := s.FollowersOf(t.Context(), author.ID)
		check(t, err)
		found, servers, err := s.FollowerServers(t.Context(), 9)
		check(t, err)
		differ(t, what, want, []int{all, a, b, servers})
		differ(t, what+": servers", want[3], len(found))
		differ(t, what+": recount", 0, wrongs(t, s)["numbers"])
	}
	counted("nobody", 0, 0, 0, 0)
	follow := `insert into followers (target_id, actor_id, follow_uri, created) select $1, p, 'x', now() from unnest($2::uuid[]) p on conflict do nothing`
	s.exec(t, follow, ours.ID, people)
	counted("the blog", 4, 4, 0, 2)
	s.exec(t, follow, ours.ID, people)
	counted("once more", 4, 4, 0, 2)
	s.exec(t, follow, author.ID, people[:1])
	counted("and an author", 4, 4, 1, 2)
	s.exec(t, `delete from followers where target_id = $1 and actor_id = any ($2)`, ours.ID, slices.Concat(people[:1], people[2:]))
	counted("some go", 2, 1, 1, 1)
	s.exec(t, `update actors set domain = 'moved.test' where id = $1`, people[1])
	counted("one moves", 2, 1, 1, 2)
	s.exec(t, `delete from followers`)
	counted("all go", 0, 0, 0, 0)
}

// Months follow whatever happens to articles.
func TestMonthsFollow(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	for i := range 8 {
		save(t, s, draft(actor, fmt.Sprint("a", i)))
	}
	r := rand.New(rand.NewPCG(5, 6))
	set := []string{
		`status = 'published', published = '2026-01-31 20:00Z'`, `status = 'published', published = '2026-02-01 20:00Z'`, `status = 'deleted'`,
		`published = '2026-03-01 03:00Z', updated = null`, `updated = '2027-01-01'`, `static = not static`, `title = 'x'`, `status = 'draft'`,
		`translation_of = case when translation_of is null then (select id from articles order by slug limit 1) end, language = gen_random_uuid()::text`,
	}
	for range 150 {
		s.exec(t, `update articles set `+set[r.IntN(len(set))]+` where id = (select id from articles order by slug offset $1 limit 1)`, r.IntN(8))
		if wrong := wrongs(t, s)["articles by month"]; wrong > 0 {
			t.Fatalf("%d months are wrong", wrong)
		}
	}
	s.exec(t, `truncate slugs, revisions`)
	s.exec(t, `update articles set translation_of = null`)
	s.exec(t, `delete from articles`)
	differ(t, "after deleting", 0, wrongs(t, s)["articles by month"])
}
