package feed

import (
	"encoding/xml"
	"time"
)

// rssFeed is RSS 2.0 with the modules that readers know: content, dc, atom,
// slash and wfw.
type rssFeed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	Slash   string   `xml:"xmlns:slash,attr"`
	WFW     string   `xml:"xmlns:wfw,attr"`
	Channel rssChannel
}

type rssChannel struct {
	XMLName     xml.Name   `xml:"channel"`
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language"`
	LastBuild   string     `xml:"lastBuildDate"`
	Generator   string     `xml:"generator"`
	Image       *rssImage  `xml:"image"`
	Links       []rssLink  `xml:"atom:link"`
	Items       []rssEntry `xml:"item"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type rssEntry struct {
	Title        string        `xml:"title"`
	Link         string        `xml:"link"`
	GUID         rssGUID       `xml:"guid"`
	Published    string        `xml:"pubDate"`
	Creators     []string      `xml:"dc:creator"`
	Categories   []string      `xml:"category"`
	Description  string        `xml:"description"`
	Content      string        `xml:"content:encoded,omitempty"`
	Enclosure    *rssEnclosure `xml:"enclosure"`
	Comments     string        `xml:"comments,omitempty"`
	CommentsFeed string        `xml:"wfw:commentRss,omitempty"`
	CommentCount int           `xml:"slash:comments,omitempty"`
}

type rssGUID struct {
	Permanent bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

func (d document) rss() ([]byte, error) {
	f := rssFeed{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Content: "http://purl.org/rss/1.0/modules/content/",
		DC: "http://purl.org/dc/elements/1.1/", Slash: "http://purl.org/rss/1.0/modules/slash/", WFW: "http://wellformedweb.org/CommentAPI/",
		Channel: rssChannel{
			Title: clean(d.Title), Link: d.Home, Description: clean(d.Subtitle), Language: d.Language,
			LastBuild: mailStamp(d.Updated), Generator: "Kabar",
			Links: []rssLink{{"self", "application/rss+xml", d.Self}},
		},
	}
	c := &f.Channel
	if c.Description == "" {
		c.Description = c.Title // required
	}
	if d.Icon != "" {
		c.Image = &rssImage{d.Icon, c.Title, d.Home}
	}
	if d.Next != "" {
		c.Links = append(c.Links, rssLink{"next", "application/rss+xml", d.Next})
	}
	if d.Hub != "" {
		c.Links = append(c.Links, rssLink{"hub", "", d.Hub})
	}
	for _, e := range d.Entries {
		c.Items = append(c.Items, e.rss())
	}
	return marshal(f)
}

func (e entry) rss() rssEntry {
	r := rssEntry{
		Title: clean(e.title()), Link: e.URL, GUID: rssGUID{false, e.ID}, Published: mailStamp(e.Published),
		Description: clean(e.Summary), Content: clean(e.HTML), Comments: e.Comments, CommentCount: e.CommentCount,
	}
	if e.CommentsFeed != "" {
		r.CommentsFeed = e.CommentsFeed + "rss"
	}
	for _, p := range e.Authors {
		r.Creators = append(r.Creators, clean(p.Name))
	}
	for _, tag := range e.Tags {
		r.Categories = append(r.Categories, clean(tag))
	}
	if c := e.Cover; c != nil {
		r.Enclosure = &rssEnclosure{c.URL, c.Bytes, c.Type}
	}
	return r
}

// mailStamp writes a time as RFC 822 and RSS 2.0 want it, with four digits of
// the year.
func mailStamp(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
