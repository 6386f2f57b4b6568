package studio

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"kabar/internal/blog"
	"kabar/internal/theme"
	"kabar/web/page"
	"kabar/web/templates"
)

// Fonts takes in font files. One that cannot be taken is a *blog.Invalid.
type Fonts interface {
	AddFont(ctx context.Context, filename string, data []byte) (blog.ThemeFont, error)
}

// maxAppearance is the size of the form: two pictures, two fonts, the CSS.
const maxAppearance = 2*maxUpload + 2*theme.MaxFont + 4*theme.MaxSheet + page.SmallForm

func (s *Studio) appearance(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	return s.showAppearance(w, r, me, http.StatusOK, site.Theme, false, nil)
}

// saveAppearance tries a look, makes it the blog's, or takes all of it away.
func (s *Studio) saveAppearance(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, maxAppearance); err != nil {
		return err
	}
	defer r.MultipartForm.RemoveAll()
	do := r.PostFormValue("do")
	if do == "reset" {
		return s.resetAppearance(w, r, me)
	}
	base, tried, err := s.baseTheme(r, me)
	if err != nil {
		return err
	}
	t, err := s.readTheme(r, me, base)
	if err == nil && (do == "home" || do == "article") {
		if err = s.Page.Blog.TryTheme(r.Context(), me.ID, t); err == nil {
			return page.SeeOther(w, r, templates.StudioPreviewPath+"?"+url.Values{"page": {do}}.Encode())
		}
	} else if err == nil {
		if err = s.Page.Blog.ChangeTheme(r.Context(), me.ID, t); err == nil {
			s.Page.Notify(r, templates.NoticeGood, "flash.saved")
			return page.SeeOther(w, r, templates.StudioAppearancePath)
		}
	}
	problems, ok := page.Problems(err)
	if !ok {
		return err
	}
	if problems["accept"].Key != "" {
		// All else is right: what was uploaded is there when the form comes again.
		if err := s.Page.Blog.TryTheme(r.Context(), me.ID, t); err != nil {
			return err
		}
		tried = true
	}
	return s.showAppearance(w, r, me, http.StatusUnprocessableEntity, t, tried, problems)
}

func (s *Studio) resetAppearance(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := s.Page.Blog.ChangeTheme(r.Context(), me.ID, blog.Theme{}); err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.theme.reset")
	return page.SeeOther(w, r, templates.StudioAppearancePath)
}

// baseTheme is what the form changes: the look that was tried if it comes from
// there, else the blog's.
func (s *Studio) baseTheme(r *http.Request, me blog.Account) (t blog.Theme, tried bool, err error) {
	if r.PostFormValue("base") == "tried" {
		t, err = s.Page.Blog.TriedTheme(r.Context(), me.ID)
		if err == nil || !errors.Is(err, blog.ErrNotFound) {
			return t, true, err
		}
	}
	site, err := s.Page.Site(r)
	return site.Theme, false, err
}

// previewAppearance leads to a page of the blog in the look that was tried.
func (s *Studio) previewAppearance(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	at := templates.HomePath
	if r.URL.Query().Get("page") == "article" {
		newest, err := s.Page.Blog.Articles(r.Context(), blog.ArticleQuery{Limit: 1})
		if err != nil {
			return err
		}
		if len(newest) > 0 {
			at = "/" + url.PathEscape(newest[0].Slug)
		}
	}
	return page.SeeOther(w, r, page.TriedPath(at))
}

func (s *Studio) showAppearance(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, t blog.Theme, tried bool, problems templates.Problems,
) error {
	f, of, err := s.formFrame(r, me, "nav.appearance", problems)
	if err != nil {
		return err
	}
	p := &templates.AppearancePage{Frame: f, Studio: of, Form: appearanceForm(f, t), Problems: problems}
	p.Form.Tried = tried
	if p.ColourProblem() == "" { // nothing can be worked out of a colour that is none
		p.Warnings = contrastWarnings(f, t)
	}
	return s.Page.RenderPrivate(w, r, status, p)
}
