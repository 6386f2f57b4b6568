package postgres

import (
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func addAccount(t *testing.T, s *Store, name string, p blog.Profile) blog.Account {
	t.Helper()
	a := blog.Account{ID: newID(), Name: name, Email: name + "@b.test", Password: "hash", Role: blog.Author, Created: at(0)}
	check(t, s.InsertAccount(t.Context(), a, audit("account.create")))
	check(t, s.SetProfile(t.Context(), a.ID, p, audit("account.profile")))
	a.Profile = p
	return a
}

// readable is what readers see of an account.
func readable(a blog.Account) blog.Account {
	a.Email, a.Password = "", ""
	return a
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	public := addAccount(t, s, "Ratri", blog.Profile{
		Public: true, Display: "Ratri W", Bio: "Desa.", Website: "https://r.test/", Fediverse: "ratri@danau.test",
	})
	hidden := addAccount(t, s, "Diam", blog.Profile{Bio: "x", Fediverse: "diam@danau.test"})

	got, err := s.Profiles(t.Context(), []uuid.UUID{hidden.ID, public.ID, newID()})
	check(t, err)
	differ(t, "profiles", []blog.Account{readable(public)}, got)
	one, err := s.ProfileByName(t.Context(), "rATRI")
	check(t, err)
	differ(t, "by name", readable(public), one)
	one, err = s.ProfileByHandle(t.Context(), "Ratri@danau.test")
	check(t, err)
	differ(t, "by handle", readable(public), one)
	for what, find := range map[string]func() (blog.Account, error){
		"hidden by name":   func() (blog.Account, error) { return s.ProfileByName(t.Context(), "diam") },
		"hidden by handle": func() (blog.Account, error) { return s.ProfileByHandle(t.Context(), "diam@danau.test") },
		"no handle":        func() (blog.Account, error) { return s.ProfileByHandle(t.Context(), "") },
		"nobody":           func() (blog.Account, error) { return s.ProfileByName(t.Context(), "") },
	} {
		_, err := find()
		notFound(t, what, err)
	}
	whole, err := s.Account(t.Context(), public.ID)
	check(t, err)
	differ(t, "account", public, whole)
}

func TestSetProfile(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := addAccount(t, s, "ratri", blog.Profile{})
	heard := hear(s)
	check(t, s.SetProfile(t.Context(), a.ID, blog.Profile{Public: true}, audit("account.profile")))
	differ(t, "tags", []string{blog.PageList}, *heard)
	notFound(t, "nobody", s.SetProfile(t.Context(), newID(), blog.Profile{}, audit("account.profile")))
	differ(t, "audit", []string{"account.create", "account.profile", "account.profile"}, actions(t, s))
}

func TestBylines(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	one := addAccount(t, s, "satu", blog.Profile{Public: true})
	two := addAccount(t, s, "dua", blog.Profile{Public: true})
	addAccount(t, s, "diam", blog.Profile{})
	counts := func(what string, want map[string]int) {
		t.Helper()
		got := map[string]int{}
		bylines, err := s.Bylines(t.Context(), 10)
		check(t, err)
		for i, b := range bylines {
			got[b.Name] = b.Articles
			if i > 0 && b.Articles > bylines[i-1].Articles {
				t.Errorf("%s: %s with %d stands below %d", what, b.Name, b.Articles, bylines[i-1].Articles)
			}
		}
		differ(t, what, want, got)
	}
	counts("at first", map[string]int{"satu": 0, "dua": 0})
	a, b, static := published(actor, "a", 1), published(actor, "b", 2), published(actor, "c", 3)
	a.Authors, b.Authors, static.Authors = []uuid.UUID{one.ID, two.ID}, []uuid.UUID{two.ID}, []uuid.UUID{one.ID}
	static.Static = true
	d := draft(actor, "d")
	d.Authors = []uuid.UUID{one.ID}
	save(t, s, a, b, static, d)
	counts("published", map[string]int{"satu": 1, "dua": 2})
	a = next(a)
	a.Authors = []uuid.UUID{one.ID}
	save(t, s, a)
	counts("out of a byline", map[string]int{"satu": 1, "dua": 1})
	check(t, s.DeleteArticle(t.Context(), b.ID, at(9), nil, audit("article.delete")))
	counts("deleted", map[string]int{"satu": 1, "dua": 0})
}

func TestArticlesOfAWriter(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	me := addAccount(t, s, "saya", blog.Profile{Public: true})
	mine, ours, theirs := published(actor, "mine", 1), published(actor, "ours", 2), published(actor, "theirs", 3)
	mine.AccountID, ours.Authors = me.ID, []uuid.UUID{me.ID}
	save(t, s, mine, ours, theirs)
	for _, test := range []struct {
		name string
		q    blog.ArticleQuery
		want []string
	}{
		{"writer", blog.ArticleQuery{Writer: me.ID}, []string{"ours", "mine"}},
		{"author", blog.ArticleQuery{Author: me.ID}, []string{"ours"}},
		{"account", blog.ArticleQuery{Account: me.ID}, []string{"mine"}},
	} {
		test.q.Limit = 10
		got, err := s.Articles(t.Context(), test.q)
		check(t, err)
		differ(t, test.name, test.want, slugs(got))
	}
}
