package site

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// languages are those in which an article can be read, that of the original
// first; none without translations.
func (p *Part) languages(ctx context.Context, a, original blog.Article) ([]templates.Language, error) {
	found, err := p.Page.Blog.Translations(ctx, original.ID)
	if err != nil || len(found[original.ID]) == 0 {
		return nil, err
	}
	var list []templates.Language
	for _, one := range append([]blog.Article{original}, found[original.ID]...) {
		list = append(list, templates.Language{
			Tag: one.Language, Name: page.OwnName(one.Language), URL: articlePath(one), Current: one.ID == a.ID,
		})
	}
	return list, nil
}

// localized puts the translation in the reader's language, where there is one,
// in the place of each article of a list.
func (p *Part) localized(ctx context.Context, lang string, articles []blog.Article) ([]blog.Article, error) {
	found, err := translated(ctx, p, lang, articles, func(a blog.Article) (uuid.UUID, string) { return a.ID, a.Language })
	if err != nil {
		return nil, err
	}
	shown := slices.Clone(articles)
	for i := range shown {
		a := &shown[i]
		t, ok := found[a.ID]
		if !ok {
			continue
		}
		a.Slug, a.Title, a.Summary, a.Excerpt, a.Language, a.Words = t.Slug, t.Title, t.Summary, t.Excerpt, t.Language, t.Words
		if t.Cover != "" {
			a.Cover, a.CoverAlt, a.CoverCaption = t.Cover, t.CoverAlt, t.CoverCaption
		}
	}
	return shown, nil
}

// localizedParts does the same for the parts of a series.
func (p *Part) localizedParts(ctx context.Context, lang string, parts []blog.Brief) ([]blog.Brief, error) {
	found, err := translated(ctx, p, lang, parts, func(b blog.Brief) (uuid.UUID, string) { return b.ID, b.Language })
	if err != nil {
		return nil, err
	}
	shown := slices.Clone(parts)
	for i := range shown {
		b := &shown[i]
		if t, ok := found[b.ID]; ok {
			b.Slug, b.Title, b.Excerpt, b.Language, b.Words, b.Series = t.Slug, t.Title, t.Excerpt, t.Language, t.Words, cmp.Or(t.Series, b.Series)
		}
	}
	return shown, nil
}

// translated are the translations in the reader's language of those that are in
// another, by the ids of these.
func translated[T any](
	ctx context.Context, p *Part, lang string, originals []T, of func(T) (uuid.UUID, string),
) (map[uuid.UUID]blog.Article, error) {
	var ids []uuid.UUID
	for _, o := range originals {
		if id, language := of(o); !sameLanguage(language, lang) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := p.Page.Blog.Translations(ctx, ids...)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID]blog.Article{}
	for id, translations := range all {
		if i := slices.IndexFunc(translations, func(t blog.Article) bool { return sameLanguage(t.Language, lang) }); i >= 0 {
			found[id] = translations[i]
		}
	}
	return found, nil
}

// sameLanguage compares tags of BCP 47 by their language alone.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
}

// staticPage is a page that stands by itself: no conversation, no actions.
func (p *Part) staticPage(w http.ResponseWriter, r *http.Request, a, original blog.Article) error {
	page.Shows(r, blog.PageSite, blog.PageArticle(a.ID), blog.PageArticle(original.ID))
	ctx := r.Context()
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	made := &templates.StaticPage{Frame: f}
	made.Article.Title, made.Article.Summary, made.Article.Language = a.Title, a.Summary, a.Language
	made.Article.BodyHTML, made.Article.Updated, made.Article.Permalink = a.HTML.HTML(), a.Published, f.Site.URL+articlePath(a)
	if a.Updated.After(a.Published) {
		made.Article.Updated = a.Updated
	}
	made.Article.Contents = contents(a)
	if made.Article.Cover, err = p.cover(ctx, a); err != nil {
		return err
	}
	if made.Article.Languages, err = p.languages(ctx, a, original); err != nil {
		return err
	}
	if f.Site.SignedIn {
		made.Article.EditURL = templates.StudioEditPath(a.ID.String())
	}
	h := &made.Head
	h.Title, h.Description, h.Canonical, h.Image = label(a), a.Summary, made.Article.Permalink, made.Article.Cover
	if h.Description == "" {
		h.Description = a.Excerpt
	}
	h.Modified, h.Translations, h.OneLanguage = made.Article.Updated, made.Article.Languages, true
	return p.Page.Render(w, r, http.StatusOK, made)
}
