package templates

import (
	"golang.org/x/text/language"
)

// linked is a thing of schema.org, as JSON-LD has it. The template writes it
// with everything escaped that could end the element around it.
type linked map[string]any

// put adds a value that is there.
func (l linked) put(name, value string) linked {
	if value != "" {
		l[name] = value
	}
	return l
}

// LinkedData is what the page is about; nil for lists and forms.
func (f Frame) LinkedData() any {
	switch {
	case f.Head.Type == "article":
		return f.posting()
	case f.Head.Type == "profile":
		who := linked{"@type": "Person", "name": f.Head.Title, "url": f.Head.Canonical}.put("description", f.Head.Description)
		return linked{"@context": "https://schema.org", "@type": "ProfilePage", "url": f.Head.Canonical, "mainEntity": who}
	case f.Head.Canonical == f.Site.URL+HomePath:
		blog := f.blog()
		blog["@context"], blog["publisher"] = "https://schema.org", f.publisher()
		return blog.put("description", f.Site.Description).put("inLanguage", f.Site.Language)
	}
	return nil
}

func (f Frame) blog() linked {
	return linked{"@type": "Blog", "@id": f.Site.URL + "/", "name": f.Site.Title, "url": f.Site.URL + "/"}
}

func (f Frame) publisher() linked {
	who := linked{"@type": "Organization", "name": f.Site.Title, "url": f.Site.URL + "/"}
	if f.Site.Icon != "" {
		who["logo"] = linked{"@type": "ImageObject", "url": f.Absolute(f.Site.Icon)}
	}
	return who
}

// posting is an article (schema.org/BlogPosting).
func (f Frame) posting() linked {
	h := f.Head
	p := linked{
		"@context": "https://schema.org", "@type": "BlogPosting", "headline": h.Title, "url": h.Canonical, "mainEntityOfPage": h.Canonical,
		"isPartOf": f.blog(), "publisher": f.publisher(), "commentCount": h.Comments, "discussionUrl": h.Canonical + "#responses",
	}
	if !h.Published.IsZero() {
		p["datePublished"], p["dateModified"] = f.ISO(h.Published), f.ISO(h.Published)
	}
	if !h.Modified.IsZero() {
		p["dateModified"] = f.ISO(h.Modified)
	}
	var authors []linked
	for _, a := range h.Authors {
		authors = append(authors, linked{"@type": "Person", "name": a.DisplayName()}.put("url", f.Absolute(a.URL)))
	}
	if len(authors) > 0 {
		p["author"] = authors
	}
	if h.Image != nil {
		picture := linked{"@type": "ImageObject", "url": f.Absolute(h.Image.URL)}.put("caption", h.Image.Alt)
		if h.Image.Width > 0 {
			picture["width"], picture["height"] = h.Image.Width, h.Image.Height
		}
		p["image"] = picture
	}
	if h.Words > 0 {
		p["wordCount"] = h.Words
	}
	if len(h.Tags) > 0 {
		p["keywords"] = h.Tags
	}
	return p.put("description", h.Description).put("inLanguage", h.Language)
}

// Locale is the language of what the page is about as og:locale wants it, with
// the region where most speak it: id_ID.
func (f Frame) Locale() string {
	if f.Head.Language != "" {
		return locale(f.Head.Language)
	}
	return locale(f.UILang())
}

// OtherLocales are those of its translations.
func (f Frame) OtherLocales() (list []string) {
	for _, l := range f.Head.Translations {
		if !l.Current {
			list = append(list, locale(l.Tag))
		}
	}
	return list
}

func locale(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	base, _ := parsed.Base()
	region, _ := parsed.Region()
	return base.String() + "_" + region.String()
}
