package postgres

import (
	"slices"
	"testing"

	"kabar/internal/blog"
)

func TestSetShareImage(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	first, second := published(actor.ID, "satu", 0), published(actor.ID, "dua", 1)
	save(t, s, first, second)
	set := func(a blog.Article, name, want string) {
		t.Helper()
		old, err := s.SetShareImage(t.Context(), a.ID, name)
		check(t, err)
		differ(t, name+" in place of", want, old)
	}
	set(first, "a.png", "")
	set(second, "a.png", "")
	set(first, "b.png", "") // the second has it still
	heard := hear(s)
	set(first, "b.png", "")
	differ(t, "the same again drops no page", 0, len(*heard))
	set(second, "", "a.png")
	if !slices.Contains(*heard, blog.PageArticle(second.ID)) {
		t.Errorf("the page is kept: %v", *heard)
	}
	a, err := s.Article(t.Context(), first.ID)
	check(t, err)
	differ(t, "stored", "b.png", a.ShareImage)
	if _, err := s.SetShareImage(t.Context(), newID(), "x"); err == nil {
		t.Error("an article that is not there got a picture")
	}
}

// A deleted article's picture, which has its title, is taken away by the job:
// the row names it until then.
func TestShareImageOfDeleted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	with, without := published(actor.ID, "satu", 0), published(actor.ID, "dua", 1)
	save(t, s, with, without)
	_, err := s.SetShareImage(t.Context(), with.ID, "a.png")
	check(t, err)
	before := len(queued(t, s, "share_image"))
	for _, a := range []blog.Article{with, without} {
		check(t, s.DeleteArticle(t.Context(), a.ID, at(5), nil, audit("article.delete")))
	}
	differ(t, "jobs", []string{`{"article": "` + with.ID.String() + `"}`}, queued(t, s, "share_image")[before:])
	old, err := s.SetShareImage(t.Context(), with.ID, "")
	check(t, err)
	differ(t, "to be removed", "a.png", old)
}

func TestShareImagesAreRedrawn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	with, without := published(actor.ID, "satu", 0), published(actor.ID, "dua", 1)
	save(t, s, with, without, draft(actor.ID, "tiga"))
	_, err := s.SetShareImage(t.Context(), with.ID, "a.png")
	check(t, err)
	site, err := s.Site(t.Context())
	check(t, err)
	change := func(name string, want int, do func(*blog.Site)) {
		t.Helper()
		before := len(queued(t, s, "share_image"))
		do(&site)
		check(t, s.SetSite(t.Context(), site, blog.ActorChanged{Activity: newID()}, audit("settings.change")))
		differ(t, name, want, len(queued(t, s, "share_image"))-before)
	}
	change("description", 0, func(site *blog.Site) { site.Description = "Lain" })
	change("name", 1, func(site *blog.Site) { site.Title = "Nama lain" })
	change("nothing", 0, func(*blog.Site) {})
	change("colours", 1, func(site *blog.Site) { site.Theme.Light.Action = "#7a1f1f" })
}
