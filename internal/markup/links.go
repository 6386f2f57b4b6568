package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxLinks is how many links of one text are looked at.
const maxLinks = 500

// Link is a link of a text.
type Link struct {
	Address string
	Text    string // as it is read
}

// Links returns the links of a safe text, in order.
func Links(s Safe) []Link {
	var links []Link
	var text strings.Builder
	open := false
	z := html.NewTokenizer(strings.NewReader(s.html))
	for len(links) < maxLinks {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return links
		case html.TextToken:
			if open {
				text.Write(z.Text())
			}
		case html.StartTagToken:
			if address, ok := hrefOf(z); ok {
				links = append(links, Link{Address: address})
				open = true
				text.Reset()
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); open && atom.Lookup(name) == atom.A {
				links[len(links)-1].Text = Name(text.String())
				open = false
			}
		}
	}
	return links
}

// hrefOf is the address of the start tag that a tokenizer stands at.
func hrefOf(z *html.Tokenizer) (string, bool) {
	name, more := z.TagName()
	if atom.Lookup(name) != atom.A {
		return "", false
	}
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); string(key) == "href" {
			return string(value), true
		}
	}
	return "", false
}
