package site

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"

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
	byline map[uuid.UUID][]templates.Person // of articles, as far as authors are named
	files  map[string]blog.RemoteFile       // copies of remote files, by their addresses
}

func (p *Part) people(r *http.Request, f templates.Frame) *people {
	return &people{part: p, r: r, icon: f.Site.Icon, origin: f.Site.URL, lang: f.Lang, seen: map[uuid.UUID]templates.Person{}, byline: map[uuid.UUID][]templates.Person{}}
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

// copies finds the copies of more remote files.
func (p *people) copies(ctx context.Context, wanted addresses) error {
	for address := range p.files {
		delete(wanted, address)
	}
	list := wanted.list()
	if len(list) == 0 {
		return nil
	}
	more, err := p.part.Page.Blog.RemoteFiles(ctx, list)
	maps.Copy(p.files, more)
	return err
}

func mediaPath(name string) string {
	if name == "" {
		return ""
	}
	return blog.MediaPath + name
}

// ordinary reports whether there is nothing to look into in an address: https,
// a plain host, and none but the usual characters. Nearly all are, and a page
// has a thousand of them.
func ordinary(address string) bool {
	rest, ok := strings.CutPrefix(address, "https://")
	host, path, _ := strings.Cut(rest, "/")
	if !ok || len(rest) > 500 || host == "" || !only(host, &hostCharacters) || host[0] == '.' || host[0] == '-' {
		return false
	}
	return only(path, &pathCharacters)
}

var (
	hostCharacters = characters("abcdefghijklmnopqrstuvwxyz0123456789.-")
	pathCharacters = characters("abcdefghijklmnopqrstuvwxyz0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZ@_/")
)

func characters(all string) (set [256]bool) {
	for _, c := range []byte(all) {
		set[c] = true
	}
	return set
}

func only(text string, set *[256]bool) bool {
	for _, c := range []byte(text) {
		if !set[c] {
			return false
		}
	}
	return true
}

// webAddress is an address of another server if it is one to link to.
func webAddress(address string) string {
	if ordinary(address) {
		return address
	}
	safe, ok := markup.SafeURL(address)
	if !ok {
		return ""
	}
	return safe
}
