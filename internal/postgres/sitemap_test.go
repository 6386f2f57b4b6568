package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestSitemap(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	none, err := s.SitemapParts(t.Context(), 2)
	check(t, err)
	differ(t, "an empty blog", 0, len(none))

	actor := addBlogActor(t, s).ID
	in := func(month int) time.Time { return at(0).AddDate(0, month, 0) }
	var all []blog.Article
	for i, slug := range []string{"one", "two", "three", "four", "five", "six", "draft", "deleted"} {
		a := published(actor, slug, i)
		a.Published = []time.Time{at(0), at(1), in(2), in(3), in(3).Add(time.Second), in(3).Add(2 * time.Second), {}, in(5)}[i]
		switch slug {
		case "two":
			a.Updated = in(1)
		case "three":
			a.Static = true
		case "four":
			a.TranslationOf, a.Language = all[0].ID, "en"
		case "draft":
			a.Status, a.ObjectURI = blog.Draft, ""
		}
		save(t, s, a)
		all = append(all, a)
	}
	check(t, s.DeleteArticle(t.Context(), all[7].ID, in(6), nil, audit("article.delete")))
	check(t, s.DeleteArticle(t.Context(), all[5].ID, in(7), nil, audit("article.delete")))

	parts, err := s.SitemapParts(t.Context(), 3)
	check(t, err)
	first := func(year int, month time.Month) time.Time { return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC) }
	differ(t, "parts", []blog.SitemapPart{
		{From: first(2026, 1), Until: first(2026, 4), Changed: in(2)}, {From: first(2026, 4), Until: first(2026, 5), Changed: in(7)},
	}, parts)
	alone, err := s.SitemapParts(t.Context(), 1)
	check(t, err)
	differ(t, "months with more than the size", 3, len(alone))

	both := []blog.SitemapLanguage{{Language: "en", Slug: "four"}, {Language: all[0].Language, Slug: "one"}}
	none2 := []blog.SitemapLanguage{}
	want := [][]blog.SitemapPage{
		{
			{Slug: "one", Changed: at(0), Cover: all[0].Cover, Languages: both},
			{Slug: "two", Changed: in(1), Cover: all[1].Cover, Languages: none2},
			{Slug: "three", Changed: in(2), Cover: all[2].Cover, Languages: none2},
		},
		{{Slug: "four", Changed: in(3), Cover: all[3].Cover, Languages: both}, {Slug: "five", Changed: all[4].Published, Cover: all[4].Cover, Languages: none2}},
	}
	for i, part := range parts {
		got, err := s.SitemapPages(t.Context(), part, 9)
		check(t, err)
		differ(t, "pages", want[i], got)
	}
	got, err := s.SitemapPages(t.Context(), parts[0], 1)
	check(t, err)
	differ(t, "limited", want[0][:1], got)
	got, err = s.SitemapPages(t.Context(), blog.SitemapPart{From: first(2026, 6), Until: first(2026, 7)}, 9)
	check(t, err)
	differ(t, "behind the last", 0, len(got))

	last, err := s.ArticlesChanged(t.Context())
	check(t, err)
	differ(t, "last change", in(7), last)
}

// What feeds have changed is told with the change: those that an article was in
// as well as those that it is in.
func TestFeedsChange(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	ratri, bayu := addAccount(t, s, "ratri", blog.Profile{Public: true}), addAccount(t, s, "bayu", blog.Profile{Public: true})
	told := func(what string, want ...blog.FeedsChanged) {
		t.Helper()
		rows, err := s.pool.Query(t.Context(), `select args from river_job where kind = 'feeds_changed' order by id`)
		check(t, err)
		got := []blog.FeedsChanged{}
		for rows.Next() {
			var f blog.FeedsChanged
			check(t, rows.Scan(&f))
			got = append(got, f)
		}
		check(t, rows.Err())
		differ(t, what, want, got)
		_, err = s.pool.Exec(t.Context(), `delete from river_job`)
		check(t, err)
	}
	a := published(actor, "kabar", 0)
	a.Tags, a.Authors = []string{"Kopi"}, []uuid.UUID{ratri.ID}
	check(t, s.SaveArticle(t.Context(), a, 0, &blog.ArticleChanged{Article: a.ID, Change: "create"}, audit("article.create")))
	told("published", blog.FeedsChanged{Tags: []string{"kopi"}, Authors: []uuid.UUID{ratri.ID}})

	a.Tags, a.Authors, a.Revision = []string{"kopi"}, []uuid.UUID{ratri.ID}, 2
	check(t, s.SaveArticle(t.Context(), a, 1, nil, audit("article.save")))
	told("saved and not told", []blog.FeedsChanged{}...)

	a.Tags, a.Authors, a.Revision = []string{}, []uuid.UUID{bayu.ID}, 3
	check(t, s.SaveArticle(t.Context(), a, 2, &blog.ArticleChanged{Article: a.ID, Change: "update"}, audit("article.update")))
	told("edited", blog.FeedsChanged{Tags: []string{"kopi"}, Authors: []uuid.UUID{ratri.ID, bayu.ID}})

	check(t, s.DeleteArticle(t.Context(), a.ID, at(9), &blog.ArticleChanged{Article: a.ID, Change: "delete"}, audit("article.delete")))
	told("deleted", blog.FeedsChanged{Tags: []string{}, Authors: []uuid.UUID{bayu.ID}})
}
