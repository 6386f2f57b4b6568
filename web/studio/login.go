package studio

import (
	"errors"
	"net/http"
	"strings"

	"kabar/internal/auth"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

func (s *Studio) login(w http.ResponseWriter, r *http.Request) error {
	next := page.LocalPath(r.URL.Query().Get("next"), templates.StudioPath)
	_, err := s.Page.Account(r)
	switch {
	case err == nil:
		return page.SeeOther(w, r, next)
	case !errors.Is(err, auth.ErrSignedOut):
		return err
	}
	return s.showLogin(w, r, http.StatusOK, &templates.LoginPage{Next: next})
}

func (s *Studio) showLogin(w http.ResponseWriter, r *http.Request, status int, p *templates.LoginPage) error {
	f, err := s.Page.Frame(r)
	if err != nil {
		return err
	}
	p.Frame = f
	p.Head.Title, p.Head.NoIndex = f.T("login.go"), true
	w.Header().Set("X-Robots-Tag", "noindex")
	return s.Page.RenderPrivate(w, r, status, p)
}

func (s *Studio) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.LoginForm); err != nil {
		return err
	}
	name, next := strings.TrimSpace(r.PostFormValue("email")), page.LocalPath(r.PostFormValue("next"), templates.StudioPath)
	_, err := s.Page.Auth.Login(r.Context(), name, r.PostFormValue("password"), page.ClientAddr(r))
	kept := page.Kept(r.PostFormValue("kept"))
	switch {
	case err == nil && kept != nil:
		return s.resume(w, r, *kept)
	case err == nil:
		return page.SeeOther(w, r, next)
	}
	p := &templates.LoginPage{Email: name, Next: next, Kept: kept}
	var braked *auth.Braked
	switch {
	case errors.As(err, &braked):
		p.Wait = braked.Wait
		return s.showLogin(w, r, s.Page.Failed(w, r, err), p)
	case errors.Is(err, auth.ErrWrong):
		p.Problems = templates.Problems{"": i18n.M("login.wrong")}
		return s.showLogin(w, r, http.StatusForbidden, p)
	}
	return err
}

// resume hands back what was written when nobody was signed in any more.
func (s *Studio) resume(w http.ResponseWriter, r *http.Request, kept templates.KeptForm) error {
	f, err := s.Page.Frame(r)
	if err != nil {
		return err
	}
	f.Head.Title, f.Head.NoIndex = f.T("resume.title"), true
	return s.Page.RenderPrivate(w, r, http.StatusOK, &templates.ResumePage{Frame: f, Kept: kept})
}

func (s *Studio) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.Page.Auth.Logout(r.Context()); err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.signed-out")
	return page.SeeOther(w, r, templates.LoginPath)
}
