package postgres

import (
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// wrongs is what a recount finds, without the examples.
func wrongs(t *testing.T, s *Store) map[string]int {
	t.Helper()
	found, err := s.Recount(t.Context())
	check(t, err)
	rows := map[string]int{}
	for _, m := range found {
		if m.Example == "" {
			t.Errorf("%s: no example", m.What)
		}
		rows[m.What] = m.Rows
	}
	return rows
}

// recounted is an article with two comments, one below the other, and a like
// of each, all by way of the store.
func recounted(t *testing.T, s *Store) (blog.Article, []blog.Comment) {
	t.Helper()
	a, ana, _ := talk(t, s)
	one := commentBy(ana, a, 1)
	two := commentBy(ana, a, 2)
	two.ParentID, two.RootID, two.Depth = one.ID, one.ID, 1
	addComments(t, s, one, two)
	return a, []blog.Comment{one, two}
}

// Each counter that is spoiled is found, and nothing else is.
func TestRecount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		what  string
		spoil string // with the id of the article and of the first comment
		rows  int
	}{
		{"comments of articles", `update articles set comments = comments + 1 where id = $1 and $2::uuid is not null`, 1},
		{"reactions to articles", `update articles set likes = 7 where id = $1 and $2::uuid is not null`, 1},
		{"reactions to comments", `update comments set boosts = 7 where article_id = $1 and $2::uuid is not null`, 2},
		{"answers to comments", `update comments set answers = 7 where article_id = $1 and id = $2`, 1},
		{"quotes of articles", `update articles set quoted = 7 where id = $1 and $2::uuid is not null`, 1},
		{"quotes of comments", `update comments set quoted = 7 where article_id = $1 and id = $2`, 1},
		{"articles by state", `update article_counts set articles = 7 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"articles by topic", `insert into tags select 'lost', 'Lost', 1 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"articles by author", `insert into author_counts select $1, 3 where $2::uuid is not null`, 1},
		{"followers by server", `insert into follower_servers select 'lost.test', 'lost.test', 2 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"articles by month", `update article_months set pages = 7 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"numbers", `insert into counts values ('replies', $1, 3, 1), ('followers', $2, 3, 1)`, 2},
		{"articles that search does not find", `delete from search_documents where id = $1 and $2::uuid is not null`, 1},
		{"objects of nothing", `insert into objects (id, kind, subject) select 'https://b.test/lost', 'article', gen_random_uuid() where $1::uuid is not null and $2::uuid is not null`, 1},
		{"comments apart from their thread", `update comments set root_id = gen_random_uuid() where article_id = $1 and parent_id = $2`, 1},
		{"deliveries that nobody makes", `
			with act as (
				insert into activities (id, uri, actor_id, type, json, created)
				select gen_random_uuid(), 'https://b.test/act', actor_id, 'Create', '', now() from articles where id = $1 and $2::uuid is not null
				returning id)
			insert into deliveries (activity_id, host, inbox, type, next_at, created)
			select id, 'far.test', 'https://far.test/inbox', 'Create', now(), now() from act`, 1},
		{"activities that nobody processes", `
			insert into inbound (activity_uri, actor, signer, host, type, raw, received)
			select 'https://far.test/a', '', '', '', 'Like', '', now() where $1::uuid is not null and $2::uuid is not null`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			a, list := recounted(t, s)
			differ(t, "before", map[string]int{}, wrongs(t, s))
			s.exec(t, tt.spoil, a.ID, list[0].ID)
			differ(t, "after", map[string]int{tt.what: tt.rows}, wrongs(t, s))
		})
	}
}

// Reactions to nothing cannot be told from a conversation alone.
func TestRecountLostReaction(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, list := recounted(t, s)
	s.exec(t, `
		insert into reactions (id, kind, actor_id, object_uri, activity_uri, created)
		values ($1, 'like', $2, 'https://b.test/lost', 'https://far.test/like', now())`, uuid.New(), list[0].Actor.ID)
	differ(t, "found", map[string]int{"reactions to nothing": 1}, wrongs(t, s))
}
