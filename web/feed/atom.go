package feed

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// atom is a feed document, in the order of RFC 4287, section 4.1.1.
type atom struct {
	XMLName  xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string   `xml:"xml:lang,attr"`
	ID       string   `xml:"id"`
	Title    string   `xml:"title"`
	Subtitle string   `xml:"subtitle,omitempty"`
	Updated  string   `xml:"updated"`
	Links    []link   `xml:"link"`
	Icon     string   `xml:"icon,omitempty"`
	Author   person   `xml:"author"`
	Entries  []entry  `xml:"entry"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type person struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type category struct {
	Term string `xml:"term,attr"`
}

type text struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

type entry struct {
	Lang       string     `xml:"xml:lang,attr"`
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Published  string     `xml:"published"`
	Updated    string     `xml:"updated"`
	Links      []link     `xml:"link"`
	Author     person     `xml:"author"`
	Categories []category `xml:"category"`
	Summary    string     `xml:"summary,omitempty"`
	Content    text       `xml:"content"`
}

func (p *Part) feed(r *http.Request, site blog.Site, tag string, articles []blog.Article, last time.Time) (*atom, error) {
	ctx, to := r.Context(), site.Address()
	self, alternate := site.Origin+templates.AtomPath, to.Home()
	f := &atom{
		Lang: site.Language, Title: site.Title, Subtitle: site.Description, Updated: stamp(last),
		Icon: site.Origin + "/-/icon.png", Author: person{site.Title, to.Home()},
	}
	if tag != "" {
		f.Title += " · #" + tag
		self, alternate = to.Tag(tag)+templates.AtomPath, to.Tag(tag)
	}
	f.ID = self
	f.Links = []link{{"self", "application/atom+xml", self}, {"alternate", "text/html", alternate}}
	if last.IsZero() {
		f.Updated = stamp(p.Page.Now())
	}
	for _, a := range articles {
		e, err := p.entry(ctx, site, a)
		if err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

// entry is an article, with its whole text. Its id is that of its object,
// which stays when the address changes.
func (p *Part) entry(ctx context.Context, site blog.Site, a blog.Article) (entry, error) {
	actor, err := p.Page.Blog.Actor(ctx, a.ActorID)
	if err != nil {
		return entry{}, fmt.Errorf("feed: %w", err)
	}
	rendered, err := p.Page.Blog.RenderRemote(ctx, site, a)
	if err != nil {
		return entry{}, fmt.Errorf("feed: %w", err)
	}
	to := site.Address()
	e := entry{
		Lang: a.Language, ID: a.ObjectURI, Title: clean(a.Title), Published: stamp(a.Published), Updated: stamp(changed(a)),
		Links: []link{
			{"alternate", "text/html", to.Page(a.Slug)},
			{"alternate", "application/activity+json", a.ObjectURI},
		},
		Author:  person{clean(actor.Label()), to.Author(actor.Handle)},
		Summary: clean(a.Summary), Content: text{"html", clean(rendered.HTML.String())},
	}
	if e.Title == "" {
		e.Title = clean(a.Excerpt)
	}
	for _, tag := range a.Tags {
		e.Categories = append(e.Categories, category{tag})
	}
	return e, nil
}

// stamp writes a time (RFC 4287, section 3.3).
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// clean drops the characters that XML cannot hold (XML 1.0, section 2.2).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}
