package site

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// respondForm bounds the form: a text of ten thousand characters of four bytes,
// each written as three (URL Standard, application/x-www-form-urlencoded).
const respondForm = 256 << 10

// responding is a visitor at the form.
type responding struct {
	site  blog.Site
	place blog.VisitorPlace
	form  templates.Respond
	frame templates.Frame
	seal  blog.Seal
}

// respondPage is the form on its own page, with what it answers. What this
// browser remembers stands in it.
func (p *Part) respondPage(w http.ResponseWriter, r *http.Request) error {
	v, err := p.respondingTo(r, r.URL.Query().Get("to"))
	if err != nil {
		return err
	}
	v.form.Form = p.remembered(r)
	v.form.Stamp = v.fresh(p)
	return p.showForm(w, r, v, http.StatusOK, false)
}

// respondSend takes the form. A first look shows the text as it will stand and
// lets it be sent from there: the form on an article's page is the same for
// everybody, and what is sent without a look is mostly not by people.
func (p *Part) respondSend(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, respondForm); err != nil {
		return err
	}
	v, err := p.respondingTo(r, r.PostForm.Get("to"))
	if err != nil {
		return err
	}
	v.form.Form = typed(r)
	if v.form.Closed || !v.form.Web {
		return p.showForm(w, r, v, http.StatusForbidden, false)
	}
	comment := v.comment(r)
	refused := p.refusal(r, v, &comment)
	var fields blog.InvalidFields
	switch {
	case errors.As(refused, &fields):
		return p.refuse(w, r, v, http.StatusUnprocessableEntity, problems(fields))
	case refused != nil:
		retryLater(w, refused)
		return p.refuse(w, r, v, page.StatusOf(refused), templates.Problems{"": refusalText(refused)})
	case r.PostForm.Get("preview") != "" || comment.ID == uuid.Nil:
		if comment.ID == uuid.Nil {
			v.form.Stamp = v.fresh(p)
		}
		return p.showForm(w, r, v, http.StatusOK, true)
	}
	c, err := p.Page.Blog.Respond(r.Context(), comment)
	if errors.As(err, &fields) {
		return p.refuse(w, r, v, http.StatusUnprocessableEntity, problems(fields))
	}
	if err != nil {
		return err
	}
	p.remember(w, v.form.Form)
	return p.sent(w, r, v, c)
}

// sent leads to the comment, or, while it waits, to where this browser alone
// sees it.
func (p *Part) sent(w http.ResponseWriter, r *http.Request, v *responding, c blog.Comment) error {
	w.Header().Set("Cache-Control", "no-store")
	if c.Shown() {
		return page.SeeOther(w, r, templates.CommentPath+c.ID.String())
	}
	path := articlePath(v.place.Article)
	p.Page.Hold(w, path, c.ID, v.seal.Token(heldPurpose, c.ID))
	return page.SeeOther(w, r, path+"?sent=waiting#respond")
}

// respondingTo reads what the form is about.
func (p *Part) respondingTo(r *http.Request, to string) (*responding, error) {
	article, err := uuid.Parse(mux.Vars(r)["article"])
	if err != nil {
		return nil, blog.ErrNotFound
	}
	var parent uuid.UUID
	if to != "" {
		if parent, err = uuid.Parse(to); err != nil {
			return nil, blog.ErrNotFound
		}
	}
	v := &responding{}
	if v.place, err = p.Page.Blog.VisitorPlace(r.Context(), article, parent); err != nil {
		return nil, err
	}
	if v.site, err = p.Page.Site(r); err != nil {
		return nil, err
	}
	if v.seal, err = p.Page.Blog.Seal(r.Context()); err != nil {
		return nil, err
	}
	if v.frame, err = p.Page.Frame(r); err != nil {
		return nil, err
	}
	a := v.place.Article
	v.form = p.respond(v.site, a)
	v.form.Cancel = articlePath(a) + "#respond"
	if c := v.place.Parent; c.ID != uuid.Nil {
		v.form.ObjectURL = c.ObjectURI
		v.form.To = &templates.RespondTo{ID: c.ID.String(), Name: c.Actor.Label(), URL: templates.CommentPath + c.ID.String()}
	}
	return v, nil
}

