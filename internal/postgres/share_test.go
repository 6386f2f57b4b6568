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
