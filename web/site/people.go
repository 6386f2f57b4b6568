package site

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/templates"
)

// people finds the actors of one page, each once.
type people struct {
	part *Part
	r    *http.Request
	icon string // of the blog
	seen map[uuid.UUID]templates.Person
}

func (p *Part) people(r *http.Request, f templates.Frame) *people {
	return &people{p, r, f.Site.Icon, map[uuid.UUID]templates.Person{}}
}

// author is an actor of ours as the author of articles.
func (p *people) author(ctx context.Context, id uuid.UUID) (templates.Person, error) {
	if person, ok := p.seen[id]; ok {
		return person, nil
	}
	actor, err := p.part.Page.Blog.Actor(ctx, id)
	if err != nil {
		return templates.Person{}, fmt.Errorf("author: %w", err)
	}
	person := p.person(actor)
	p.seen[id] = person
	return person, nil
}

// person is an actor, ours or remote, as pages show it. The page depends on
// its name and picture from then on.
func (p *people) person(a blog.Actor) templates.Person {
	page.Shows(p.r, blog.PageActor(a.ID))
	person := templates.Person{Name: a.Name, Handle: "@" + a.Acct(), Avatar: mediaPath(a.Avatar)}
	if a.Kind == blog.BlogActor || a.Kind == blog.AuthorActor {
		person.URL = templates.AuthorPath(a.Handle)
		if person.Avatar == "" {
			person.Avatar = p.icon
		}
		return person
	}
	if a.Kind == blog.VisitorActor {
		person.Handle = ""
	}
	person.URL = webAddress(a.Page())
	return person
}

func mediaPath(name string) string {
	if name == "" {
		return ""
	}
	return blog.MediaPath + name
}

// webAddress is an address of another server if it is one to link to.
func webAddress(address string) string {
	safe, ok := markup.SafeURL(address)
	if !ok {
		return ""
	}
	return safe
}
