package site

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// leave ends the mails to a visitor: GET asks, POST does it, from the page or
// from a program of mail (RFC 8058, which posts to the link as it is).
func (p *Part) leave(w http.ResponseWriter, r *http.Request) error {
	return p.visitorMail(w, r, false, blog.LeavePurpose)
}

// confirm begins them: the link alone does not, since programs open links too.
func (p *Part) confirm(w http.ResponseWriter, r *http.Request) error {
	return p.visitorMail(w, r, true, blog.ConfirmPurpose)
}

func (p *Part) visitorMail(w http.ResponseWriter, r *http.Request, confirm bool, purpose string) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	token := r.Form.Get("token")
	id, a, err := p.subscribed(r, purpose, token)
	if err != nil {
		return err
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	made := &templates.LeavePage{Frame: f, Confirm: confirm, Token: token, Article: templates.Link{Text: label(a), URL: articlePath(a)}}
	made.Head.Title, made.Head.NoIndex = f.T("leave.title"), true
	if confirm {
		made.Head.Title = f.T("confirm.title")
	}
	if r.Method != http.MethodPost {
		return p.Page.RenderPrivate(w, r, http.StatusOK, made)
	}
	change := p.Page.Blog.Leave
	if confirm {
		change = p.Page.Blog.Confirm
	}
	if err := change(r.Context(), id); err != nil {
		return err
	}
	made.Done = true
	return p.Page.RenderPrivate(w, r, http.StatusOK, made)
}

// subscribed is the subscription that a token is for, with its article.
func (p *Part) subscribed(r *http.Request, purpose, token string) (uuid.UUID, blog.Article, error) {
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return uuid.Nil, blog.Article{}, err
	}
	id, ok := seal.Open(purpose, token)
	if !ok {
		return uuid.Nil, blog.Article{}, blog.ErrNotFound
	}
	s, err := p.Page.Blog.Subscription(r.Context(), id)
	if err != nil {
		return uuid.Nil, blog.Article{}, err
	}
	a, err := p.Page.Blog.Article(r.Context(), s.Article)
	if errors.Is(err, blog.ErrNotFound) {
		err = blog.ErrGone
	}
	return id, a, err
}
