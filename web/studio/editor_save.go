package studio

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// uploadForm is the size of the editor's form: one picture and the text.
const uploadForm = maxUpload + page.TextForm

// saveArticle does what the pressed button of the editor says.
func (s *Studio) saveArticle(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, uploadForm); err != nil {
		return err
	}
	defer r.MultipartForm.RemoveAll()
	a, err := s.articleOf(r, me)
	do := r.PostFormValue("do")
	switch {
	case errors.Is(err, blog.ErrGone) && do != "delete":
		return s.deletedMeanwhile(w, r, me)
	case err != nil:
		return err
	case do == "delete":
		return s.deleteArticle(w, r, me, a)
	}
	d := readDraft(r, a)
	if err := s.takeCover(r, me, d); err != nil {
		return s.editorProblem(w, r, me, d, err)
	}
	if err := s.focusCover(r, d); err != nil {
		return s.editorProblem(w, r, me, d, err)
	}
	switch do {
	case "preview":
		return s.preview(w, r, me, d)
	case "upload":
		return s.upload(w, r, me, d)
	case "draft", "publish", "update":
		return s.save(w, r, me, d, do)
	}
	return page.Status(http.StatusBadRequest)
}

func (s *Studio) save(w http.ResponseWriter, r *http.Request, me blog.Account, d *draft, do string) error {
	if d.article.ID != uuid.Nil && d.base <= 0 {
		return page.Status(http.StatusBadRequest) // no form of ours
	}
	if err := s.mayTranslate(r.Context(), me, d); err != nil {
		return err
	}
	saved, err := s.Page.Blog.Save(r.Context(), me.ID, blog.Save{
		ID: d.article.ID, Base: d.base, Input: d.input(s.Page.Now()), Publish: do == "publish",
	})
	if err != nil {
		return s.editorProblem(w, r, me, d, err)
	}
	said := map[string]string{"draft": "flash.draft", "publish": "flash.published", "update": "flash.updated"}[do]
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, templates.StudioEditPath(saved.ID.String()))
}

// editorProblem shows the editor again with what was typed, if the error is
// about that.
func (s *Studio) editorProblem(w http.ResponseWriter, r *http.Request, me blog.Account, d *draft, err error) error {
	var invalid *blog.Invalid
	switch {
	case errors.As(err, &invalid):
		d.refuse(invalid, page.Problem(invalid))
		said := flashProblems()
		return s.showEditor(w, r, me, http.StatusUnprocessableEntity, d, said)
	case errors.Is(err, blog.ErrConflict):
		return s.conflict(w, r, me, d)
	}
	return err
}

// conflict keeps what was typed, to be saved over what somebody else saved
// meanwhile once that has been looked at.
func (s *Studio) conflict(w http.ResponseWriter, r *http.Request, me blog.Account, d *draft) error {
	now, err := s.Page.Blog.Article(r.Context(), d.article.ID)
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	if now.Status == blog.Deleted {
		return s.deletedMeanwhile(w, r, me)
	}
	d.article, d.base, d.conflict = now, now.Revision, true
	return s.showEditor(w, r, me, http.StatusConflict, d, nil)
}

// deletedMeanwhile keeps what was typed as a new article.
func (s *Studio) deletedMeanwhile(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	d := readDraft(r, blog.Article{})
	d.base, d.form.Slug = 0, ""
	said := &templates.Notice{Kind: templates.NoticeBad, Text: i18n.M("flash.deleted-meanwhile")}
	return s.showEditor(w, r, me, http.StatusConflict, d, said)
}

func (s *Studio) deleteArticle(w http.ResponseWriter, r *http.Request, me blog.Account, a blog.Article) error {
	if a.ID == uuid.Nil {
		return page.Status(http.StatusBadRequest)
	}
	if !me.May(blog.WriteArticle, a.AccountID) {
		return blog.ErrForbidden // who only stands in the byline takes nothing away from the others
	}
	if err := s.Page.Blog.Delete(r.Context(), me.ID, a.ID); err != nil {
		return err
	}
	said := "flash.deleted"
	if a.Status != blog.Published {
		said = "flash.draft-deleted"
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, templates.StudioArticlesPath)
}

// preview renders what was typed and saves nothing.
func (s *Studio) preview(w http.ResponseWriter, r *http.Request, me blog.Account, d *draft) error {
	var err error
	if d.preview, err = s.rendered(r.Context(), d); err != nil {
		return s.editorProblem(w, r, me, d, err)
	}
	said := &templates.Notice{Kind: templates.NoticeGood, Text: i18n.M("flash.preview")}
	return s.showEditor(w, r, me, http.StatusOK, d, said)
}

func (s *Studio) rendered(ctx context.Context, d *draft) (blog.Article, error) {
	site, err := s.Page.Blog.Site(ctx)
	if err != nil {
		return blog.Article{}, fmt.Errorf("studio: preview: %w", err)
	}
	a := d.article
	a.Markdown, a.Language = d.form.Source, d.form.Language
	made, err := s.Page.Blog.Render(ctx, site, a)
	if err != nil {
		return blog.Article{}, err
	}
	a.HTML, a.Words = made.HTML, made.Words
	return a, nil
}
