package postgres

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func draft(actor uuid.UUID, slug string) blog.Article {
	return blog.Article{
		ID: newID(), Slug: slug, Status: blog.Draft, Title: "Title of " + slug, Summary: "What it is about",
		Excerpt: "It begins", Markdown: "It *begins*", HTML: safe("<p>It <em>begins</em></p>"), Text: "It begins",
		Words: 2, Language: "id", Tags: []string{"Kopi", "Kota Tua"}, Files: map[string]string{"a.png": "abc.png"},
		Mentions: []blog.Mention{{Handle: "a@a.test", ActorURI: "https://a.test/a"}},
		Headings: []blog.Heading{{ID: "h", Text: "Heading", Level: 2}}, Cover: "abc.png", CoverAlt: "A cup", Details: blog.Details{Authors: []uuid.UUID{}},
		ActorID: actor, Revision: 1, Created: at(0), Changed: at(0),
	}
}

// published is a draft after its publication at the minute.
func published(actor uuid.UUID, slug string, minute int) blog.Article {
	a := draft(actor, slug)
	a.Status, a.ObjectURI = blog.Published, "https://b.test/ap/objects/"+a.ID.String()
	a.Published, a.Changed = at(minute), at(minute)
	return a
}

func save(t *testing.T, s *Store, articles ...blog.Article) {
	t.Helper()
	for _, a := range articles {
		check(t, s.SaveArticle(t.Context(), a, a.Revision-1, nil, audit("article.save")))
	}
}

// next is the article one save later.
func next(a blog.Article) blog.Article {
	a.Revision++
	a.Changed = a.Changed.Add(1e9)
	return a
}

func slugs(articles []blog.Article) []string {
	names := []string{}
	for _, a := range articles {
		names = append(names, a.Slug)
	}
	return names
}

func TestSaveArticle(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	heard := hear(s)
	d := draft(addBlogActor(t, s).ID, "kopi")
	save(t, s, d)
	got, err := s.Article(t.Context(), d.ID)
	check(t, err)
	differ(t, "draft", d, got)
	differ(t, "tags after the draft", []string(nil), *heard)

	p := next(d)
	p.Status, p.ObjectURI, p.Published = blog.Published, "https://b.test/ap/objects/1", at(1)
	p.Tags, p.Files, p.Mentions, p.Headings, p.Title = []string{}, map[string]string{}, []blog.Mention{}, []blog.Heading{}, ""
	job := &blog.ArticleChanged{Article: p.ID, ObjectURI: p.ObjectURI, Revision: 2, Change: "create"}
	check(t, s.SaveArticle(t.Context(), p, 1, job, audit("article.create")))
	got, err = s.Article(t.Context(), p.ID)
	check(t, err)
	differ(t, "published", p, got)
	differ(t, "tags", []string{blog.PageArticle(p.ID), blog.PageList}, *heard)
	differ(t, "jobs", 1, len(queued(t, s, job.Kind())))
	differ(t, "audit", []string{"article.save", "article.create"}, actions(t, s))

	revisions, err := s.Revisions(t.Context(), p.ID)
	check(t, err)
	differ(t, "revisions", []blog.Revision{
		{ArticleID: p.ID, Number: 2, Summary: p.Summary, Markdown: p.Markdown, HTML: p.HTML, Language: "id", Tags: []string{}, Created: p.Changed},
		{ArticleID: d.ID, Number: 1, Title: d.Title, Summary: d.Summary, Markdown: d.Markdown, HTML: d.HTML, Language: "id", Tags: d.Tags, Created: d.Changed},
	}, revisions)
}

func TestSaveArticleWithoutLists(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := blog.Article{
		ID: newID(), Slug: "bare", Status: blog.Draft, Language: "en", ActorID: addBlogActor(t, s).ID, Revision: 1,
		Created: at(0), Changed: at(0),
	}
	save(t, s, a)
	got, err := s.Article(t.Context(), a.ID)
	check(t, err)
	differ(t, "lengths", [4]int{}, [4]int{len(got.Tags), len(got.Files), len(got.Mentions), len(got.Headings)})
}

func TestSaveArticleRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	present := next(published(actor, "kopi", 0))
	save(t, s, published(actor, "teh", 0))
	check(t, s.SaveArticle(t.Context(), present, 0, nil, audit("article.create")))
	tests := []struct {
		name   string
		change func(*blog.Article)
		base   int
		want   error
	}{
		{"old revision", func(*blog.Article) {}, 1, blog.ErrConflict},
		{"unknown article", func(a *blog.Article) { a.ID = newID() }, 2, blog.ErrNotFound},
		{"taken slug", func(a *blog.Article) { a.Slug = "teh" }, 2, blog.ErrConflict},
	}
	for _, tt := range tests {
		a := next(present)
		tt.change(&a)
		err := s.SaveArticle(t.Context(), a, tt.base, &blog.ArticleChanged{}, audit(tt.name))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
		var invalid *blog.Invalid
		if slug := errors.As(err, &invalid) && invalid.Field == "slug"; slug != (tt.name == "taken slug") {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
	got, err := s.Article(t.Context(), present.ID)
	check(t, err)
	differ(t, "article", present, got)
	differ(t, "jobs", 0, len(queued(t, s, "article_changed")))
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s).ID
	d := draft(actor, "first-idea")
	save(t, s, d)
	d = next(d)
	d.Slug = "kopi"
	save(t, s, d)
	p := next(d)
	p.Status, p.ObjectURI, p.Published = blog.Published, "https://b.test/ap/objects/1", at(1)
	save(t, s, p)
	p = next(p)
	p.Slug = "kopi-tua"
	save(t, s, p)

	tests := []struct {
		name, slug string
		taken      bool
		err        error
	}{
		{"present", "kopi-tua", true, nil},
		{"past", "kopi", true, nil},
		{"of the unseen draft", "first-idea", false, blog.ErrNotFound},
		{"never used", "teh", false, blog.ErrNotFound},
	}
	for _, tt := range tests {
		a, err := s.ArticleBySlug(t.Context(), tt.slug)
		if !errors.Is(err, tt.err) || err == nil && (a.ID != p.ID || a.Slug != "kopi-tua") {
			t.Errorf("%s: got %s, %v", tt.name, a.Slug, err)
		}
		for except, want := range map[uuid.UUID]bool{newID(): tt.taken, p.ID: false} {
			taken, err := s.SlugTaken(t.Context(), tt.slug, except)
			check(t, err)
			differ(t, tt.name, want, taken)
		}
	}
}

func TestDraftHasNoPage(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	save(t, s, draft(addBlogActor(t, s).ID, "kopi"))
	if _, err := s.ArticleBySlug(t.Context(), "kopi"); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestDeleteArticle(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	a := published(actor.ID, "kopi", 0)
	save(t, s, a)
	addReaction(t, s, "like", actor, a, at(1))
	heard := hear(s)
	job := &blog.ArticleChanged{Article: a.ID, ObjectURI: a.ObjectURI, Revision: 1, Change: "delete"}
	check(t, s.DeleteArticle(t.Context(), a.ID, at(5), job, audit("article.delete")))

	got, err := s.Article(t.Context(), a.ID)
	check(t, err)
	differ(t, "what is left", blog.Article{
		ID: a.ID, ObjectURI: a.ObjectURI, Slug: "kopi", Status: blog.Deleted, Language: "id", Tags: []string{},
		Files: map[string]string{}, Mentions: []blog.Mention{}, Headings: []blog.Heading{}, ActorID: actor.ID,
		Details:  blog.Details{Authors: []uuid.UUID{}},
		Revision: 1, Created: a.Created, Changed: at(5), Published: a.Published, Deleted: at(5),
	}, got)
	differ(t, "tags", []string{blog.PageArticle(a.ID), blog.PageList}, *heard)
	differ(t, "jobs", 1, len(queued(t, s, "article_changed")))
	for name, find := range map[string]func() (blog.Article, error){
		"page":   func() (blog.Article, error) { return s.ArticleBySlug(t.Context(), "kopi") },
		"object": func() (blog.Article, error) { return s.ArticleByObject(t.Context(), a.ObjectURI) },
	} {
		if got, err := find(); !errors.Is(err, blog.ErrGone) || got.ID != a.ID {
			t.Errorf("%s: got %s, %v", name, got.ID, err)
		}
	}
	if err := s.DeleteArticle(t.Context(), a.ID, at(6), nil, audit("again")); !errors.Is(err, blog.ErrGone) {
		t.Errorf("second time: got %v", err)
	}
	if err := s.DeleteArticle(t.Context(), newID(), at(6), nil, audit("unknown")); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown: got %v", err)
	}
}

