package postgres

import (
	"errors"
	"testing"
	"time"

	"kabar/internal/blog"
)

func addFollower(t *testing.T, s *Store, target, by blog.Actor, created time.Time) blog.Follower {
	t.Helper()
	s.exec(t, `insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, $3, $4)`,
		target.ID, by.ID, by.URI+"#follow", created)
	return blog.Follower{Actor: by, Target: target.ID, Created: created}
}

func TestFollowers(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	target, author := addBlogActor(t, s), addActor(t, s, blog.AuthorActor, "author", "b.test")
	ana := addFollower(t, s, target, addActor(t, s, blog.Remote, "ana_k", "a.test"), at(1))
	budi := addFollower(t, s, target, addActor(t, s, blog.Remote, "budi", "kopi.test"), at(2))
	cici := addFollower(t, s, target, addActor(t, s, blog.Remote, "cici", "a.test"), at(3))
	tests := []struct {
		name string
		in   blog.FollowerQuery
		want []blog.Follower
	}{
		{"newest first", blog.FollowerQuery{Limit: 9}, []blog.Follower{cici, budi, ana}},
		{"page", blog.FollowerQuery{Limit: 1, Before: cici.Cursor()}, []blog.Follower{budi}},
		{"name", blog.FollowerQuery{Limit: 9, Search: "the BUDI"}, []blog.Follower{budi}},
		{"handle", blog.FollowerQuery{Limit: 9, Search: "@cici@a.test"}, []blog.Follower{cici}},
		{"server", blog.FollowerQuery{Limit: 9, Search: "kopi"}, []blog.Follower{budi}},
		{"no wildcard", blog.FollowerQuery{Limit: 9, Search: "_"}, []blog.Follower{ana}},
		{"nobody", blog.FollowerQuery{Limit: 9, Search: "%"}, []blog.Follower{}},
	}
	for _, tt := range tests {
		got, err := s.Followers(t.Context(), tt.in)
		check(t, err)
		differ(t, tt.name, tt.want, got)
	}
	addFollower(t, s, author, ana.Actor, at(4))
	n, err := s.FollowerCount(t.Context())
	check(t, err)
	differ(t, "people", 3, n)
}

func TestRemoveFollower(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	target, ana := addBlogActor(t, s), addActor(t, s, blog.Remote, "ana", "a.test")
	addFollower(t, s, target, ana, at(1))
	heard, activity := hear(s), newID()
	check(t, s.RemoveFollower(t.Context(), target.ID, ana.ID, activity, audit("follower.remove")))
	n, err := s.FollowerCount(t.Context())
	check(t, err)
	differ(t, "followers", 0, n)
	differ(t, "tags", []string{blog.PageActor(target.ID)}, *heard)
	differ(t, "jobs", []string{`{"inbox": "https://a.test/users/ana/inbox", "target": "` + target.ID.String() +
		`", "activity": "` + activity.String() + `", "actor_uri": "https://a.test/users/ana", ` +
		`"follow_uri": "https://a.test/users/ana#follow"}`}, queued(t, s, "follower_removed"))
	err = s.RemoveFollower(t.Context(), target.ID, ana.ID, newID(), audit("x"))
	if !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("second time: got %v", err)
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	hosts := []string{"bad.test", "sub.bad.test", "bad.test:8443", "notbad.test", "good.test"}
	tests := []struct {
		name        string
		kind, value string
	}{
		{"domain with its subdomains", "domain", "bad.test"},
		{"domain with a port", "domain", "bad.test:8443"},
		{"actor", "actor", "https://good.test/users/u"},
		{"nobody", "domain", "test.test"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			target := addBlogActor(t, s)
			b := blog.Block{Kind: tt.kind, Value: tt.value, Severity: blog.SeverityBlock, Reason: "spam", Created: at(9)}
			var want []blog.Follower // those not covered, by the rule of package blog
			for i, host := range hosts {
				f := addFollower(t, s, target, addActor(t, s, blog.Remote, "u", host), at(-i))
				if !blog.Blocked([]blog.Block{b}, f.Actor.URI, host) {
					want = append(want, f)
				}
			}
			heard := hear(s)
			check(t, s.AddBlocks(t.Context(), []blog.Block{b}, newID, audit("block.add")))
			got, err := s.Followers(t.Context(), blog.FollowerQuery{Limit: 9})
			check(t, err)
			differ(t, "followers left", want, got)
			differ(t, "heard", len(want) < len(hosts), len(*heard) > 0)
			differ(t, "told", len(hosts)-len(want), len(queued(t, s, "follower_removed")))
			blocks, err := s.Blocks(t.Context())
			check(t, err)
			differ(t, "blocks", []blog.Block{b}, blocks)
		})
	}
}

func TestBlockAgainAndBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	b := blog.Block{Kind: "domain", Value: "bad.test", Severity: blog.SeverityBlock, Reason: "spam", Created: at(0)}
	check(t, s.AddBlocks(t.Context(), []blog.Block{b}, newID, audit("block.add")))
	b.Reason = "worse"
	check(t, s.AddBlocks(t.Context(), []blog.Block{b}, newID, audit("block.add")))
	blocks, err := s.Blocks(t.Context())
	check(t, err)
	differ(t, "blocks", []blog.Block{b}, blocks)
	check(t, s.RemoveBlock(t.Context(), b.Kind, b.Value, audit("block.remove")))
	if err := s.RemoveBlock(t.Context(), b.Kind, b.Value, audit("x")); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("second time: got %v", err)
	}
	differ(t, "audit", []string{"block.add", "block.add", "block.remove"}, actions(t, s))
}
