package site

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"unicode/utf8"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// visitorCookie keeps what a visitor wants to be remembered. It is sent to the
// form alone.
const (
	visitorCookie     = "visitor"
	visitorCookiePath = "/-/respond"
)

type visitorMemory struct{ Name, Email, Website string }

// remembered is the form with what this browser remembers.
func (p *Part) remembered(r *http.Request) templates.RespondForm {
	var kept visitorMemory
	c, err := r.Cookie(visitorCookie)
	if err != nil {
		return templates.RespondForm{}
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || !utf8.Valid(raw) || json.Unmarshal(raw, &kept) != nil {
		return templates.RespondForm{}
	}
	return templates.RespondForm{Name: kept.Name, Email: kept.Email, Website: kept.Website, Remember: true}
}

// remember keeps for a year who the visitor is, or forgets it.
func (p *Part) remember(w http.ResponseWriter, f templates.RespondForm) {
	c := &http.Cookie{
		Name: visitorCookie, Path: visitorCookiePath, MaxAge: -1, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: p.Page.Secure(),
	}
	if raw, err := json.Marshal(visitorMemory{f.Name, f.Email, f.Website}); err == nil && f.Remember {
		c.Value, c.MaxAge = base64.RawURLEncoding.EncodeToString(raw), 365*24*3600
	}
	http.SetCookie(w, c)
}

// heldPurpose is what the token of a held comment is good for.
const heldPurpose = "held"

// held are the comments on an article that only this browser sees, since they
// wait for a moderator. The cookies of those that wait no more are taken back.
func (p *Part) held(w http.ResponseWriter, r *http.Request, who *people, a blog.Article) ([]templates.Comment, error) {
	if !page.HasHeld(r) {
		return nil, nil
	}
	seal, err := p.Page.Blog.Seal(r.Context())
	if err != nil {
		return nil, err
	}
	var held []templates.Comment
	for id, token := range page.Held(r) {
		named, ok := seal.Open(heldPurpose, token)
		if !ok || named != id {
			p.Page.Hold(w, articlePath(a), id, "")
			continue
		}
		c, err := p.Page.Blog.Comment(r.Context(), id)
		switch {
		case err != nil && !errors.Is(err, blog.ErrNotFound):
			return nil, err
		case err != nil || c.State != blog.Waiting || c.ArticleID != a.ID:
			p.Page.Hold(w, articlePath(a), id, "")
			continue
		}
		one, err := p.heldComment(r, who, c)
		if err != nil {
			return nil, err
		}
		held = append(held, one)
	}
	return held, nil
}

func (p *Part) heldComment(r *http.Request, who *people, c blog.Comment) (templates.Comment, error) {
	made := *answeredTo(who, c)
	if parent, err := p.Page.Blog.VisitorPlace(r.Context(), c.ArticleID, c.ParentID); err == nil && c.ParentID == parent.Parent.ID {
		made.AnswersTo = parent.Parent.Actor.Label()
	} else if err != nil && !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone) {
		return made, err
	}
	return made, nil
}

// responded is what stands below the conversation of an article.
func (p *Part) responded(w http.ResponseWriter, r *http.Request, who *people, a blog.Article) (templates.Respond, error) {
	site, err := p.Page.Site(r)
	if err != nil {
		return templates.Respond{}, err
	}
	form := p.respond(site, a)
	form.Waiting = r.URL.Query().Get("sent") == "waiting"
	form.Held, err = p.held(w, r, who, a)
	return form, err
}
