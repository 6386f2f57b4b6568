package main_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"kabar/internal/pgtest"
)

// picture writes a PNG of one colour.
func (h *house) picture(name string, shade uint8) {
	h.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	must(h.t, png.Encode(&b, img))
	must(h.t, os.WriteFile(filepath.Join(h.dir, name), b.Bytes(), 0o644))
}

const pictured = `---
title: Kabar dari gardu
summary: Satu ketukan.
language: id
tags: [desa, kentongan]
cover: {file: gardu.png, alt: Gardu malam hari}
---

Halo. ![Orang duduk melingkar](lingkaran.png) #kampung
`

// TestArticles publishes, edits and deletes beside a running server.
func TestArticles(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	h.picture("gardu.png", 90)
	h.picture("lingkaran.png", 200)
	file := h.file("kabar.md", pictured)

	made := ask[reference](h, "article", "publish", file)
	if diff := cmp.Diff(h.url+"/kabar-dari-gardu", made.URL); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(made.ID, h.url+"/ap/objects/") {
		t.Errorf("the object is %s", made.ID)
	}
	doc := h.document(made.URL)
	for selector, want := range map[string]string{
		"h1.p-name": "Kabar dari gardu", ".p-summary": "Satu ketukan.", ".article-tags .p-category": "desakentongankampung",
	} {
		if diff := cmp.Diff(want, doc.Find(selector).Text()); diff != "" {
			t.Errorf("%s: %s", selector, diff)
		}
	}
	for selector, alt := range map[string]string{".cover img": "Gardu malam hari", ".e-content img": "Orang duduk melingkar"} {
		img := doc.Find(selector)
		if diff := cmp.Diff(alt, img.AttrOr("alt", "")); diff != "" {
			t.Errorf("%s: %s", selector, diff)
		}
		got := get(t, h.url+strings.TrimPrefix(img.AttrOr("src", "/"), h.url))
		if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") {
			t.Errorf("%s: %d %s", img.AttrOr("src", ""), got.Status, got.Header.Get("Content-Type"))
		}
	}

	edited := ask[reference](h, "article", "edit", made.URL, h.file("kabar.md", strings.Replace(pictured, "gardu\n", "gardu baru\n", 1)))
	if diff := cmp.Diff(made, edited); diff != "" {
		t.Errorf("an edit changes the addresses: %s", diff)
	}
	eventually(t, "the page has the new title", func() bool {
		return h.document(made.URL).Find("h1.p-name").Text() == "Kabar dari gardu baru"
	})
	deleted := h.command("article", "delete", made.ID)
	if deleted.Code != 0 {
		t.Error(deleted)
	}
	eventually(t, "the page is gone", func() bool { return get(t, made.URL).Status == http.StatusGone })
	if got := get(t, h.url+"/never-was").Status; got != http.StatusNotFound {
		t.Errorf("what never was answers %d", got)
	}
}

// TestIcon makes a picture from a file the blog's face.
func TestIcon(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	h.picture("muka.png", 120)
	file := filepath.Join(h.dir, "muka.png")
	if got := h.command("settings", "set", "icon="+file); got.Code != 0 {
		t.Fatal(got)
	}
	name := ask[map[string]string](h, "settings", "get", "icon")["icon"]
	if got := get(t, h.url+"/-/media/"+name); got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") {
		t.Errorf("%s: %d %s", name, got.Status, got.Header.Get("Content-Type"))
	}
	for in, want := range map[string]answer{
		"icon=" + name:                       {Out: "Saved.\n"},
		"icon=":                              {Out: "Saved.\n"},
		"icon=" + h.file("a.txt", "x"):       {Code: 1, Err: "kabar: icon " + h.dir + "/a.txt: file: This file is no PNG, JPEG, WebP or GIF image.\n"},
		"icon=" + filepath.Join(h.dir, "no"): {Code: 1, Err: "kabar: icon: open " + h.dir + "/no: no such file or directory\n"},
	} {
		if diff := cmp.Diff(want, h.command("settings", "set", in)); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}

