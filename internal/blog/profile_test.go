package blog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestChangeProfile(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	account, err := s.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: "ratri", Role: blog.Author})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   blog.Profile
		want blog.Profile
		err  string
	}{
		{"all", blog.Profile{
			Public: true, Display: " Ratri  Wulandari ", Bio: "Desa.\r\nData. ", Website: "ratri.example/x", Fediverse: "@Ratri@Danau.Example",
		}, blog.Profile{
			Public: true, Display: "Ratri Wulandari", Bio: "Desa.\nData.", Website: "https://ratri.example/x", Fediverse: "Ratri@danau.example",
		}, ""},
		{"nothing", blog.Profile{}, blog.Profile{}, ""},
		{"name turned around", blog.Profile{Display: "Ra\u202etri\u200b"}, blog.Profile{Display: "Ratri"}, ""},
		{"host in its own script", blog.Profile{Fediverse: "a@bücher.example"}, blog.Profile{Fediverse: "a@xn--bcher-kva.example"}, ""},
		{"host with a port", blog.Profile{Fediverse: "a@localhost:3000"}, blog.Profile{Fediverse: "a@localhost:3000"}, ""},
		{"name of nothing", blog.Profile{Display: "\u200b\u2060"}, blog.Profile{}, "display: display-empty"},
		{"long name", blog.Profile{Display: strings.Repeat("x", 101)}, blog.Profile{}, "display: too-long: 100"},
		{"long bio", blog.Profile{Bio: strings.Repeat("x", 501)}, blog.Profile{}, "bio: too-long: 500"},
		{"bio with a NUL", blog.Profile{Bio: "a\x00"}, blog.Profile{}, "bio: not-text"},
		{"script for a website", blog.Profile{Website: "javascript:alert(1)"}, blog.Profile{}, "website: website"},
		{"website under a false name", blog.Profile{Website: "https://bank.example@evil.example"}, blog.Profile{}, "website: website"},
		{"handle without a server", blog.Profile{Fediverse: "@ratri"}, blog.Profile{}, "fediverse: fediverse: @ratri"},
		{"handle of a bare name", blog.Profile{Fediverse: "ratri@danau"}, blog.Profile{}, "fediverse: fediverse: ratri@danau"},
		{"handle with a path", blog.Profile{Fediverse: "a@b.example/c"}, blog.Profile{}, "fediverse: fediverse: a@b.example/c"},
		{"address for a handle", blog.Profile{Fediverse: "https://danau.example/@a"}, blog.Profile{}, "fediverse: fediverse: https://danau.example/@a"},
		{"handle with two servers", blog.Profile{Fediverse: "a@b.example@c.example"}, blog.Profile{}, "fediverse: fediverse: a@b.example@c.example"},
		{"avatar that is not there", blog.Profile{Avatar: "nothing.png"}, blog.Profile{}, "avatar: image"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.ChangeProfile(t.Context(), uuid.Nil, account.ID, func(p *blog.Profile) { *p = test.in })
			var invalid *blog.Invalid
			switch {
			case test.err == "" && err != nil:
				t.Fatal(err)
			case test.err != "" && (!errors.As(err, &invalid) || invalid.Error() != test.err):
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(test.want, got.Profile); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMayWrite(t *testing.T) {
	t.Parallel()
	me, other := uuid.New(), uuid.New()
	for _, test := range []struct {
		name    string
		role    blog.Role
		article blog.Article
		want    bool
	}{
		{"author, own", blog.Author, blog.Article{AccountID: me}, true},
		{"author, another's", blog.Author, blog.Article{AccountID: other}, false},
		{"author, in the byline", blog.Author, blog.Article{AccountID: other, Details: blog.Details{Authors: []uuid.UUID{other, me}}}, true},
		{"author, of the command line", blog.Author, blog.Article{}, false},
		{"moderator, in the byline", blog.Moderator, blog.Article{Details: blog.Details{Authors: []uuid.UUID{me}}}, false},
		{"editor", blog.Editor, blog.Article{AccountID: other}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := blog.Account{ID: me, Role: test.role}.MayWrite(test.article)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	ctx := t.Context()
	open := &blog.Details{History: true}
	put := func(id uuid.UUID, text string, publish bool) blog.Article {
		return save(t, s, blog.Save{ID: id, Input: blog.DraftInput{Title: "T", Markdown: text, Details: open}, Publish: publish})
	}
	a := put(uuid.Nil, "rahasia satu", false)
	put(a.ID, "rahasia dua", false)
	if _, _, err := s.History(ctx, a.ID); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("a draft has a history: %v", err)
	}
	put(a.ID, "kopi dan teh", true)
	put(a.ID, "kopi atau teh", true)
	numbers := func() (list []int) {
		t.Helper()
		_, lines, err := s.History(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			list = append(list, l.Number, l.Grown)
		}
		return list
	}
	if diff := cmp.Diff([]int{4, 1, 3, 12}, numbers()); diff != "" {
		t.Errorf("public revisions (-want +got):\n%s", diff)
	}
	_, change, err := s.Changed(ctx, a.ID, 4)
	if err != nil || change.First || len(change.Text) != 1 || len(change.Text[0]) != 4 {
		t.Errorf("change %+v, %v", change, err)
	}
	for _, number := range []int{0, 1, 2, 5, -1} {
		if _, _, err := s.Changed(ctx, a.ID, number); !errors.Is(err, blog.ErrNotFound) {
			t.Errorf("revision %d: %v", number, err)
		}
	}
	if err := s.Delete(ctx, uuid.Nil, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.History(ctx, a.ID); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("what is deleted has a history: %v", err)
	}
	back := put(uuid.Nil, "kembali", true)
	if back.ID == a.ID {
		if diff := cmp.Diff(2, len(numbers())); diff != "" {
			t.Errorf("after it came back (-want +got):\n%s", diff)
		}
	}
	open.History = false
	put(back.ID, "tertutup", true)
	if _, _, err := s.History(ctx, back.ID); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("a closed history is open: %v", err)
	}
}
