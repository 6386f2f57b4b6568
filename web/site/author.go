package site

import (
	"errors"
	"html/template"
	"net/http"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/templates"
)

// author is the page of who writes here: of the blog itself, or of an author
// with an actor of their own.
func (p *Part) author(w http.ResponseWriter, r *http.Request) error {
	name, err := page.Variable(r, "name")
	if err != nil {
		return err
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	actor, err := p.Page.Blog.OurActor(r.Context(), site, name)
	if errors.Is(err, blog.ErrNotFound) && !page.WantsActivity(r) {
		return p.profile(w, r, name)
	}
	if err != nil {
		return err
	}
	if page.WantsActivity(r) {
		return toObject(w, r, actor.URI)
	}
	if actor.Handle != name {
		return page.Moved(w, r, templates.AuthorPath(actor.Handle))
	}
	l, err := p.listed(r, blog.ArticleQuery{Actor: actor.ID})
	if err != nil {
		return err
	}
	who := p.people(r, l.Frame)
	a := &templates.AuthorPage{Frame: l.Frame, Author: who.person(actor), Cards: l.cards, Paging: l.paging}
	a.Head = head(l.Frame, r, actor.Label(), l.paging)
	a.Head.FeedURL, a.Head.FeedTitle = templates.AuthorPath(actor.Handle)+templates.AtomPath, actor.Label()
	a.Head.Type, a.Head.ObjectURL, a.Head.Creators = "profile", actor.URI, []string{"@" + actor.Acct()}
	a.BioHTML = template.HTML(actor.Summary) //nolint:gosec // package blog: safe HTML
	if actor.Kind == blog.BlogActor {
		a.BioHTML, a.Author.Bio = "", site.Description
		a.Fields, a.Head.Me = profileFields(site.Fields), elsewhere(site.Fields)
	}
	if err := p.sameName(r, a, name); err != nil {
		return err
	}
	link(w, actor.URI)
	return p.Page.Render(w, r, http.StatusOK, a)
}

// elsewhere are the addresses in a profile: pages of the same person.
func elsewhere(fields []blog.Field) (addresses []string) {
	for _, f := range fields {
		if address, ok := markup.SafeURL(f.Value); ok {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// profileFields are the rows of the profile; an address becomes a link that
// says that it belongs to the same person.
func profileFields(fields []blog.Field) []templates.ProfileField {
	rows := make([]templates.ProfileField, 0, len(fields))
	for _, f := range fields {
		value := template.HTMLEscapeString(f.Value)
		if address, ok := markup.SafeURL(f.Value); ok {
			address = template.HTMLEscapeString(address)
			value = `<a href="` + address + `" rel="me nofollow noopener">` + value + `</a>`
		}
		rows = append(rows, templates.ProfileField{Name: f.Name, ValueHTML: template.HTML(value)}) //nolint:gosec // escaped above
	}
	return rows
}
