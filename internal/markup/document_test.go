package markup

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseDocument(t *testing.T) {
	t.Parallel()
	jakarta := time.FixedZone("WIB", 7*3600)
	tests := []struct {
		name, in string
		want     Document
	}{
		{"empty", "", Document{}},
		{"no front matter", "# Halo\n", Document{Body: "# Halo\n"}},
		{"thematic break", "---\n\nHalo", Document{Body: "---\n\nHalo"}},
		{"empty front matter", "---\n---\nHalo", Document{Body: "Halo"}},
		{"comment only", "---\n# later\n---\nHalo", Document{Body: "Halo"}},
		{"ends with the file", "---\ntitle: Satu\n---", Document{FrontMatter: FrontMatter{Title: "Satu"}}},
		{"BOM and CRLF", "\uFEFF---\r\ntitle: Satu\r\n---\r\nHalo\r\n", Document{FrontMatter{Title: "Satu"}, "Halo\n"}},
		{"all keys", `---
title: "Enam: kebiasaan"
summary: >
  Menulis sendiri,
  menyimak.
language: id
tags: [kepemimpinan, "#media sosial", 2026]
slug: enam-kebiasaan
author: ratri
cover: {file: img/malam.png, alt: Kentongan}
published: 2026-11-21T07:30:00+07:00
---
Isi.
`, Document{FrontMatter{
			Title: "Enam: kebiasaan", Summary: "Menulis sendiri, menyimak.", Language: "id",
			Tags: []string{"kepemimpinan", "media sosial", "2026"}, Slug: "enam-kebiasaan", Author: "ratri",
			Cover: Cover{File: "img/malam.png", Alt: "Kentongan"}, Published: time.Date(2026, 11, 21, 7, 30, 0, 0, jakarta),
		}, "Isi.\n"}},
		{"cover as a path", "---\ncover: a b.png\n---\n", Document{FrontMatter: FrontMatter{Cover: Cover{File: "a b.png"}}}},
		{"cover in block style", "---\ncover:\n  file: a.png\n  alt: |\n    Dua\n    baris\n---\n", Document{FrontMatter: FrontMatter{Cover: Cover{File: "a.png", Alt: "Dua\nbaris"}}}},
		{"tags as text", "---\ntags: desa, data\n---\n", Document{FrontMatter: FrontMatter{Tags: []string{"desa", "data"}}}},
		{"title that is a number", "---\ntitle: 1984\n---\n", Document{FrontMatter: FrontMatter{Title: "1984"}}},
		{"empty value", "---\ntitle:\npublished:\n---\n", Document{}},
		{"date in the blog's zone", "---\npublished: 2026-11-21 07:30\n---\n", Document{FrontMatter: FrontMatter{Published: time.Date(2026, 11, 21, 7, 30, 0, 0, jakarta)}}},
		{"hyphens in the body", "---\ntitle: A\n---\na\n\n---\nb", Document{FrontMatter{Title: "A"}, "a\n\n---\nb"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseDocument("post.md", []byte(tt.in), jakarta)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseDocumentErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"no closing line", "---\ntitle: A\n", `post.md:1: expected a line "---" that ends the front matter begun here`},
		{"unknown key", "---\ntitle: A\ntitel: B\n---\n", `post.md:3: expected one of title, summary, language, tags, slug, author, cover, published, comments, close_after, web_comments, quotes, authors, series, part, pinned, history, static, translation-of, got "titel"`},
		{"bad date", "---\ntitle: A\npublished: kemarin\n---\n", `post.md:3: published: expected a date such as 2026-11-21T07:30:00+07:00, got "kemarin"`},
		{"impossible date", "---\npublished: 2026-02-30\n---\n", `post.md:2: published: expected a date such as 2026-11-21T07:30:00+07:00, got "2026-02-30"`},
		{"date as a number", "---\npublished: 2026\n---\n", `post.md:2: published: expected a date such as 2026-11-21T07:30:00+07:00, got "2026"`},
		{"title as a list", "---\ntitle: [a, b]\n---\n", `post.md:2: title: expected text (in quotes, if it looks like something else), got a list`},
		{"title as a truth value", "---\ntitle: true\n---\n", `post.md:2: title: expected text (in quotes, if it looks like something else), got "true"`},
		{"tags as keys", "---\ntags: {a: b}\n---\n", `post.md:2: tags: expected a list such as [desa, data], got a group of keys`},
		{"tag as a list", "---\ntags:\n  - a\n  - [b]\n---\n", `post.md:4: tags: expected text (in quotes, if it looks like something else), got a list`},
		{"language", "---\nlanguage: bahasa indonesia\n---\n", `post.md:2: language: expected a language code such as id or en, got "bahasa indonesia"`},
		{"slug", "---\nslug: a/b\n---\n", `post.md:2: slug: expected a word of letters, digits and hyphens, got "a/b"`},
		{"cover without file", "---\ncover:\n  alt: A\n---\n", `post.md:3: cover: expected the path of a picture in file, got a group of keys`},
		{"cover with another key", "---\ncover:\n  file: a\n  src: b\n---\n", `post.md:4: cover: expected file, alt or caption, got "src"`},
		{"authors as keys", "---\nauthors: {a: b}\n---\n", `post.md:2: authors: expected names of accounts such as [ratri, bayu], got a group of keys`},
		{"author of nothing", "---\nauthors:\n  - ratri\n  -\n---\n", `post.md:4: authors: expected names of accounts such as [ratri, bayu], got "null"`},
		{"series as a list", "---\nseries: [a]\n---\n", `post.md:2: series: expected text (in quotes, if it looks like something else), got a list`},
		{"part of nothing", "---\npart: 0\n---\n", `post.md:2: part: expected a number from 1, got "0"`},
		{"part in words", "---\npart: dua\n---\n", `post.md:2: part: expected a number from 1, got "dua"`},
		{"pinned perhaps", "---\npinned: perhaps\n---\n", `post.md:2: pinned: expected true or false, got "perhaps"`},
		{"history as a number", "---\nhistory: 1\n---\n", `post.md:2: history: expected true or false, got "1"`},
		{"alias", "---\ntitle: *a\n---\n", `post.md:2: title: expected text (in quotes, if it looks like something else), got the YAML feature "*"`},
		{"only a word", "---\nhalo\n---\n", `post.md:2: expected lines of the form "key: value", got "halo"`},
		{"front matter too long", "---\ntitle: " + strings.Repeat("[", maxFrontMatter) + "\n---\n", `post.md:1: expected front matter of at most 16384 bytes, got 16392`},
		{"too long", strings.Repeat("a", MaxSource+1), `post.md:1: expected at most 2097152 bytes, got 2097153`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseDocument("post.md", []byte(tt.in), nil)
			var wrong *FrontMatterError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want a *FrontMatterError", err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSyntaxErrorNamesTheLine(t *testing.T) {
	t.Parallel()
	for in, line := range map[string]int{
		"---\ntitle: A\nsummary: \"open\n---\n": 3,
		"---\ntitle: A\ntitle: B\n---\n":        3,
		"---\ntitle: A: B\n---\n":               2,
	} {
		_, err := ParseDocument("post.md", []byte(in), nil)
		var wrong *FrontMatterError
		if !errors.As(err, &wrong) || wrong.Line != line || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want an error of one line at line %d", in, err, line)
		}
	}
}

func FuzzParseDocument(f *testing.F) {
	f.Add("title: A\ntags: [a, b]\ncover: {file: a, alt: b}\npublished: 2026-11-21")
	f.Add("title: >\n  a\n  b\n? x\n: y\n&a *a !!b %c")
	f.Fuzz(func(t *testing.T, head string) {
		_, err := ParseDocument("a.md", []byte("---\n"+head+"\n---\nb"), nil)
		var wrong *FrontMatterError
		if err != nil && (!errors.As(err, &wrong) || wrong.Line < 1) {
			t.Errorf("%q: %v", head, err)
		}
	})
}
