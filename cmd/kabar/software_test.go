package main_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// TestSoftware shows what the servers of those who reply run, and spares those
// that take small activities only a long one.
func TestSoftware(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	article := h.publish("Kabar", "Isi.")
	c := newCrowd(t, h)
	mika, sekar := c.join(aptest.Options{Software: "mastodon"}, "mika"), c.join(aptest.Options{Software: "misskey"}, "sekar")
	for _, who := range []*aptest.Person{mika, sekar} {
		_, err := who.Reply(t.Context(), article.ID, "Halo.")
		must(t, err)
	}
	eventually(t, "the replies say where they come from", func() bool {
		page := h.document(article.URL).Find(".u-comment .source").Text()
		return strings.Contains(page, "via Mastodon") && strings.Contains(page, "via Misskey")
	})

	long := h.publish("Panjang", strings.Repeat("kopi ", 14_000))
	for _, tt := range []struct {
		name string
		who  *aptest.Person
		want bool // embedded
	}{{"Mastodon", mika, true}, {"Misskey", sekar, false}} {
		server := tt.who.Server()
		got, err := server.Wait(t.Context(), aptest.About("Create", long.ID))
		must(t, err)
		if diff := cmp.Diff(tt.want, len(got.Body) > 48<<10); diff != "" {
			t.Errorf("%s gets the whole article (-want +got):\n%s", tt.name, diff)
		}
		o, err := server.Fetch(t.Context(), got.Activity.Object.ID())
		must(t, err)
		if diff := cmp.Diff([]any{long.URL, true}, []any{o.Page(), o.Is("Article")}); diff != "" {
			t.Errorf("%s fetches (-want +got):\n%s", tt.name, diff)
		}
	}
}
