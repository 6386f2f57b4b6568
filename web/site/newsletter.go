package site

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// newsletterPurpose is what the stamp of the form is good for.
const newsletterPurpose = "newsletter form"

func (p *Part) newsletterRoutes(r *mux.Router) {
	for path, h := range map[string]page.Handler{
		templates.NewsletterPath: p.subscribe, templates.NewsletterConfirmPath: p.confirmNewsletter,
		templates.NewsletterLeavePath: p.leaveNewsletter, templates.NewsletterManagePath: p.manageNewsletter,
	} {
		r.Handle(path, p.Page.Handle(h)).Methods(http.MethodGet, http.MethodHead, http.MethodPost)
	}
}

// mails reports whether readers can have articles by mail.
func (p *Part) mails(site blog.Site) bool { return p.Mail && site.Newsletter.On }

// subscribe takes an address. The form on other pages is the same for everybody
// and leads to the one here, which has a stamp; the answer to that tells nothing
// of who gets the newsletter.
func (p *Part) subscribe(w http.ResponseWriter, r *http.Request) error {
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	if !p.mails(site) {
		return blog.ErrNotFound
	}
	made, err := p.newsletterPage(w, r, "ask")
	if err != nil {
		return err
	}
	if r.URL.Query().Has("sent") {
		made.Step = "sent"
	}
	if made.Step == "sent" || r.Method != http.MethodPost {
		return p.stamped(w, r, http.StatusOK, made)
	}
	made.Email = r.PostForm.Get("email")
	err = p.takeAddress(r, site, made.Email)
	var invalid *blog.Invalid
	switch {
	case errors.Is(err, errLook):
		return p.stamped(w, r, http.StatusOK, made)
	case errors.As(err, &invalid):
		made.Problems = templates.Problems{"email": page.Problem(invalid)}
		return p.stamped(w, r, http.StatusUnprocessableEntity, made)
	case errors.As(err, new(refusedBy)), errors.As(err, new(page.TooOften)):
		retryLater(w, err)
		made.Problems = templates.Problems{"": refusalText(err)}
		return p.stamped(w, r, page.StatusOf(err), made)
	case err != nil:
		return err
	}
	return page.SeeOther(w, r, templates.NewsletterPath+"?sent=1")
}

// errLook says that an address was typed on a page without a stamp.
var errLook = errors.New("not sent from the newsletter's own page")

func (p *Part) takeAddress(r *http.Request, site blog.Site, email string) error {
	from := page.ClientAddr(r)
	if err := p.subscribing.look(from); err != nil {
		return err
	}
	if r.PostForm.Get("subject") != "" {
		return refusedBy("trap")
	}
	if _, err := blog.NormalEmail(email); err != nil {
		return err
	}
	stamp := r.PostForm.Get("stamp")
	if stamp == "" {
		return errLook
	}
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return err
	}
	id, ok := seal.Open(newsletterPurpose, stamp)
	if !ok || p.Page.Now().Sub(madeAt(id)) > formOld {
		return refusedBy("stale")
	}
	if err := p.subscribing.send(from, email); err != nil {
		return err
	}
	return p.Page.Blog.Subscribe(r.Context(), email, page.Language(r, site.Language))
}

// newsletterPage reads the form of a step, and is its page.
func (p *Part) newsletterPage(w http.ResponseWriter, r *http.Request, step string) (*templates.NewsletterPage, error) {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return nil, err
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return nil, err
	}
	made := &templates.NewsletterPage{Frame: f, Step: step, Token: r.Form.Get("token")}
	made.Head.Title, made.Head.NoIndex = f.T("newsletter.title"), true
	return made, nil
}

// stamped shows the form with a new stamp.
func (p *Part) stamped(w http.ResponseWriter, r *http.Request, status int, made *templates.NewsletterPage) error {
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return err
	}
	made.Stamp = seal.Token(newsletterPurpose, p.Page.Blog.NewID())
	return p.Page.RenderPrivate(w, r, status, made)
}

// confirmNewsletter asks on GET, since programs open links too, and believes a
// POST.
func (p *Part) confirmNewsletter(w http.ResponseWriter, r *http.Request) error {
	made, err := p.newsletterPage(w, r, "confirm")
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		if _, err := p.Page.Blog.Asked(r.Context(), made.Token); err != nil {
			return err
		}
		return p.Page.RenderPrivate(w, r, http.StatusOK, made)
	}
	sub, err := p.Page.Blog.ConfirmNewsletter(r.Context(), made.Token)
	if err != nil {
		return err
	}
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return err
	}
	made.Token = seal.Token(blog.NewsletterLeavePurpose, sub.ID)
	return p.showSubscriber(w, r, made, sub, false)
}

func (p *Part) showSubscriber(w http.ResponseWriter, r *http.Request, made *templates.NewsletterPage, sub blog.Subscriber, saved bool) error {
	made.Step, made.Weekly, made.Language, made.Saved = "manage", sub.Weekly, sub.Language, saved
	return p.Page.RenderPrivate(w, r, http.StatusOK, made)
}

// leaveNewsletter ends it on POST, from the page or from a program of mail
// (RFC 8058), again and again; GET is the page of the subscriber.
func (p *Part) leaveNewsletter(w http.ResponseWriter, r *http.Request) error {
	made, err := p.newsletterPage(w, r, "left")
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		sub, err := p.Page.Blog.SubscriberOf(r.Context(), made.Token)
		if err != nil {
			return err
		}
		return p.showSubscriber(w, r, made, sub, false)
	}
	if err := p.Page.Blog.LeaveNewsletter(r.Context(), made.Token); err != nil {
		return err
	}
	return p.Page.RenderPrivate(w, r, http.StatusOK, made)
}

// manageNewsletter changes what a subscriber gets.
func (p *Part) manageNewsletter(w http.ResponseWriter, r *http.Request) error {
	made, err := p.newsletterPage(w, r, "manage")
	if err != nil {
		return err
	}
	sub, err := p.Page.Blog.SubscriberOf(r.Context(), made.Token)
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return p.showSubscriber(w, r, made, sub, false)
	}
	if lang := r.PostForm.Get("language"); slices.Contains(i18n.Languages, lang) {
		sub.Language = lang
	}
	sub.Weekly = r.PostForm.Get("weekly") != ""
	if err := p.Page.Blog.Store.SetSubscriber(r.Context(), sub.ID, sub.Language, sub.Weekly); err != nil {
		return err
	}
	return p.showSubscriber(w, r, made, sub, true)
}
