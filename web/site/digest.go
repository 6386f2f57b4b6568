package site

import (
	"net/http"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// digest ends the digests of an account: GET asks, POST does it, from the page
// or from a program of mail (RFC 8058, which posts to the link as it is).
func (p *Part) digest(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return err
	}
	token := r.Form.Get("token")
	account, ok := seal.Open(blog.DigestPurpose, token)
	if !ok {
		return blog.ErrNotFound
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	f.Head.Title, f.Head.NoIndex = f.T("digest.leave.title"), true
	made := &templates.DigestPage{Frame: f, Token: token}
	if r.Method == http.MethodPost {
		if err := p.Page.Blog.LeaveDigest(r.Context(), account); err != nil {
			return err
		}
		made.Done = true
	}
	return p.Page.RenderPrivate(w, r, http.StatusOK, made)
}
