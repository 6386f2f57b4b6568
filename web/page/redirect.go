package page

import (
	"net/http"
	"net/url"
	"strings"
)

// SeeOther sends the reader on after a form, or to where the answer is.
func SeeOther(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// Moved sends to the address that replaced this one for ever.
func Moved(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address, http.StatusMovedPermanently)
	return nil
}

// LocalPath is the path to return to that a form carries, or fallback when it
// leads to another site.
func LocalPath(next, fallback string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return fallback
	}
	return next
}
