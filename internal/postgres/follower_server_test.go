package postgres

import (
	"testing"

	"kabar/internal/blog"
)

func TestFollowerServers(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	target := addBlogActor(t, s)
	for i, acct := range [][2]string{{"ana", "a.test"}, {"budi", "b2.test"}, {"cici", "a.test"}, {"dedi", "c.test"}} {
		addFollower(t, s, target, addActor(t, s, blog.Remote, acct[0], acct[1]), at(i))
	}
	s.exec(t, `insert into hosts (host, software) values ('a.test', 'Mastodon')`)
	s.exec(t, `update actors set shared_inbox = 'https://shared.test/inbox' where domain = 'a.test'`)
	servers, total, err := s.FollowerServers(t.Context(), 2)
	check(t, err)
	differ(t, "total", 3, total)
	differ(t, "servers", []blog.ServerFollowers{
		{Domain: "a.test", Software: "Mastodon", Followers: 2}, {Domain: "b2.test", Followers: 1},
	}, servers)
	counts, err := s.FollowersByHost(t.Context(), []string{"shared.test", "c.test", "a.test"})
	check(t, err)
	differ(t, "by host", map[string]int{"shared.test": 2, "c.test": 1}, counts)
}
