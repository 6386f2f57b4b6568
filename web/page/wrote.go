package page

import "net/http"

// A browser that has sent a form reads where it was written for a while,
// whichever node answers: longer than a replica that is read from may lag.
const (
	wroteCookie  = "wrote"
	wroteSeconds = 10
)

// wrote notes in the browser that it has sent a form, if that changes where it
// has to read.
func (m *Maker) wrote(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || m.Cache == nil || m.Cache.Replica == nil {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: wroteCookie, Value: "1", Path: "/", MaxAge: wroteSeconds, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: m.Secure(),
	})
}

// hasWritten reports whether who asks may look for what they have just sent.
func hasWritten(r *http.Request) bool {
	return HasSession(r) || HasHeld(r) || len(r.CookiesNamed(wroteCookie)) > 0
}
