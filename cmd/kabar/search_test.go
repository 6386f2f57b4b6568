package main_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/pgtest"
)

// TestSearch finds what was published, beside a running server and in it.
func TestSearch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	h.picture("gardu.png", 90)
	h.picture("lingkaran.png", 200)
	made := ask[reference](h, "article", "publish", h.file("kabar.md", pictured))
	type hit struct{ Kind, URL, Title, Excerpt string }
	want := []hit{{"article", made.URL, "Kabar dari gardu", "Halo. Orang duduk melingkar #kampung"}}
	if diff := cmp.Diff(want, ask[[]hit](h, "search", "gardu -harimau")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]hit{}, ask[[]hit](h, "search", "--kind=note", "gardu")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := h.document(h.url + "/search?q=gardu").Find(".found h3").Text(); got != "Kabar dari gardu" {
		t.Errorf("the page finds %q", got)
	}
}
