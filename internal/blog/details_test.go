package blog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/postgres"
)

// addAuthor makes an account with a public profile.
func addAuthor(t *testing.T, s *blog.Service, name string) blog.Account {
	t.Helper()
	a, err := s.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: name, Role: blog.Author})
	if err != nil {
		t.Fatal(err)
	}
	a, err = s.ChangeProfile(t.Context(), uuid.Nil, a.ID, func(p *blog.Profile) { p.Public, p.Display = true, "The "+name })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestDetailsRefused(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	hidden, err := s.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: "diam", Role: blog.Author})
	if err != nil {
		t.Fatal(err)
	}
	many := make([]uuid.UUID, blog.MaxAuthors+1)
	for i := range many {
		many[i] = uuid.New()
	}
	for _, test := range []struct {
		name string
		in   blog.Details
		want string
	}{
		{"author without a public profile", blog.Details{Authors: []uuid.UUID{hidden.ID}}, "authors: authors"},
		{"author that is nobody", blog.Details{Authors: []uuid.UUID{uuid.New()}}, "authors: authors"},
		{"too many authors", blog.Details{Authors: many}, "authors: too-many: 10"},
		{"series of nothing but a mark", blog.Details{Series: "#"}, "series: series: #"},
		{"series that is the way up", blog.Details{Series: ".."}, "series: series: .."},
		{"long series", blog.Details{Series: strings.Repeat("x", 101)}, "series: too-long: 100"},
		{"part below nothing", blog.Details{Series: "Air", Part: -1}, "part: part: 9999"},
		{"part beyond counting", blog.Details{Series: "Air", Part: 10_000}, "part: part: 9999"},
		{"long caption", blog.Details{CoverCaption: strings.Repeat("x", 501)}, "cover_caption: too-long: 500"},
		{"caption with a NUL", blog.Details{CoverCaption: "a\x00b"}, "cover_caption: not-text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := s.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: test.name, Markdown: "x", Details: &test.in}})
			var invalid *blog.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.want, invalid.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDetailsAreTidied(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	one, two := addAuthor(t, s, "satu"), addAuthor(t, s, "dua")
	at := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name     string
		in, want blog.Details
	}{
		{"authors once, in order", blog.Details{Authors: []uuid.UUID{two.ID, one.ID, two.ID}}, blog.Details{Authors: []uuid.UUID{two.ID, one.ID}}},
		{"a part of no series", blog.Details{Part: 3}, blog.Details{}},
		{"a series that turns the text around it", blog.Details{Series: " Air\u202e  bersih\u200b ", Part: 2}, blog.Details{Series: "Air bersih", Part: 2}},
		{"a static page is never pinned", blog.Details{Static: true, Pinned: at}, blog.Details{Static: true}},
		{"caption in one line", blog.Details{CoverCaption: "Satu\n dua "}, blog.Details{CoverCaption: "Satu dua"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, err := s.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: test.name, Markdown: "x", Details: &test.in}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, a.Details); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAuthorStaysInTheByline(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	one, two := addAuthor(t, s, "satu"), addAuthor(t, s, "dua")
	both := &blog.Details{Authors: []uuid.UUID{one.ID, two.ID}}
	a := save(t, s, blog.Save{Input: blog.DraftInput{Title: "T", Markdown: "x", Details: both}, Publish: true})
	if _, err := s.ChangeProfile(t.Context(), uuid.Nil, two.ID, func(p *blog.Profile) { p.Public = false }); err != nil {
		t.Fatal(err)
	}
	a = save(t, s, blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "T", Markdown: "y", Details: both}})
	if diff := cmp.Diff(both.Authors, a.Authors); diff != "" {
		t.Error(diff)
	}
	bylines, err := s.Authors(t.Context(), []blog.Article{a, {ID: uuid.New()}})
	if err != nil {
		t.Fatal(err)
	}
	names := map[uuid.UUID][]string{}
	for id, authors := range bylines {
		for _, author := range authors {
			names[id] = append(names[id], author.Label())
			if author.Email+author.Password != "" {
				t.Errorf("a byline carries %q", author.Email+author.Password)
			}
		}
	}
	if diff := cmp.Diff(map[uuid.UUID][]string{a.ID: {"The satu"}}, names); diff != "" {
		t.Error(diff)
	}
}

func TestPinning(t *testing.T) {
	t.Parallel()
	s, store := newBlog(t)
	pinned := func() *blog.Details { return &blog.Details{Pinned: s.Now()} }
	var last blog.Article
	for i := range blog.MaxPinned {
		last = save(t, s, blog.Save{Input: blog.DraftInput{Title: fmt.Sprint("T", i), Markdown: "x", Details: pinned()}, Publish: true})
	}
	_, err := s.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "T", Markdown: "x", Details: pinned()}, Publish: true})
	var invalid *blog.Invalid
	if !errors.As(err, &invalid) || invalid.Field != "pinned" {
		t.Errorf("one too many: %v", err)
	}
	save(t, s, blog.Save{ID: last.ID, Input: blog.DraftInput{Title: "T4", Markdown: "edited", Details: &last.Details}})
	save(t, s, blog.Save{ID: last.ID, Input: blog.DraftInput{Title: "T4", Markdown: "edited", Details: &blog.Details{}}})
	want := []string{"create pin", "create pin", "create pin", "create pin", "create pin", "update", "update pin"}
	if diff := cmp.Diff(want, pins(t, store)); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
}

// pins are the jobs that tell of articles, and whether they tell of a pin.
func pins(t *testing.T, store *postgres.Store) []string {
	t.Helper()
	rows, err := store.Pool().Query(t.Context(), `
		select args->>'change' || case when args ? 'pin' then ' pin' else '' end
		from river_job where kind = 'article_changed' order by id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	return got
}
