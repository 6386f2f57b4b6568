package studio

import (
	"errors"
	"net/http"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// second asks for the second factor of who gave the password.
func (s *Studio) second(w http.ResponseWriter, r *http.Request) error {
	return s.showSecond(w, r, http.StatusOK, onward{next: templates.StudioPath}, nil)
}

func (s *Studio) showSecond(w http.ResponseWriter, r *http.Request, status int, to onward, why *templates.Refusal) error {
	who, err := s.Page.Auth.Pending(r.Context())
	if errors.Is(err, auth.ErrTooLate) {
		return s.tooLate(w, r, to)
	}
	if err != nil {
		return err
	}
	have, err := s.Page.Auth.Factors(r.Context(), who.ID)
	if err != nil {
		return err
	}
	f, err := s.Page.Frame(r)
	if err != nil {
		return err
	}
	p := &templates.SecondPage{Frame: f, App: have.App}
	p.Head.Title, p.Head.NoIndex = f.T("second.title"), true
	p.Asks(to.next, to.kept, have.Passkeys > 0 && s.Page.Auth.HasPasskeys())
	p.Refused(why)
	w.Header().Set("X-Robots-Tag", "noindex")
	return s.Page.RenderPrivate(w, r, status, p)
}

// tooLate begins the sign-in again; what was written stays with it.
func (s *Studio) tooLate(w http.ResponseWriter, r *http.Request, to onward) error {
	if r.Method != http.MethodPost {
		return page.SeeOther(w, r, templates.LoginPath)
	}
	return s.showLogin(w, r, http.StatusForbidden, &templates.LoginPage{
		Next: to.next, Kept: to.kept, Problems: templates.Problems{"": i18n.M("second.late")},
	})
}

func (s *Studio) takeSecond(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.LoginForm); err != nil {
		return err
	}
	to := following(r)
	_, err := s.Page.Auth.Second(r.Context(), r.PostFormValue("code"), page.Client(r))
	switch {
	case err == nil:
		return s.follow(w, r, to)
	case errors.Is(err, auth.ErrTooLate):
		return s.tooLate(w, r, to)
	}
	if why, status := s.refusal(w, r, err, "second.wrong"); why != nil {
		return s.showSecond(w, r, status, to, why)
	}
	return err
}

// askPasskey says what an authenticator is to be asked, to sign in or to
// confirm.
func (s *Studio) askPasskey(w http.ResponseWriter, r *http.Request) error {
	options, err := s.Page.Auth.AskPasskey(r.Context(), page.Client(r))
	return writeOptions(w, options, err)
}

func writeOptions(w http.ResponseWriter, options []byte, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", page.Private)
	_, err = w.Write(options)
	return err
}

// confirm asks who is signed in to prove it again.
func (s *Studio) confirm(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	next := page.LocalPath(r.URL.Query().Get("next"), templates.StudioPath)
	if s.Page.Auth.Confirmed(r.Context()) == nil {
		return page.SeeOther(w, r, next)
	}
	return s.Page.Confirm(w, r, http.StatusOK, next, nil, nil)
}

func (s *Studio) takeConfirm(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	if err := page.ParseForm(w, r, page.LoginForm); err != nil {
		return err
	}
	to := following(r)
	var err error
	if answer := r.PostFormValue("passkey"); answer != "" {
		err = s.Page.Auth.ConfirmPasskey(r.Context(), []byte(answer), page.Client(r))
	} else {
		err = s.Page.Auth.Confirm(r.Context(), r.PostFormValue("password"), page.Client(r))
	}
	if err == nil {
		return s.follow(w, r, to)
	}
	if why, status := s.refusal(w, r, err, "confirm.wrong"); why != nil {
		return s.Page.Confirm(w, r, status, to.next, to.kept, why)
	}
	return err
}

// confirmed lets those go on who proved lately who they are. It stands before
// all that a stolen session must not do: see TestDangers for the list.
func (s *Studio) confirmed(r *http.Request) error { return s.Page.Auth.Confirmed(r.Context()) }

// protected leads those to the second factors who have none and are to have
// one, before anything else.
func (s *Studio) protected(r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	switch r.URL.Path {
	case templates.StudioSecurityPath, templates.StudioPasskeyPath, templates.StudioConfirmPath:
		return nil
	}
	if !site.Accounts.Wants(me.Role) {
		return nil
	}
	have, err := s.Page.Auth.Factors(r.Context(), me.ID)
	if err != nil || have.On() {
		return err
	}
	return page.Elsewhere(templates.StudioSecurityPath)
}
