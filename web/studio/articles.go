package studio

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// articleFilters are the states that the list can be narrowed to.
var articleFilters = []struct {
	name, label string
	statuses    []blog.Status
}{
	{"", "filter.all", []blog.Status{blog.Draft, blog.Published}},
	{"draft", "filter.drafts", []blog.Status{blog.Draft}},
	{"published", "filter.published", []blog.Status{blog.Published}},
	{"deleted", "filter.deleted", []blog.Status{blog.Deleted}},
}

func (s *Studio) articles(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	query := only(r.URL.Query(), "state", "q", "before")
	before, err := page.ParseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	q := blog.ArticleQuery{
		Statuses: articleFilters[0].statuses, Search: query.Get("q"), Before: before, Limit: pageSize + 1,
	}
	for _, filter := range articleFilters {
		if filter.name == query.Get("state") {
			q.Statuses = filter.statuses
		}
	}
	if !me.MayAll(blog.WriteArticle) {
		q.Writer = me.ID
	}
	found, err := s.Page.Blog.Articles(r.Context(), q)
	if err != nil {
		return fmt.Errorf("studio: articles: %w", err)
	}
	f, of, err := s.frame(r, me, "nav.articles")
	if err != nil {
		return err
	}
	found, more := cut(found, pageSize)
	older := ""
	if more {
		older = page.Cursor(q.Cursor(found[len(found)-1]))
	}
	rows, err := s.articleRows(r, found)
	if err != nil {
		return err
	}
	p := &templates.ArticlesPage{
		Frame: f, Studio: of, State: query.Get("state"), Query: query.Get("q"), Rows: rows,
		Paging: paging(templates.StudioArticlesPath, query, older),
	}
	if p.Filters, err = s.articleFilters(r, me, query); err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// articleFilters counts for those who see everything.
func (s *Studio) articleFilters(r *http.Request, me blog.Account, query url.Values) ([]templates.Filter, error) {
	counts := map[blog.Status]int{}
	if me.MayAll(blog.WriteArticle) {
		var err error
		if counts, err = s.Page.Blog.ArticleCounts(r.Context()); err != nil {
			return nil, fmt.Errorf("studio: articles: %w", err)
		}
	}
	query = only(query, "q")
	filters := make([]templates.Filter, 0, len(articleFilters))
	for _, filter := range articleFilters {
		n := 0
		for _, status := range filter.statuses {
			n += counts[status]
		}
		filters = append(filters, templates.Filter{
			Label: i18n.M(filter.label), URL: link(templates.StudioArticlesPath, query, "state", filter.name),
			Count: n, Current: filter.name == r.URL.Query().Get("state"),
		})
	}
	return filters, nil
}

// articleRows are the articles with the languages that each is in as well.
func (s *Studio) articleRows(r *http.Request, articles []blog.Article) ([]templates.ArticleRow, error) {
	ids := make([]uuid.UUID, 0, len(articles))
	for _, a := range articles {
		ids = append(ids, a.ID)
	}
	translations, err := s.Page.Blog.Translations(r.Context(), ids...)
	if err != nil {
		return nil, fmt.Errorf("studio: articles: %w", err)
	}
	rows := articleRows(articles)
	for i, a := range articles {
		rows[i].Languages = languagesOf(translations[a.ID])
	}
	return rows, nil
}

// languagesOf leads to the editors of translations by their languages.
func languagesOf(translations []blog.Article) (list []templates.Language) {
	for _, t := range translations {
		list = append(list, templates.Language{Tag: t.Language, Name: page.OwnName(t.Language), URL: templates.StudioEditPath(t.ID.String())})
	}
	return list
}

func articleRows(articles []blog.Article) []templates.ArticleRow {
	rows := make([]templates.ArticleRow, 0, len(articles))
	for _, a := range articles {
		row := templates.ArticleRow{
			ID: a.ID.String(), Title: articleTitle(a), Language: a.Language, State: templates.ArticleState(a.Status),
			Changed: a.Changed, Published: a.Published, Replies: a.Comments, Boosts: a.Boosts, Likes: a.Likes,
		}
		if a.Status == blog.Published {
			row.URL = pagePath(a)
		}
		rows = append(rows, row)
	}
	return rows
}

// articleTitle names an article in a list: an untitled one by how it begins, a
// deleted one by where it was.
func articleTitle(a blog.Article) string {
	switch {
	case a.Title != "":
		return a.Title
	case a.Status == blog.Deleted:
		return pagePath(a)
	}
	return clip(a.Excerpt, 60)
}

// clip shortens a text to some characters.
func clip(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most-1]) + "…"
}

// pagePath is the page of an article on this site.
func pagePath(a blog.Article) string { return "/" + url.PathEscape(a.Slug) }
