package postgres

import (
	"errors"
	"strings"
	"testing"

	"kabar/internal/blog"
)

func TestSiteDefaults(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `insert into settings (key, value) values ('origin', '"https://b.test"'), ('title', '"Kopi"'), ('other', '{}')`)
	got, err := s.Site(t.Context())
	check(t, err)
	want := blog.DefaultSite("https://b.test", "b.test")
	want.Title = "Kopi"
	differ(t, "site", want, got)
}

func TestInitSite(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	first := blog.DefaultSite("https://b.test", "b.test")
	first.Title = "First"
	got, err := s.InitSite(t.Context(), first)
	check(t, err)
	differ(t, "first start", first, got)

	got, err = s.InitSite(t.Context(), blog.DefaultSite("https://b.test", "other.test"))
	check(t, err)
	differ(t, "second start", first, got)

	_, err = s.InitSite(t.Context(), blog.DefaultSite("https://c.test", "c.test"))
	var mismatch *OriginMismatch
	if !errors.As(err, &mismatch) {
		t.Fatalf("other origin: got %v", err)
	}
	differ(t, "mismatch", OriginMismatch{Stored: "https://b.test", Given: "https://c.test"}, *mismatch)
	if !strings.Contains(err.Error(), "KABAR_URL=https://b.test") {
		t.Errorf("%q does not name the way out", err)
	}
}

// A database of an earlier version has no row for what was added since.
func TestSiteOfEarlierVersion(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	want := blog.DefaultSite("https://b.test", "b.test")
	_, err := s.InitSite(t.Context(), want)
	check(t, err)
	_, err = s.pool.Exec(t.Context(), `delete from settings where key in ('search', 'feeds', 'crawlers', 'theme', 'newsletter')`)
	check(t, err)
	_, err = s.pool.Exec(t.Context(), `update settings set value = '{"policy": "open"}' where key = 'comments'`)
	check(t, err)
	got, err := s.Site(t.Context())
	check(t, err)
	differ(t, "site", want, got)
	check(t, got.Check()) // so that each setting can be saved
}

func TestInitSiteOfNodesThatStartAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const nodes = 4
	results := make(chan error, nodes)
	for range nodes {
		go func() {
			_, err := s.InitSite(t.Context(), blog.DefaultSite("https://b.test", "b.test"))
			results <- err
		}()
	}
	for range nodes {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestSetSite(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	site, err := s.InitSite(t.Context(), blog.DefaultSite("https://b.test", "b.test"))
	check(t, err)
	actor := addBlogActor(t, s)
	heard := hear(s)

	site.Language, site.SignedGET = "en", true
	check(t, s.SetSite(t.Context(), site, blog.ActorChanged{}, audit("settings.change")))
	differ(t, "jobs while the profile is the same", 0, len(queued(t, s, "actor_changed")))
	differ(t, "tags", []string{blog.PageSite, blog.PageList}, *heard)

	site.Title, site.Description, site.Handle = "Kopi", "Tea & coffee", "kopi"
	site.Fields = []blog.Field{{Name: "Web", Value: "https://b.test"}}
	check(t, s.SetSite(t.Context(), site, blog.ActorChanged{Activity: newID()}, audit("settings.change")))
	differ(t, "jobs", 1, len(queued(t, s, "actor_changed")))
	got, err := s.Site(t.Context())
	check(t, err)
	differ(t, "site", site, got)
	blogger, err := s.LocalActor(t.Context(), blog.BlogActor, "")
	check(t, err)
	actor.Name, actor.Summary, actor.Handle = "Kopi", "<p>Tea &amp; coffee</p>", "kopi"
	differ(t, "actor", actor, blogger)
	differ(t, "audit", []string{"settings.change", "settings.change"}, actions(t, s))
}

func TestSiteIsReadyWithAnOwner(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.InitSite(t.Context(), blog.DefaultSite("https://b.test", "b.test"))
	check(t, err)
	for _, tt := range []struct {
		role blog.Role
		want bool
	}{{blog.Author, false}, {blog.Owner, true}} {
		a := blog.Account{ID: newID(), Name: string(tt.role), Role: tt.role, Created: at(0)}
		check(t, s.InsertAccount(t.Context(), a, audit("account.create")))
		site, err := s.Site(t.Context())
		check(t, err)
		differ(t, string(tt.role), tt.want, site.Ready)
	}
}
