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
		{"deliveries by activity and state", `insert into delivery_counts select $1, 'waiting', 0, 3 where $2::uuid is not null`, 1},
		{"letters of issues", `
			with i as (
				insert into issues (id, name, until, created) select gen_random_uuid(), 'x', now(), now() where $1::uuid is not null and $2::uuid is not null
				returning id)
			insert into letter_counts select id, 'sent', 2 from i`, 1},
		{"views by day and site", `insert into view_days select '2026-11-25', 'lost.test', 1, 1 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"views of articles by period", `insert into view_articles select 30, $1, 2, 1 where $2::uuid is not null`, 1},
		{"bytes of copies", `insert into remote_media_bytes select 3, 7 where $1::uuid is not null and $2::uuid is not null`, 1},
		{"copies that nothing shows", `
			insert into remote_media (id, url, host, server, used)
			select gen_random_uuid(), 'https://m.test/1.png', 'm.test', 'm.test', now() where $1::uuid is not null and $2::uuid is not null`, 1},
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

// A quote counts while its post is there, whichever came first.
func TestRecountQuotes(t *testing.T) {
	t.Parallel()
	const quote = `
		insert into quotes (id, object_uri, actor_id, target_uri, owner_id, state, created)
		select gen_random_uuid(), $2, id, 'https://b.test/o', id, 'approved', now() from actors where id = $1`
	tests := []struct {
		name   string
		before bool   // the quote is there before the post
		then   string // with the id of the post
		want   map[blog.QuoteState]int
	}{
		{"post first", false, `select $1::uuid`, map[blog.QuoteState]int{blog.QuoteApproved: 1}},
		{"quote first", true, `select $1::uuid`, map[blog.QuoteState]int{blog.QuoteApproved: 1}},
		{"hidden", false, `update comments set state = 'hidden' where id = $1`, map[blog.QuoteState]int{blog.QuoteApproved: 1}},
		{"deleted", false, `update comments set state = 'deleted' where id = $1`, map[blog.QuoteState]int{}},
		{"gone", true, `delete from comments where id = $1`, map[blog.QuoteState]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			a, ana, _ := talk(t, s)
			post := commentBy(ana, a, 1)
			if tt.before {
				s.exec(t, quote, post.Actor.ID, post.ObjectURI)
			}
			addComments(t, s, post)
			if !tt.before {
				s.exec(t, quote, post.Actor.ID, post.ObjectURI)
			}
			s.exec(t, tt.then, post.ID)
			counts, err := s.QuoteCounts(t.Context())
			check(t, err)
			differ(t, "counts", tt.want, counts)
			found := wrongs(t, s)
			if found["quotes whose post is there"] != 0 {
				t.Errorf("miscounted: %v", found)
			}
			s.exec(t, `update quotes set posted = not posted`)
			differ(t, "spoiled", 1, wrongs(t, s)["quotes whose post is there"])
		})
	}
}