func TestRepublish(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := published(addBlogActor(t, s).ID, "kopi", 0)
	save(t, s, a)
	check(t, s.DeleteArticle(t.Context(), a.ID, at(5), nil, audit("article.delete")))
	again := next(a)
	again.ObjectURI = "https://b.test/ap/objects/second"
	save(t, s, again)

	if got, err := s.ArticleBySlug(t.Context(), "kopi"); err != nil || got.ObjectURI != again.ObjectURI {
		t.Errorf("page: got %s, %v", got.ObjectURI, err)
	}
	if _, err := s.ArticleByObject(t.Context(), again.ObjectURI); err != nil {
		t.Errorf("new object: %v", err)
	}
	if _, err := s.ArticleByObject(t.Context(), a.ObjectURI); !errors.Is(err, blog.ErrGone) {
		t.Errorf("old object: %v", err)
	}
	if _, err := s.ArticleByObject(t.Context(), "https://b.test/ap/objects/never"); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown object: %v", err)
	}
}

func TestDeletedDraftGivesItsSlugBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	d := draft(addBlogActor(t, s).ID, "kopi")
	save(t, s, d)
	check(t, s.DeleteArticle(t.Context(), d.ID, at(5), nil, audit("article.delete")))
	taken, err := s.SlugTaken(t.Context(), "kopi", newID())
	check(t, err)
	differ(t, "taken", false, taken)
}

func TestArticles(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor, other := addBlogActor(t, s), addActor(t, s, blog.AuthorActor, "ana", "b.test")
	var all []blog.Article
	for i := range 6 { // newest is a5; a2 and a3 are of the same moment
		a := published(actor.ID, fmt.Sprint("a", i), i)
		all = append(all, a)
	}
	all[3].Published = all[2].Published
	all[1].Tags = []string{"Seni Rupa", "kota"}
	all[4].ActorID = other.ID
	account := blog.Account{ID: newID(), Name: "ana", Role: blog.Author, Created: at(0)}
	check(t, s.InsertAccount(t.Context(), account, audit("account.create")))
	all[0].AccountID, all[0].Title, all[5].Text = account.ID, "100% Kopi", "Bukan 100 kopi"
	d := draft(actor.ID, "draft")
	d.Changed = at(100)
	save(t, s, all...)
	save(t, s, d)
	cursor := blog.ArticleQuery{}.Cursor
	tests := []struct {
		name string
		in   blog.ArticleQuery
		want []string
	}{
		{"newest", blog.ArticleQuery{Limit: 2}, []string{"a5", "a4"}},
		{"before", blog.ArticleQuery{Before: cursor(all[3]), Limit: 2}, []string{"a2", "a1"}},
		{"after", blog.ArticleQuery{After: cursor(all[2]), Limit: 2}, []string{"a4", "a3"}},
		{"after the newest", blog.ArticleQuery{After: cursor(all[5]), Limit: 2}, []string{}},
		{"tag in other case", blog.ArticleQuery{Tag: "#seni rupa", Limit: 9}, []string{"a1"}},
		{"unknown tag", blog.ArticleQuery{Tag: "senirupa", Limit: 9}, []string{}},
		{"actor", blog.ArticleQuery{Actor: other.ID, Limit: 9}, []string{"a4"}},
		{"account", blog.ArticleQuery{Account: account.ID, Limit: 9}, []string{"a0"}},
		{"words of the title", blog.ArticleQuery{Search: " 100% kopi", Limit: 9}, []string{"a0"}},
		{"words of the text", blog.ArticleQuery{Search: "bukan", Limit: 9}, []string{"a5"}},
		{"drafts", blog.ArticleQuery{Statuses: []blog.Status{blog.Draft}, Limit: 9}, []string{"draft"}},
		{"all by change", blog.ArticleQuery{Statuses: []blog.Status{blog.Draft, blog.Published}, Limit: 3}, []string{"draft", "a5", "a4"}},
	}
	for _, tt := range tests {
		got, err := s.Articles(t.Context(), tt.in)
		check(t, err)
		differ(t, tt.name, tt.want, slugs(got))
	}
	counts, err := s.ArticleCounts(t.Context())
	check(t, err)
	differ(t, "counts", map[blog.Status]int{blog.Published: 6, blog.Draft: 1}, counts)
}
