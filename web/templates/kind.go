package templates

import "net/url"

// Kind is what the editor says of an article among others: a post, a page by
// itself, or a translation of one of these.
type Kind struct {
	Show      bool
	Fixed     bool     // it is public, and stays what it is
	Static    bool     // a page by itself
	Originals []Choice // of which it may be a translation
	Original  *Link    // of which it is one
	Languages []Language
	Translate string // address of a new translation; "" = none can be made
}

// StudioTranslatePath is a new translation of the article with this id.
func StudioTranslatePath(id string) string {
	return StudioNewPath + "?" + url.Values{"translate": {id}}.Encode()
}
