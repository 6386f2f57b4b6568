package studio

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// wordsPerMinute is how fast an article is read.
const wordsPerMinute = 200

func (s *Studio) newArticle(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	if of := r.URL.Query().Get("translate"); of != "" {
		d, err := s.translation(r, me, of)
		if err != nil {
			return err
		}
		return s.showEditor(w, r, me, http.StatusOK, d, nil)
	}
	d := &draft{form: templates.EditorForm{Language: site.Language}}
	if me.Public {
		d.authors = []uuid.UUID{me.ID}
	}
	return s.showEditor(w, r, me, http.StatusOK, d, nil)
}

func (s *Studio) editArticle(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	a, err := s.articleOf(r, me)
	if err != nil {
		return err
	}
	return s.showEditor(w, r, me, http.StatusOK, openDraft(a), nil)
}

// articleOf is the article that the address names, if the account may write
// it; a new one for the address without one. A deleted one is blog.ErrGone.
func (s *Studio) articleOf(r *http.Request, me blog.Account) (blog.Article, error) {
	name, ok := mux.Vars(r)["id"]
	if !ok {
		return blog.Article{}, nil
	}
	id, err := uuid.Parse(name)
	if err != nil {
		return blog.Article{}, blog.ErrNotFound
	}
	a, err := s.Page.Blog.Article(r.Context(), id)
	switch {
	case err != nil:
		return blog.Article{}, fmt.Errorf("studio: editor: %w", err)
	case !me.MayWrite(a):
		return blog.Article{}, blog.ErrForbidden
	case a.Status == blog.Deleted:
		return a, blog.ErrGone
	}
	return a, nil
}

// showEditor shows a draft, with a message above it where there is one.
func (s *Studio) showEditor(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, d *draft, said *templates.Notice,
) error {
	title := "studio.write"
	if d.article.ID != uuid.Nil {
		title = "editor.edit"
	}
	f, of, err := s.frame(r, me, title)
	if err != nil {
		return err
	}
	if said != nil {
		f.Flash = said
	}
	p := &templates.EditorPage{
		Frame: f, Studio: of, Form: d.form, Languages: languageChoices(f.UILang(), d.form.Language),
		Revision: d.base, Unsaved: d.unsaved, Conflict: d.conflict, Problems: d.problems,
		PreviewHTML: template.HTML(d.preview.HTML.String()), // markup.Safe
	}
	fillStored(p, me, d)
	if err := s.fillPictures(r, p, d); err != nil {
		return err
	}
	if err := s.fillKind(r, me, p, d); err != nil {
		return err
	}
	if err := s.offer(r, me, p, d); err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// fillStored tells what is stored of the article.
func fillStored(p *templates.EditorPage, me blog.Account, d *draft) {
	p.Words = d.article.Words
	if d.preview.Words > 0 {
		p.Words = d.preview.Words
	}
	p.Minutes = (p.Words + wordsPerMinute - 1) / wordsPerMinute
	if d.article.ID == uuid.Nil {
		return
	}
	p.ID, p.State, p.Saved = d.article.ID.String(), templates.ArticleState(d.article.Status), d.article.Changed
	if d.article.Status != blog.Published {
		return
	}
	p.PublicURL = pagePath(d.article)
	if me.MayAll(blog.SeeDeliveries) {
		p.LedgerURL = templates.StudioDeliveriesPath + "?" + url.Values{"article": {p.ID}}.Encode()
	}
}

// fillPictures shows the cover and the uploads; what is no longer there is
// left out.
func (s *Studio) fillPictures(r *http.Request, p *templates.EditorPage, d *draft) error {
	if d.cover != "" {
		m, err := s.Page.Blog.Media(r.Context(), d.cover)
		if err == nil {
			p.Cover = &templates.Image{URL: blog.MediaPath + m.Name, Alt: d.form.CoverAlt, Width: m.Width, Height: m.Height, Focus: templates.FocusOf(m.Focus.X, m.Focus.Y)}
		} else if !errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("studio: editor: %w", err)
		}
	}
	for _, name := range d.images {
		m, err := s.Page.Blog.Media(r.Context(), name)
		if errors.Is(err, blog.ErrNotFound) {
			continue
		} else if err != nil {
			return fmt.Errorf("studio: editor: %w", err)
		}
		p.Images = append(p.Images, templates.UploadedImage{
			Image:    templates.Image{URL: blog.MediaPath + m.Name, Alt: m.Description, Width: m.Width, Height: m.Height},
			Markdown: sourceLine(m),
		})
	}
	return nil
}
