package main_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"kabar/internal/pgtest"
)

// profile is what account profile prints.
type profile struct {
	Name, Display, Bio, Avatar, Website, Fediverse, URL string
	Public                                              bool
}

// TestProfiles makes authors known and publishes under their names.
func TestProfiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	h.picture("ratri.png", 90)
	for _, name := range []string{"ratri", "bayu"} {
		if got := h.command("account", "create", name, "--password-file", h.file("password", "rumah kayu di tepi sungai")); got.Code != 0 {
			t.Fatal(got.Err)
		}
	}
	got := ask[profile](h, "account", "profile", "ratri", "--display", "Ratri W", "--bio", "Desa.", "--website", "ratri.example",
		"--fediverse", "@ratri@danau.example", "--avatar", h.dir+"/ratri.png", "--public")
	if got.Avatar == "" {
		t.Error("no picture")
	}
	want := profile{
		Name: "ratri", Display: "Ratri W", Bio: "Desa.", Avatar: got.Avatar, Website: "https://ratri.example",
		Fediverse: "ratri@danau.example", URL: h.url + "/authors/ratri", Public: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	ask[profile](h, "account", "profile", "bayu", "--public")
	made := ask[reference](h, "article", "publish", h.file("a.md", `---
title: Air
authors: [bayu, ratri]
series: Air Bersih
part: 1
pinned: true
history: on
---
Teks satu.
`))
	byline := func(want string) {
		t.Helper()
		eventually(t, "the byline is "+want, func() bool {
			var names []string
			h.document(made.URL).Find(".byline .p-author").Each(func(_ int, author *goquery.Selection) { names = append(names, author.Text()) })
			return strings.Join(names, ", ") == want
		})
	}
	byline("bayu, Ratri W")
	eventually(t, "it stands first", func() bool { return h.document(h.url+"/").Find(".card.lead h2").Text() == "Air" })
	ask[reference](h, "article", "edit", made.URL, h.file("a.md", "---\ntitle: Air\n---\nTeks dua."))
	byline("bayu, Ratri W")
	eventually(t, "the history has two revisions", func() bool {
		history, found := h.document(made.URL).Find(".dt-updated").Parent().Attr("href")
		return found && h.document(h.url+history).Find(".history li").Length() == 2
	})
	ask[reference](h, "article", "edit", made.URL, h.file("a.md", "---\ntitle: Air\nauthors: []\nhistory: false\n---\nTeks dua."))
	byline("Kabar")
	if got := ask[profile](h, "account", "profile", "ratri", "--no-public", "--avatar", ""); got.Public || got.URL+got.Avatar != "" || got.Bio != "Desa." {
		t.Errorf("after taking it back: %+v", got)
	}
	if got := h.command("account", "profile", "ratri", "--fediverse", "ratri"); got.Code != 1 || !strings.Contains(got.Err, "fediverse: Write it as") {
		t.Errorf("a bad handle: %d %s", got.Code, got.Err)
	}
	if got := h.command("account", "profile", "nobody", "--public"); got.Code != 1 || !strings.Contains(got.Err, "kabar account list") {
		t.Errorf("nobody: %d %s", got.Code, got.Err)
	}
}