// TestDraftsAndDeletedOnes are found by the addresses that article list shows.
func TestDraftsAndDeletedOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.picture("gardu.png", 90)
	file := h.file("kabar.md", "---\ntitle: Kabar\ncover: gardu.png\n---\n\nHalo.\n")
	draft := ask[reference](h, "article", "publish", "--draft", file)
	ask[reference](h, "article", "edit", draft.URL, file)
	first := ask[reference](h, "article", "edit", "kabar", file, "--publish")
	if first.URL != draft.URL || draft.ID != "" || first.ID == "" {
		t.Errorf("the draft %v is published as %v", draft, first)
	}
	for range 2 {
		if got := h.command("article", "delete", first.URL); got.Code != 0 && !strings.Contains(got.Err, first.URL+" is deleted;") {
			t.Error(got)
		}
	}
	for _, address := range []string{first.ID, first.URL} {
		if got := h.command("delivery", "list", "--article", address); got.Code != 0 {
			t.Errorf("the ledger of what is deleted: %v", got)
		}
	}
	again := ask[reference](h, "article", "publish", file)
	if again.URL != first.URL || again.ID == first.ID {
		t.Errorf("%v comes back as %v", first, again)
	}
}

func (h *house) document(address string) *goquery.Document {
	h.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(get(h.t, address).Body))
	must(h.t, err)
	return doc
}

// TestMistakes says where a file is wrong and what should stand there.
func TestMistakes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	tests := []struct {
		name, in string
		want     string // FILE stands for the name of the file
	}{
		{"date", "---\ntitle: A\npublished: yesterday\n---\nText", `kabar: FILE:3: published: expected a date such as 2026-11-21T07:30:00+07:00, got "yesterday"`},
		{"unknown key", "---\ntitle: A\ntitel: B\n---\nText", `kabar: FILE:3: expected one of title, summary, language, tags, slug, author, cover, published, comments, close_after, web_comments, quotes, authors, series, part, pinned, history, static, translation-of, got "titel"`},
		{"language", "---\nlanguage: javanese!\n---\nText", `kabar: FILE:2: language: expected a language code such as id or en, got "javanese!"`},
		{"not closed", "---\ntitle: A\nText", `kabar: FILE:1: expected a line "---" that ends the front matter begun here`},
		{"no text", "---\ntitle: A\n---\n", "kabar: FILE: markdown: This is required."},
		{"picture without words", "![](a.png)", "kabar: markdown: Describe this image for people who cannot see it: a.png"},
		{"picture that is not there", "![A](a.png)", "kabar: picture a.png: open DIR/a.png: no such file or directory"},
		{"picture that is none", "![A](wrong.md)", "kabar: picture wrong.md: file: This file is no PNG, JPEG, WebP or GIF image."},
		{"byline of nobody", "---\nauthors:\n  - x\n---\nText", `kabar: FILE:3: authors: expected the name of an account with a public profile (kabar account list, kabar account profile NAME --public), got "x"`},
		{"series without a name", "---\ntitle: A\nseries: \"#\"\n---\nText", `kabar: FILE:3: series: expected a name with letters or digits, at most 100 characters, got "#"`},
		{"part beyond counting", "---\ntitle: A\nseries: Air\npart: 10000\n---\nText", "kabar: FILE: part: Write a number from 1 to 9999, or leave it empty."},
		{"author that is not there", "---\nauthor: nobody\n---\nText", "kabar: FILE: there is no account nobody; kabar account list shows the names"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := h.file("wrong.md", tt.in)
			want := answer{Err: strings.NewReplacer("FILE", file, "DIR", h.dir).Replace(tt.want) + "\n", Code: 1}
			if diff := cmp.Diff(want, h.command("article", "publish", file)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
