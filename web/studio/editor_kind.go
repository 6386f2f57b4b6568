package studio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// originalsOffered is how many articles the editor offers to translate.
const originalsOffered = 200

// fillKind tells what the article is among others, and offers what it may be
// before it is public.
func (s *Studio) fillKind(r *http.Request, me blog.Account, p *templates.EditorPage, d *draft) error {
	ctx := r.Context()
	p.Kind = templates.Kind{Show: true, Static: d.static, Fixed: d.article.Status == blog.Published}
	if !p.Kind.Fixed {
		return s.offerOriginals(r, me, p, d)
	}
	original, err := s.Page.Blog.Original(ctx, d.article)
	if errors.Is(err, blog.ErrGone) || errors.Is(err, blog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	if original.ID != d.article.ID {
		p.Kind.Original = &templates.Link{Text: articleTitle(original), URL: templates.StudioEditPath(original.ID.String())}
	}
	found, err := s.Page.Blog.Translations(ctx, original.ID)
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	p.Kind.Languages = languagesOf(slices.DeleteFunc(found[original.ID], func(t blog.Article) bool { return t.ID == d.article.ID }))
	p.Kind.Translate = templates.StudioTranslatePath(original.ID.String())
	p.Kind.Show = p.Kind.Static || p.Kind.Original != nil || p.Kind.Translate != ""
	return nil
}

func (s *Studio) offerOriginals(r *http.Request, me blog.Account, p *templates.EditorPage, d *draft) error {
	for _, q := range []blog.ArticleQuery{{Limit: originalsOffered}, {Static: true, Limit: originalsOffered}} {
		found, err := s.Page.Blog.Articles(r.Context(), q)
		if err != nil {
			return fmt.Errorf("studio: editor: %w", err)
		}
		for _, a := range found {
			if a.TranslationOf == uuid.Nil && a.ID != d.article.ID && me.MayWrite(a) {
				p.Kind.Originals = append(p.Kind.Originals, templates.Choice{
					Value: a.ID.String(), Label: articleTitle(a), Lang: a.Language, Selected: a.ID == d.original,
				})
			}
		}
	}
	return nil
}

// mayTranslate refuses a new translation of what the account may not write: it
// would change the object of somebody else's article.
func (s *Studio) mayTranslate(ctx context.Context, me blog.Account, d *draft) error {
	if d.original == uuid.Nil || d.original == d.article.TranslationOf {
		return nil
	}
	original, err := s.Page.Blog.Article(ctx, d.original)
	switch {
	case errors.Is(err, blog.ErrNotFound):
		return nil // package blog says so
	case err != nil:
		return fmt.Errorf("studio: translation: %w", err)
	case !me.MayWrite(original):
		return blog.ErrForbidden
	}
	return nil
}

// translation opens the editor with what a translation begins with: the text
// of the original, in the next language of the interface.
func (s *Studio) translation(r *http.Request, me blog.Account, id string) (*draft, error) {
	of, err := uuid.Parse(id)
	if err != nil {
		return nil, blog.ErrNotFound
	}
	a, err := s.Page.Blog.Article(r.Context(), of)
	switch {
	case err != nil:
		return nil, fmt.Errorf("studio: translate: %w", err)
	case !me.MayWrite(a):
		return nil, blog.ErrForbidden
	case a.Status != blog.Published || a.TranslationOf != uuid.Nil:
		return nil, blog.ErrNotFound
	}
	found, err := s.Page.Blog.Translations(r.Context(), of)
	if err != nil {
		return nil, fmt.Errorf("studio: translate: %w", err)
	}
	d := openDraft(a)
	d.article, d.base, d.original, d.static, d.unsaved = blog.Article{Details: blog.Details{TranslationOf: of, Static: a.Static}}, 0, of, a.Static, true
	d.form.Slug, d.form.Language = "", nextLanguage(a, found[of])
	return d, nil
}

// nextLanguage is one of the interface that an article is not in yet.
func nextLanguage(a blog.Article, translations []blog.Article) string {
	has := map[string]bool{a.Language: true}
	for _, t := range translations {
		has[t.Language] = true
	}
	for _, lang := range i18n.Languages {
		if !has[lang] {
			return lang
		}
	}
	return ""
}
