package markup

import (
	"net/url"
	"strings"
	"unicode"
)

// MaxURL is the longest address, in bytes, that SafeURL lets pass.
const MaxURL = 2048

// SafeURL returns a remote address in its normal form if a link to it may be shown: absolute, http or https, with a host,
// without a user name (which makes one host look like another) and without control, space or direction characters.
func SafeURL(address string) (string, bool) {
	address = strings.TrimSpace(address)
	if len(address) > MaxURL || strings.ContainsFunc(address, deceptive) {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	return u.String(), true
}

// deceptive reports whether a character has no place in an address.
func deceptive(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\\' || bidiControl(r) || zeroWidth(r)
}

// authorSchemes are the schemes an author may link to. What is not here (javascript, data, vbscript, blob, file …) is blanked.
var authorSchemes = map[string]bool{
	"http": true, "https": true, "mailto": true, "tel": true, "xmpp": true, "matrix": true, "gemini": true,
}

// authorURL returns the address an author wrote, made absolute if there is a base, and "" if its scheme is not allowed.
// The parser of a browser ignores tabs and line ends in a scheme, so an address with control characters is refused whole.
func authorURL(address string, base *url.URL) string {
	address = strings.TrimSpace(address)
	if strings.ContainsFunc(address, unicode.IsControl) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" && !authorSchemes[u.Scheme] {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	return u.String()
}
