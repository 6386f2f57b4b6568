package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// atomFeed is in the order of RFC 4287, section 4.1.1.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Icon     string      `xml:"icon,omitempty"`
	Author   atomPerson  `xml:"author"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Length int64  `xml:"length,attr,omitempty"`
	Count  int    `xml:"http://purl.org/syndication/thread/1.0 count,attr,omitempty"` // RFC 4685, section 4
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

type atomEntry struct {
	Lang       string         `xml:"xml:lang,attr,omitempty"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Links      []atomLink     `xml:"link"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content"`
}

// atom writes the document by RFC 4287, with the paging of RFC 5005.
func (d document) atom() ([]byte, error) {
	f := atomFeed{
		Lang: d.Language, ID: d.ID, Title: clean(d.Title), Subtitle: clean(d.Subtitle), Updated: stamp(d.Updated),
		Icon: d.Icon, Author: atomPerson{clean(d.Owner.Name), d.Owner.URL},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: d.Self}, {Rel: "alternate", Type: "text/html", Href: d.Home}},
	}
	if d.Next != "" {
		f.Links = append(f.Links, atomLink{Rel: "next", Type: "application/atom+xml", Href: d.Next})
	}
	if d.Hub != "" {
		f.Links = append(f.Links, atomLink{Rel: "hub", Href: d.Hub})
	}
	for _, e := range d.Entries {
		f.Entries = append(f.Entries, e.atom())
	}
	return marshal(f)
}

func (e entry) atom() atomEntry {
	a := atomEntry{
		Lang: e.Language, ID: e.ID, Title: clean(e.title()), Published: stamp(e.Published), Updated: stamp(e.Updated),
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: e.URL}}, Summary: clean(e.Summary),
	}
	if e.Object != "" {
		a.Links = append(a.Links, atomLink{Rel: "alternate", Type: "application/activity+json", Href: e.Object})
	}
	if e.CommentsFeed != "" {
		a.Links = append(a.Links, atomLink{Rel: "replies", Type: "application/atom+xml", Href: e.CommentsFeed + "atom", Count: e.CommentCount})
	}
	if c := e.Cover; c != nil {
		a.Links = append(a.Links, atomLink{Rel: "enclosure", Type: c.Type, Href: c.URL, Length: c.Bytes})
	}
	for _, p := range e.Authors {
		a.Authors = append(a.Authors, atomPerson{clean(p.Name), p.URL})
	}
	for _, tag := range e.Tags {
		a.Categories = append(a.Categories, atomCategory{clean(tag)})
	}
	if e.HTML != "" {
		a.Content = &atomContent{"html", clean(e.HTML)}
	}
	return a
}

// stamp writes a time (RFC 4287, section 3.3).
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func marshal(v any) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
