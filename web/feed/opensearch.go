package feed

import (
	"encoding/xml"
	"net/http"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// openSearch is a description of the search for browsers (OpenSearch 1.1).
type openSearch struct {
	XMLName     xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string          `xml:"ShortName"` // at most 16 characters
	LongName    string          `xml:"LongName"`
	Description string          `xml:"Description"`
	Language    string          `xml:"Language"`
	Encoding    string          `xml:"InputEncoding"`
	Image       openSearchImage `xml:"Image"`
	URL         openSearchURL   `xml:"Url"`
}

type openSearchImage struct {
	Width   int    `xml:"width,attr"`
	Height  int    `xml:"height,attr"`
	Type    string `xml:"type,attr"`
	Address string `xml:",chardata"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

func (p *Part) openSearch(w http.ResponseWriter, r *http.Request) error {
	page.Shows(r, blog.PageSite)
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	title := clean(site.Title)
	body, err := marshal(openSearch{
		ShortName: string([]rune(title)[:min(16, len([]rune(title)))]), LongName: blog.Clip(title, 47), Description: blog.Clip(title, 1000),
		Language: site.Language, Encoding: "UTF-8", Image: openSearchImage{256, 256, "image/png", site.Origin + "/-/icon.png"},
		URL: openSearchURL{"text/html", site.Origin + templates.SearchPath + "?q={searchTerms}"},
	})
	if err != nil {
		return err
	}
	write(w, "application/opensearchdescription+xml; charset=utf-8", body)
	return nil
}
