package blog_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// newBlog is a fresh blog on a database of its own, with its actors.
func newBlog(t *testing.T) (*blog.Service, *postgres.Store) {
	t.Helper()
	ctx := t.Context()
	store, err := postgres.Open(ctx, pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	if _, err := store.InitSite(ctx, blog.DefaultSite("https://blog.example", "blog.example")); err != nil {
		t.Fatal(err)
	}
	var ticks atomic.Int64
	start := time.Date(2026, 11, 21, 7, 30, 0, 0, time.UTC)
	service := &blog.Service{
		Reader: store, Store: store,
		Now:   func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) },
		NewID: func() uuid.UUID { return uuid.Must(uuid.NewV7()) },
	}
	fed := &federation.Service{Store: store, Blog: service, Now: service.Now, NewID: service.NewID}
	if err := fed.EnsureActors(ctx); err != nil {
		t.Fatal(err)
	}
	return service, store
}

func save(t *testing.T, s *blog.Service, in blog.Save) blog.Article {
	t.Helper()
	a, err := s.Save(t.Context(), uuid.Nil, in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPublishEditDelete(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	ctx := t.Context()

	draft := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Halo  dunia", Markdown: "Isi #Kabar.", Tags: []string{"media sosial"}}})
	if _, err := s.ArticleBySlug(ctx, "halo-dunia"); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("a draft is found on the site: %v", err)
	}
	public, err := s.Publish(ctx, uuid.Nil, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"media sosial", "Kabar"}, public.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if public.ObjectURI == "" || public.Published.IsZero() || public.Title != "Halo dunia" {
		t.Errorf("published as %+v", public)
	}

	edited := save(t, s, blog.Save{ID: draft.ID, Input: blog.DraftInput{Title: "Judul baru", Slug: "judul-baru", Markdown: "Lain."}})
	if edited.ObjectURI != public.ObjectURI || edited.Updated.IsZero() {
		t.Errorf("an edit changed the id or shows no time: %+v", edited)
	}
	old, err := s.ArticleBySlug(ctx, "halo-dunia")
	if err != nil || old.Slug != "judul-baru" {
		t.Errorf("the past address leads to %q, %v", old.Slug, err)
	}
	revisions, err := s.Revisions(ctx, draft.ID)
	if err != nil || len(revisions) != 3 {
		t.Errorf("%d revisions, %v", len(revisions), err)
	}

	if err := s.Delete(ctx, uuid.Nil, draft.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ArticleBySlug(ctx, "judul-baru"); !errors.Is(err, blog.ErrGone) {
		t.Errorf("after the deletion: %v", err)
	}
	other := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Judul baru", Markdown: "x"}})
	if other.Slug == "judul-baru" {
		t.Error("a slug was given to another article")
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	long := strings.Repeat("x", 301)
	tests := []struct {
		name string
		in   blog.DraftInput
		want string // field: problem
	}{
		{"nothing", blog.DraftInput{Title: "T"}, "markdown: required"},
		{"long title", blog.DraftInput{Title: long, Markdown: "x"}, "title: too-long"},
		{"long summary", blog.DraftInput{Summary: strings.Repeat(long, 4), Markdown: "x"}, "summary: too-long"},
		{"huge", blog.DraftInput{Markdown: strings.Repeat("x", blog.MaxMarkdown+1)}, "markdown: too-long"},
		{"no text", blog.DraftInput{Markdown: "a\x00b"}, "markdown: not-text"},
		{"no UTF-8", blog.DraftInput{Markdown: "a\xffb"}, "markdown: not-text"},
		{"language", blog.DraftInput{Markdown: "x", Language: "indonesia raya"}, "language: language"},
		{"picture without description", blog.DraftInput{Markdown: "![](a.jpg)"}, "markdown: description-missing"},
		{"cover without description", blog.DraftInput{Markdown: "x", Cover: "a.webp"}, "cover_alt: description-missing"},
		{"reserved slug", blog.DraftInput{Markdown: "x", Slug: "studio"}, "slug: slug-reserved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Save(context.WithoutCancel(t.Context()), uuid.Nil, blog.Save{Input: tt.in, Publish: true})
			var invalid *blog.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, invalid.Field+": "+invalid.Problem); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSaveConflict(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	a := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Satu", Markdown: "x"}})
	save(t, s, blog.Save{ID: a.ID, Base: a.Revision, Input: blog.DraftInput{Title: "Dua", Markdown: "y"}})
	_, err := s.Save(t.Context(), uuid.Nil, blog.Save{ID: a.ID, Base: a.Revision, Input: blog.DraftInput{Title: "Tiga", Markdown: "z"}})
	if !errors.Is(err, blog.ErrConflict) {
		t.Errorf("an edit of an old revision: %v", err)
	}
	kept, err := s.Article(t.Context(), a.ID)
	if err != nil || kept.Title != "Dua" {
		t.Errorf("kept %q, %v", kept.Title, err)
	}
}

func TestRepublishHasANewObject(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	a := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Kembali", Markdown: "x"}, Publish: true})
	if err := s.Delete(t.Context(), uuid.Nil, a.ID); err != nil {
		t.Fatal(err)
	}
	again := save(t, s, blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Kembali", Markdown: "y"}, Publish: true})
	if again.ObjectURI == a.ObjectURI || again.Slug != a.Slug {
		t.Errorf("republished as %s at %s", again.ObjectURI, again.Slug)
	}
	if err := s.Delete(t.Context(), uuid.Nil, a.ID); err != nil {
		t.Fatal(err)
	}
	once := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Kembali", Markdown: "z"}, Publish: true})
	if once.ID != a.ID || once.Slug != a.Slug || once.ObjectURI == again.ObjectURI {
		t.Errorf("written anew it is %s at %s", once.ObjectURI, once.Slug)
	}
	other := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Kembali", Markdown: "z"}, Publish: true})
	if other.ID == a.ID || other.Slug != "kembali-2" {
		t.Errorf("another one is at %s", other.Slug)
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	a := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Tanya", Markdown: "x"}, Publish: true})
	first, err := s.Reply(t.Context(), uuid.Nil, blog.Reply{Article: a.ID, Markdown: "Jawaban **pertama**"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: first.ID, Markdown: "Kedua"})
	if err != nil {
		t.Fatal(err)
	}
	thread, err := s.Thread(t.Context(), blog.ThreadQuery{Article: a.ID, Answers: 10, Siblings: 10, Levels: 10, Room: 10})
	if err != nil {
		t.Fatal(err)
	}
	tree := thread.Nodes
	if len(tree) != 1 || len(tree[0].Replies) != 1 || tree[0].Replies[0].Comment.ID != second.ID {
		t.Fatalf("the thread is %+v", tree)
	}
	if err := s.DeleteReply(t.Context(), uuid.Nil, first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: first.ID, Markdown: "Ketiga"}); !errors.Is(err, blog.ErrGone) {
		t.Errorf("an answer to a deleted one: %v", err)
	}
	if counted, err := s.Article(t.Context(), a.ID); err != nil || counted.Comments != 1 {
		t.Errorf("%d comments, %v", counted.Comments, err)
	}
}

func TestChangeSite(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	tests := []struct {
		name   string
		change func(*blog.Site)
		want   string
	}{
		{"no title", func(s *blog.Site) { s.Title = " " }, "title: required"},
		{"handle", func(s *blog.Site) { s.Handle = "ruang tengah" }, "handle: handle"},
		{"actor type", func(s *blog.Site) { s.ActorType = "Robot" }, "actor_type: actor-type"},
		{"language", func(s *blog.Site) { s.Language = "x-" }, "language: language"},
		{"time zone", func(s *blog.Site) { s.TimeZone = "Asia/Atlantis" }, "time_zone: time-zone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.ChangeSite(context.WithoutCancel(t.Context()), uuid.Nil, func(s *blog.Site) error { tt.change(s); return nil })
			var invalid *blog.Invalid
			if !errors.As(err, &invalid) || invalid.Field+": "+invalid.Problem != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	site, err := s.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Handle = "ruangtengah"; return nil })
	if err != nil || site.Acct() != "ruangtengah@blog.example" {
		t.Errorf("%s, %v", site.Acct(), err)
	}
	actor, err := s.LocalActor(t.Context(), blog.BlogActor, "")
	if err != nil || actor.Handle != "ruangtengah" {
		t.Errorf("the actor is %s, %v", actor.Handle, err)
	}
}
