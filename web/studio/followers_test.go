package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func (w *world) addFollower(handle, domain string) uuid.UUID {
	w.t.Helper()
	id := w.addActor("remote", handle, domain)
	w.exec(`insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, $3, now())`,
		w.actor, id, "https://"+domain+"/follows/"+handle)
	return id
}

// handles are those in the list of followers.
func handles(a answer) []string {
	found := []string{}
	a.doc.Find("form:has([name=actor])").Each(func(_ int, s *goquery.Selection) {
		found = append(found, s.Closest("tr").Find(".who small bdi, .who bdi").Last().Text())
	})
	return found
}

func TestFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	w.addFollower("mika", "danau.example")
	layla := w.addFollower("layla", "danau.example")
	w.addFollower("joao", "maresia.example")

	differ(t, "all", []string{"@joao@maresia.example", "@layla@danau.example", "@mika@danau.example"}, handles(b.get("/studio/followers")))
	differ(t, "search", []string{"@layla@danau.example"}, handles(b.get("/studio/followers?q=LAYLA")))
	differ(t, "servers", "danau.example Mastodon2", b.get("/studio/followers").doc.Find("section tbody tr").First().Text())

	row := w.actor.String() + "." + layla.String()
	differ(t, "remove", http.StatusSeeOther, b.post("/studio/followers", url.Values{"do": {"remove"}, "actor": {row}}).status)
	list := b.get("/studio/followers")
	differ(t, "said", "@layla@danau.example no longer follows.", list.say(".notice"))
	differ(t, "left", []string{"@joao@maresia.example", "@mika@danau.example"}, handles(list))
	differ(t, "again", http.StatusNotFound, b.post("/studio/followers", url.Values{"do": {"remove"}, "actor": {row}}).status)
	differ(t, "nobody", http.StatusBadRequest, b.post("/studio/followers", url.Values{"do": {"remove"}, "actor": {"x"}}).status)
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	joao := w.addFollower("joao", "maresia.example")
	w.addFollower("mika", "danau.example")
	w.addActor("remote", "layla", "hujan.example")
	row := w.actor.String() + "." + joao.String()

	differ(t, "block a follower", http.StatusSeeOther, b.post("/studio/followers", url.Values{"do": {"block"}, "actor": {row}}).status)
	differ(t, "block a server", http.StatusSeeOther,
		b.post("/studio/blocks", url.Values{"do": {"add"}, "sure": {"1"}, "severity": {"block"}, "value": {"@Danau.example"}, "reason": {" Spam "}}).status)
	differ(t, "block by handle", http.StatusSeeOther, b.post("/studio/blocks", url.Values{"do": {"add"}, "severity": {"block"}, "value": {"@Layla@hujan.example"}}).status)
	bad := b.post("/studio/blocks", url.Values{"do": {"add"}, "severity": {"block"}, "value": {"a b"}, "reason": {"Why"}})
	differ(t, "neither", http.StatusUnprocessableEntity, bad.status)
	differ(t, "says", "Neither a domain nor an account: a b", bad.say("#block-problem"))
	differ(t, "kept", []string{"a b", "Why"}, []string{bad.doc.Find("#value").AttrOr("value", ""), bad.doc.Find("#reason").AttrOr("value", "")})

	blocks, err := w.blog.Blocks(t.Context())
	check(t, err)
	var values []string
	for _, block := range blocks {
		values = append(values, strings.TrimSpace(block.Value+" "+block.Reason))
	}
	differ(t, "blocks", []string{"https://hujan.example/users/layla", "danau.example Spam", "https://maresia.example/users/joao"}, values)
	differ(t, "by", me.ID, blocks[0].Account)
	differ(t, "followers left", []string{}, handles(b.get("/studio/followers")))

	differ(t, "unblock", http.StatusSeeOther, b.post("/studio/blocks", url.Values{"do": {"remove"}, "kind": {"domain"}, "value": {"danau.example"}}).status)
	differ(t, "shown", 2, b.get("/studio/blocks").doc.Find("tbody tr").Length())
}
