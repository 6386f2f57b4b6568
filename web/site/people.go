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
	part   *Part
	r      *http.Request
	icon   string // of the blog
	origin string
	lang   string // of the interface
	seen   map[uuid.UUID]templates.Person
	files  map[string]blog.RemoteFile // copies of remote files, by their addresses
}

func (p *Part) people(r *http.Request, f templates.Frame) *people {
	return &people{part: p, r: r, icon: f.Site.Icon, origin: f.Site.URL, lang: f.Lang, seen: map[uuid.UUID]templates.Person{}}
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
	return p.person(actor), nil
}

// person is an actor, ours or remote, as pages show it. The page depends on
// its name and picture from then on.
func (p *people) person(a blog.Actor) templates.Person {
	if person, ok := p.seen[a.ID]; ok {
		return person
	}
	page.Shows(p.r, blog.PageActor(a.ID))
	p.seen[a.ID] = p.made(a)
	return p.seen[a.ID]
}

func (p *people) made(a blog.Actor) templates.Person {
	person := templates.Person{Name: a.Name, Handle: "@" + a.Acct(), Avatar: mediaPath(a.Avatar)}
	if a.Kind == blog.BlogActor || a.Kind == blog.AuthorActor {
		person.URL = templates.AuthorPath(a.Handle)
		if person.Avatar == "" {
			person.Avatar = p.icon
		}
		return person
	}
	if a.Kind == blog.VisitorActor {
		person.Handle, person.URL = "", webAddress(a.URL)
		return person
	}
	person.URL = webAddress(a.Page())
	if len(a.Emojis) > 0 && p.files != nil {
		person.NameHTML = markup.EmojifyName(a.Name, blog.EmojiPictures(a.Emojis, p.files)).HTML()
	}
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
