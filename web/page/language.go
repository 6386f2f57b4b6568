package page

import (
	"net/http"
	"slices"

	"kabar/internal/i18n"
)

// languageCookie keeps the language that a reader chose.
const languageCookie = "lang"

// Language is the language of the interface for a request: what was chosen
// with ?lang=, now or before, else what the browser prefers, else the site's.
func Language(r *http.Request, site string) string {
	if lang := r.URL.Query().Get("lang"); slices.Contains(i18n.Languages, lang) {
		return lang
	}
	if lang := chosen(r); lang != "" {
		return lang
	}
	return i18n.Match(r.Header.Get("Accept-Language"), site)
}

func chosen(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(i18n.Languages, c.Value) {
		return c.Value
	}
	return ""
}

// ChoseLanguage reports whether the reader chose the language, now or before.
func ChoseLanguage(r *http.Request) bool {
	return slices.Contains(i18n.Languages, r.URL.Query().Get("lang")) || chosen(r) != ""
}

// KeepLanguage remembers a language chosen with ?lang=.
func (m *Maker) KeepLanguage(w http.ResponseWriter, r *http.Request) {
	lang := r.URL.Query().Get("lang")
	if !slices.Contains(i18n.Languages, lang) || lang == chosen(r) {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: m.Secure(),
	})
}
