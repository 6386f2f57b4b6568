package main_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// TestAnswers lets the author answer, hide and approve from the command line,
// beside a running server.
func TestAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	article := h.publish("Kabar", "Isi.")
	c := newCrowd(t, h)
	mika, follower := c.people[0], c.people[1]
	sent, err := mika.Reply(t.Context(), article.ID, "Halo.")
	must(t, err)
	type comment struct{ ID, URL, Text string }
	list := func() []comment { return ask[[]comment](h, "comment", "list", "--article", article.URL) }
	eventually(t, "the reply is a comment", func() bool { return len(list()) == 1 })

	if got := h.command("comment", "reply", sent.ObjectID, "--text", "x", "--attach", "cup.png"); got.Code != 1 || !strings.Contains(got.Err, "FILE=DESCRIPTION") {
		t.Errorf("a picture without words: %+v", got)
	}
	h.picture("cup.png", 90)
	made := ask[reference](h, "comment", "reply", sent.ObjectID, "--text", "Terima *kasih*.", "--language", "id", "--attach", filepath.Join(h.dir, "cup.png")+"=Secangkir kopi, panas")
	for _, p := range []*aptest.Person{mika, follower} {
		_, err := p.Server().Wait(t.Context(), aptest.About("Create", made.ID))
		must(t, err)
	}
	if diff := cmp.Diff(comment{made.ID, made.URL, "Terima kasih."}, list()[0]); diff != "" {
		t.Error(diff)
	}
	var answer *goquery.Selection
	eventually(t, "the answer is on the page", func() bool {
		answer = h.document(article.URL).Find(".u-comment .u-comment.by-author")
		return answer.Length() == 1
	})
	got := [2]string{answer.Find(".u-url").AttrOr("href", ""), answer.Find(".e-content").Text()}
	if diff := cmp.Diff([2]string{made.URL, "Terima kasih.\n"}, got); diff != "" {
		t.Error(diff)
	}

	if pictures := answer.Find(`[alt="Secangkir kopi, panas"]`); pictures.Length() != 1 {
		t.Errorf("%d pictures of the answer are on the page", pictures.Length())
	}

	for _, step := range []struct {
		do    string
		shown int
	}{{"hide", 1}, {"approve", 2}} {
		ask[reference](h, "comment", step.do, sent.ObjectID)
		eventually(t, fmt.Sprintf("%s: %d comments are shown", step.do, step.shown), func() bool {
			return h.document(article.URL).Find(".u-comment").Length() == step.shown
		})
	}
	ask[reference](h, "comment", "delete", made.URL)
	_, err = mika.Server().Wait(t.Context(), aptest.About("Delete", made.ID))
	must(t, err)
	eventually(t, "a deleted answer is gone", func() bool { return h.document(article.URL).Find(".by-author").Length() == 0 })
}
