package feed

import (
	"encoding/xml"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// sitemapSize is how many pages a part of several months has at most.
	sitemapSize = 100
	// sitemapLimit is how many the protocol allows in a part.
	sitemapLimit = 50_000
	sitemapTags  = 1_000
	// listsPart holds the front page and the lists.
	listsPart = "lists"
	// partName is how a part is called: by its first month.
	partName = "2006-01"
)

type sitemapIndex struct {
	XMLName xml.Name       `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Parts   []sitemapEntry `xml:"sitemap"`
}

type sitemapURLs struct {
	XMLName xml.Name       `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string         `xml:"xmlns:xhtml,attr"`
	Image   string         `xml:"xmlns:image,attr"`
	URLs    []sitemapEntry `xml:"url"`
}

type sitemapEntry struct {
	Address string         `xml:"loc"`
	Changed string         `xml:"lastmod,omitempty"`
	Others  []sitemapOther `xml:"xhtml:link"`
	Image   *sitemapImage  `xml:"image:image"`
}

// sitemapOther is the page in another language.
type sitemapOther struct {
	Rel      string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	Address  string `xml:"href,attr"`
}

type sitemapImage struct {
	Address string `xml:"image:loc"`
}

// mapped is the blog; there is no sitemap of one that search engines are to stay
// away from.
func (p *Part) mapped(r *http.Request) (blog.Site, error) {
	page.Shows(r, blog.PageSite, blog.PageList)
	site, err := p.Page.Site(r)
	if err == nil && !site.Found() {
		err = blog.ErrNotFound
	}
	return site, err
}

// sitemapIndex names the parts.
func (p *Part) sitemapIndex(w http.ResponseWriter, r *http.Request) error {
	site, err := p.mapped(r)
	if err != nil {
		return err
	}
	parts, err := p.Sitemap.SitemapParts(r.Context(), sitemapSize)
	if err != nil {
		return err
	}
	at := func(name string) string { return site.Origin + templates.SitemapPartPath + name + ".xml" }
	index := sitemapIndex{Parts: []sitemapEntry{{Address: at(listsPart)}}}
	for _, part := range parts {
		index.Parts = append(index.Parts, sitemapEntry{Address: at(part.From.Format(partName)), Changed: stamp(part.Changed)})
	}
	return p.sitemap(w, r, index)
}

func (p *Part) sitemapPart(w http.ResponseWriter, r *http.Request) error {
	site, err := p.mapped(r)
	if err != nil {
		return err
	}
	urls := sitemapURLs{XHTML: "http://www.w3.org/1999/xhtml", Image: "http://www.google.com/schemas/sitemap-image/1.1"}
	name := mux.Vars(r)["part"]
	if name == listsPart {
		urls.URLs, err = p.lists(r, site)
	} else {
		urls.URLs, err = p.pages(r, site, name)
	}
	if err != nil {
		return err
	}
	return p.sitemap(w, r, urls)
}

func (p *Part) sitemap(w http.ResponseWriter, r *http.Request, v any) error {
	// It changes by what leaves it too.
	last, err := p.Page.Blog.ArticlesChanged(r.Context())
	if err != nil {
		return err
	}
	if unchanged(w, r, last) {
		return nil
	}
	body, err := marshal(v)
	if err != nil {
		return err
	}
	write(w, "application/xml; charset=utf-8", body)
	return nil
}

// lists are the front page, the archive, and the pages of topics and authors.
func (p *Part) lists(r *http.Request, site blog.Site) ([]sitemapEntry, error) {
	ctx, to := r.Context(), site.Address()
	list := []sitemapEntry{{Address: to.Home()}, {Address: site.Origin + templates.ArchivePath}, {Address: to.Author(site.Handle)}}
	authors, err := p.Page.Blog.Bylines(ctx, sitemapTags)
	if err != nil {
		return nil, err
	}
	for _, a := range authors {
		list = append(list, sitemapEntry{Address: to.Author(a.Name)})
	}
	tags, err := p.Numbers.TagCounts(ctx, sitemapTags)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		list = append(list, sitemapEntry{Address: to.Tag(t.Tag)})
	}
	return list, nil
}

// pages are the articles, notes and static pages of a part.
func (p *Part) pages(r *http.Request, site blog.Site, name string) ([]sitemapEntry, error) {
	month, err := time.Parse(partName, name)
	if err != nil {
		return nil, blog.ErrNotFound
	}
	parts, err := p.Sitemap.SitemapParts(r.Context(), sitemapSize)
	if err != nil {
		return nil, err
	}
	// Where parts begin moves when pages go: those who know an older index find
	// the part that has the month now.
	i := slices.IndexFunc(parts, func(part blog.SitemapPart) bool { return !month.Before(part.From) && month.Before(part.Until) })
	if i < 0 {
		return nil, blog.ErrNotFound
	}
	found, err := p.Sitemap.SitemapPages(r.Context(), parts[i], sitemapLimit)
	if err != nil {
		return nil, err
	}
	to := site.Address()
	list := make([]sitemapEntry, len(found))
	for i, f := range found {
		list[i] = sitemapEntry{Address: to.Page(f.Slug), Changed: stamp(f.Changed)}
		if f.Cover != "" {
			list[i].Image = &sitemapImage{to.Media(f.Cover)}
		}
		for _, other := range f.Languages {
			list[i].Others = append(list[i].Others, sitemapOther{"alternate", other.Language, to.Page(other.Slug)})
		}
	}
	return list, nil
}
