package postgres

import (
	"testing"
	"time"

	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
)

// TestServers follows servers from the first look at an actor to the page.
func TestServers(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	save := func(uri string) {
		t.Helper()
		_, err := s.SaveRemoteActor(t.Context(), federation.RemoteActor{URI: uri, Type: "Person", Handle: "u"})
		check(t, err)
	}
	claim := func(minutes, limit int) []federation.Server {
		t.Helper()
		found, err := s.ClaimServers(t.Context(), at(minutes), time.Hour, limit)
		check(t, err)
		return found
	}
	for _, uri := range []string{
		"https://A.test/users/u", "https://blocked.test/u", "https://x.blocked.test:8443/u", "https://silent.test/u", "https://gone.test/u",
	} {
		save(uri)
	}
	check(t, s.AddBlocks(t.Context(), []blog.Block{{Kind: "domain", Value: "blocked.test", Created: at(0)}}, newID, audit("block")))
	s.exec(t, `update hosts set suspended = $1 where host = 'silent.test'`, at(0))
	s.exec(t, `update actors set deleted = $1 where uri = 'https://gone.test/u'`, at(0))

	want := []federation.Server{{Host: "a.test", Actor: "https://A.test/users/u"}}
	differ(t, "first claim", want, claim(0, 20))
	differ(t, "while it is asked", 0, len(claim(59, 20)))
	differ(t, "after an hour", want, claim(60, 20))
	check(t, s.ReleaseServers(t.Context(), want))
	save("https://b.test/u")
	differ(t, "given back, and a new one", []int{1, 1}, []int{len(claim(61, 1)), len(claim(61, 20))})

	mika := addActor(t, s, blog.Remote, "mika", "a.test")
	addActor(t, s, blog.Remote, "silent", "a.test")
	s.exec(t, `
		insert into comments (id, object_uri, in_reply_to, actor_id, visibility, state, published, created)
		values ($1, 'https://a.test/1', 'x', $2, 'public', 'visible', $3, $3)`, newID(), mika.ID, at(0))
	tags := hear(s)
	want[0].Software, want[0].Small = "Misskey", true
	for range 2 {
		check(t, s.SetSoftware(t.Context(), want, at(10_000)))
	}
	differ(t, "pages, once", []string{blog.PageActor(mika.ID)}, *tags)
	mika, err := s.Actor(t.Context(), mika.ID)
	check(t, err)
	differ(t, "software", "Misskey", mika.Software)
	want[0].Software, want[0].Small = "Mastodon", false
	check(t, s.SetSoftware(t.Context(), want, at(10_000)))
	check(t, s.RecordDeliveries(t.Context(), at(1), []delivery.Result{{Host: "a.test"}})) // leased before it was known to be
	differ(t, "small ones", []string{"a.test"}, s.column(t, `select host from hosts where small`))
	differ(t, "before it is due", []federation.Server{{Host: "b.test", Actor: "https://b.test/u"}}, claim(9_999, 20))
	differ(t, "due", 2, len(claim(10_100, 20)))
}
