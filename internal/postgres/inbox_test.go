package postgres

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// A record has what somebody, or all below a host, wrote, followed and were
// reported for, and nothing of others.
func TestRecords(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, bob := talk(t, s)
	below := addActor(t, s, blog.Remote, "cici", "sub."+ana.Domain)
	like := addActor(t, s, blog.Remote, "dedi", "x"+ana.Domain)
	one, two, three := commentBy(ana, a, 1), commentBy(ana, a, 2), commentBy(below, a, 3)
	addComments(t, s, one, two, three, commentBy(bob, a, 4), commentBy(like, a, 5))
	s.exec(t, `update comments set state = 'hidden' where id = $1`, two.ID)
	s.exec(t, `insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, 'x', now()), ($3, $2, 'y', now())`,
		a.ActorID, ana.ID, addActor(t, s, blog.AuthorActor, "ratri", "b.test").ID)
	report := func(objects []string, comments ...uuid.UUID) {
		t.Helper()
		s.exec(t, `insert into reports (id, actor_uri, objects, comments, created) values ($1, 'https://far.test/u', $2, $3, now())`,
			newID(), objects, orEmpty(comments))
	}
	report([]string{ana.URI, one.ObjectURI}, one.ID, two.ID)
	report([]string{ana.URI})
	report([]string{three.ObjectURI}, three.ID)
	report([]string{bob.URI, "https://far.test/" + strings.Repeat("x", 9000)})

	theirs := blog.Record{
		People: 1, Followers: 1, Reports: 2, States: map[blog.State]int{blog.Visible: 1, blog.Hidden: 1}, First: one.Created,
	}
	got, err := s.ActorRecord(t.Context(), ana.ID)
	check(t, err)
	differ(t, "of one", theirs, got)
	theirs.People, theirs.Reports, theirs.States[blog.Visible] = 2, 3, 2
	got, err = s.ServerRecord(t.Context(), strings.ToUpper(ana.Domain))
	check(t, err)
	differ(t, "of a server", theirs, got)
	got, err = s.ServerRecord(t.Context(), "nobody.test")
	check(t, err)
	differ(t, "of nobody", blog.Record{States: map[blog.State]int{}}, got)

	s.exec(t, `update reports set comments = array[$1::uuid] where comments = '{}' and objects = array[$2::text]`, three.ID, ana.URI)
	got, err = s.ActorRecord(t.Context(), below.ID)
	check(t, err)
	differ(t, "reports of who is found later", 2, got.Reports)
	const what = "reports that are not found by what they are of"
	differ(t, "recount", 0, wrongs(t, s)[what])
	s.exec(t, `delete from reported where uri = $1`, below.URI)
	differ(t, "recount of what is lost", 2, wrongs(t, s)[what])
}