// respond is the form as it stands under an article, the same for everybody.
func (p *Part) respond(site blog.Site, a blog.Article) templates.Respond {
	on := site.CommentsOn(a, p.Page.Now())
	form := templates.Respond{
		Article: a.ID.String(), ObjectURL: a.ObjectURI, Closed: on.Policy == blog.CommentsClosed,
		Web: on.Web, Hold: on.WebHold, Mail: p.Mail,
	}
	if end := a.Published.AddDate(0, 0, on.CloseDays); on.CloseDays > 0 && end.Before(p.Page.Now()) {
		form.ClosedOn = end
	}
	return form
}

func typed(r *http.Request) templates.RespondForm {
	f := r.PostForm
	return templates.RespondForm{
		Name: f.Get("name"), Email: f.Get("email"), Website: f.Get("website"), Text: f.Get("text"),
		Notify: f.Get("notify") != "", Remember: f.Get("remember") != "",
	}
}

func (v *responding) comment(r *http.Request) blog.VisitorComment {
	f := v.form.Form
	return blog.VisitorComment{
		Article: v.place.Article.ID, Comment: v.place.Parent.ID, Name: f.Name, Email: f.Email, Website: f.Website,
		Markdown: f.Text, Notify: f.Notify && v.form.Mail, Language: page.Language(r, v.site.Language),
	}
}

func problems(fields blog.InvalidFields) templates.Problems {
	all := templates.Problems{}
	for _, one := range fields {
		all[one.Field] = page.Problem(one)
	}
	return all
}

func (p *Part) refuse(w http.ResponseWriter, r *http.Request, v *responding, status int, all templates.Problems) error {
	v.form.Problems = all
	if v.form.Stamp == "" {
		v.form.Stamp = v.fresh(p)
	}
	return p.showForm(w, r, v, status, false)
}

// showForm sends the page. With preview it shows what the text will look like.
func (p *Part) showForm(w http.ResponseWriter, r *http.Request, v *responding, status int, preview bool) error {
	a := v.place.Article
	made := &templates.RespondPage{Frame: v.frame, Article: templates.Link{Text: label(a), URL: articlePath(a)}, Respond: v.form}
	made.Head.Title, made.Head.NoIndex = v.frame.T("respond.leave"), true
	if v.form.To != nil {
		made.Head.Title = v.frame.T("respond.to", v.form.To.Name)
		made.To = answeredTo(p.people(r, v.frame), v.place.Parent)
	}
	if preview {
		html, err := blog.PreviewVisitor(v.form.Form.Text)
		if err != nil {
			return err
		}
		made.PreviewHTML = html.HTML()
	}
	return p.Page.RenderPrivate(w, r, status, made)
}

// answeredTo is the comment answered, in short.
func answeredTo(who *people, c blog.Comment) *templates.Comment {
	return &templates.Comment{
		ID: c.ID.String(), Author: who.person(c.Actor), ByAuthor: c.ByAuthor(), Language: c.Language,
		Published: c.Published, Warning: c.Warning, ContentHTML: c.HTML.HTML(),
	}
}

// commentPlace leads from the address of a comment to its place on the page of
// its article; another server to its object.
func (p *Part) commentPlace(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	c, err := p.Page.Blog.Comment(r.Context(), id)
	switch {
	case err != nil:
		return err
	case c.State == blog.CommentDeleted:
		return blog.ErrGone
	case c.ArticleID == uuid.Nil || !c.Shown():
		return blog.ErrNotFound
	case page.WantsActivity(r):
		return toObject(w, r, c.ObjectURI)
	}
	a, err := p.Page.Blog.Article(r.Context(), c.ArticleID)
	if err != nil {
		return err
	}
	if a.Status != blog.Published {
		return blog.ErrGone
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.SeeOther(w, r, articlePath(a)+"?"+url.Values{"c": {id.String()}}.Encode()+"#c-"+id.String())
}
