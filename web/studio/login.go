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
	p.Frame, p.Passkeys = f, s.Page.Auth.HasPasskeys()
	p.Head.Title, p.Head.NoIndex = f.T("login.go"), true
	w.Header().Set("X-Robots-Tag", "noindex")
	return s.Page.RenderPrivate(w, r, status, p)
}

// signIn takes a password, or the answer of a passkey.
func (s *Studio) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.LoginForm); err != nil {
		return err
	}
	to := following(r)
	name := strings.TrimSpace(r.PostFormValue("email"))
	var err error
	if answer := r.PostFormValue("passkey"); answer != "" {
		_, err = s.Page.Auth.LoginPasskey(r.Context(), []byte(answer), page.Client(r))
	} else {
		_, err = s.Page.Auth.Login(r.Context(), name, r.PostFormValue("password"), page.Client(r))
	}
	switch {
	case err == nil:
		return s.follow(w, r, to)
	case errors.Is(err, auth.ErrSecondFactor):
		return s.showSecond(w, r, http.StatusOK, to, nil)
	}
	why, status := s.refusal(w, r, err, "login.wrong")
	if why == nil {
		return err
	}
	p := &templates.LoginPage{Email: name, Next: to.next, Kept: to.kept, Wait: why.Wait}
	if why.Wait == 0 {
		p.Problems = templates.Problems{"": i18n.M(why.Key)}
	}
	return s.showLogin(w, r, status, p)
}

// refusal is why an answer to "who are you" was not taken, with the status to
// say so; nil for an error that is about something else. wrong is the text for
// auth.ErrWrong.
func (s *Studio) refusal(w http.ResponseWriter, r *http.Request, err error, wrong string) (*templates.Refusal, int) {
	var braked *auth.Braked
	switch {
	case errors.As(err, &braked):
		return &templates.Refusal{Wait: braked.Wait}, s.Page.Failed(w, r, err)
	case errors.Is(err, auth.ErrWrong):
		return &templates.Refusal{Key: wrong}, http.StatusForbidden
	case errors.Is(err, auth.ErrCopied):
		return &templates.Refusal{Key: "passkey.copied"}, http.StatusForbidden
	case errors.Is(err, auth.ErrPasskey):
		return &templates.Refusal{Key: "passkey.refused"}, http.StatusForbidden
	}
	return nil, 0
}

// onward is where somebody goes once it is known who they are: to a page, or to
// a form that was kept.
type onward struct {
	next string
	kept *templates.KeptForm
}

func following(r *http.Request) onward {
	return onward{page.LocalPath(r.PostFormValue("next"), templates.StudioPath), page.Kept(r.PostFormValue("kept"))}
}

func (s *Studio) follow(w http.ResponseWriter, r *http.Request, to onward) error {
	if to.kept != nil {
		return s.resume(w, r, *to.kept)
	}
	return page.SeeOther(w, r, to.next)
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
