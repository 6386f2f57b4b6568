package site

import (
	"context"
	"net/http"
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
	var ids []uuid.UUID
	for _, a := range articles {
		if !sameLanguage(a.Language, lang) {
			ids = append(ids, a.ID)
		}
	}
	if len(ids) == 0 {
		return articles, nil
	}
	found, err := p.Page.Blog.Translations(ctx, ids...)
	if err != nil || len(found) == 0 {
		return articles, err
	}
	shown := make([]blog.Article, len(articles))
	for i, a := range articles {
		shown[i] = a
		for _, t := range found[a.ID] {
			if sameLanguage(t.Language, lang) {
				a.Slug, a.Title, a.Summary, a.Excerpt, a.Language, a.Words = t.Slug, t.Title, t.Summary, t.Excerpt, t.Language, t.Words
				if t.Cover != "" {
					a.Cover, a.CoverAlt, a.CoverCaption = t.Cover, t.CoverAlt, t.CoverCaption
				}
				shown[i] = a
				break
			}
		}
	}
	return shown, nil
}

// localizedParts does the same for the parts of a series.
func (p *Part) localizedParts(ctx context.Context, lang string, parts []blog.Brief) ([]blog.Brief, error) {
	var ids []uuid.UUID
	for _, b := range parts {
		if !sameLanguage(b.Language, lang) {
			ids = append(ids, b.ID)
		}
	}
	if len(ids) == 0 {
		return parts, nil
	}
	found, err := p.Page.Blog.Translations(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i, b := range parts {
		for _, t := range found[b.ID] {
			if sameLanguage(t.Language, lang) {
				b.Slug, b.Title, b.Excerpt, b.Language, b.Words = t.Slug, t.Title, t.Excerpt, t.Language, t.Words
				if t.Series != "" {
					b.Series = t.Series
				}
				parts[i] = b
				break
			}
		}
	}
	return parts, nil
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
	for _, h := range a.Headings {
		if h.Level == 2 {
			made.Article.Contents = append(made.Article.Contents, templates.Heading{ID: h.ID, Text: h.Text})
		}
	}
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
