package site

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// setupForm is the first-run page. The link in the log leads here; once there
// is an owner, made here or on the command line, it leads on to the login.
func (p *Part) setupForm(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	if site.Ready {
		return page.SeeOther(w, r, templates.LoginPath)
	}
	form := templates.SetupForm{Token: token, Handle: site.Handle, Language: site.Language, Zone: site.TimeZone}
	err = auth.CheckSetup(r.Context(), p.Setup, token)
	return p.setupPage(w, r, form, err)
}

// setupPage shows the form, with what is wrong with it.
func (p *Part) setupPage(w http.ResponseWriter, r *http.Request, form templates.SetupForm, err error) error {
	f, frameErr := p.Page.Frame(r)
	if frameErr != nil {
		return frameErr
	}
	site, siteErr := p.Page.Site(r)
	if siteErr != nil {
		return siteErr
	}
	f.Head = templates.Head{Title: f.T("setup.title"), NoIndex: true}
	made := &templates.SetupPage{Frame: f, Form: form, Domain: site.HandleDomain, Zones: page.Zones(form.Zone)}
	status := http.StatusOK
	if err != nil {
		var ok bool
		status = http.StatusUnprocessableEntity
		if made.Problems, ok = setupProblems(err); !ok {
			return err
		}
		if errors.Is(err, auth.ErrSetup) {
			status = http.StatusForbidden
		}
	}
	return p.Page.RenderPrivate(w, r, status, made)
}

func setupProblems(err error) (templates.Problems, bool) {
	if errors.Is(err, auth.ErrSetup) || errors.Is(err, blog.ErrConflict) {
		return templates.Problems{"": i18n.M("setup.used")}, true
	}
	problems, ok := page.Problems(err)
	if problem, found := problems["time_zone"]; found {
		problems["zone"] = problem
	}
	return problems, ok
}

// setup makes the owner's account and names the blog, and signs the owner in.
func (p *Part) setup(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	form := templates.SetupForm{
		Token: r.PostForm.Get("token"), Name: r.PostForm.Get("name"), Email: r.PostForm.Get("email"),
		Title: r.PostForm.Get("title"), Handle: strings.TrimPrefix(strings.TrimSpace(r.PostForm.Get("handle")), "@"),
		Language: r.PostForm.Get("language"), Zone: r.PostForm.Get("zone"),
	}
	account, err := p.setUp(r, form, r.PostForm.Get("password"))
	if err != nil {
		return p.setupPage(w, r, form, err)
	}
	if p.Page.Auth != nil {
		if err := p.Page.Auth.Begin(r.Context(), account, auth.ByPassword, page.Client(r)); err != nil {
			return err
		}
	}
	return page.SeeOther(w, r, templates.StudioPath)
}

// setUp uses the token last: a mistake in the form does not cost it.
func (p *Part) setUp(r *http.Request, form templates.SetupForm, password string) (blog.Account, error) {
	ctx := r.Context()
	if err := auth.CheckSetup(ctx, p.Setup, form.Token); err != nil {
		return blog.Account{}, err
	}
	hash, err := auth.Hash(ctx, password)
	if err != nil {
		return blog.Account{}, err
	}
	account, err := p.Page.Blog.CompleteSetup(ctx, blog.Setup{
		// Names to sign in with have no blanks.
		Owner: blog.Account{Name: strings.Join(strings.Fields(form.Name), "."), Email: form.Email, Password: hash, Language: form.Language},
		Title: form.Title, Handle: form.Handle, Language: form.Language, TimeZone: form.Zone,
	})
	if err != nil {
		return blog.Account{}, err
	}
	if err := auth.UseSetup(ctx, p.Setup, form.Token); err != nil && !errors.Is(err, auth.ErrSetup) {
		return blog.Account{}, fmt.Errorf("set up: %w", err)
	}
	return account, nil
}
