package studio

import (
	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
	"kabar/web/templates"
)

type message = i18n.Message

// person shows an actor; the picture is our copy.
func person(a blog.Actor) templates.Person {
	p := templates.Person{Name: a.Name, Handle: "@" + a.Acct(), URL: webAddress(a.Page())}
	if a.Kind == blog.VisitorActor {
		p.Handle = "" // they have none
	}
	if a.Avatar != "" {
		p.Avatar = blog.MediaPath + a.Avatar
	}
	return p
}

// author shows the blog's own actor as a comment's author.
func author(f templates.Frame, a blog.Actor) templates.Person {
	p := person(a)
	p.Avatar = f.Site.Icon
	return p
}

// webAddress is an address of another server if it is one to link to.
func webAddress(address string) string {
	safe, ok := markup.SafeURL(address)
	if !ok {
		return ""
	}
	return safe
}
