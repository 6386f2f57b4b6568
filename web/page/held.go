package page

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// heldPrefix begins the name of the cookies by which a browser sees its own
// comments before a moderator has. Each is sent to the page of its article
// alone: other pages stay the same for everybody.
const heldPrefix = "held-"

// maxHeld is how many such cookies of a request are looked at.
const maxHeld = 20

// HasHeld reports whether the request came with such a cookie, good or not:
// what it is answered with belongs into no cache.
func HasHeld(r *http.Request) bool {
	if !strings.Contains(r.Header.Get("Cookie"), heldPrefix) {
		return false
	}
	return len(Held(r)) > 0
}

// Held are the comments that the cookies name, with the token of each, not
// checked yet.
func Held(r *http.Request) map[uuid.UUID]string {
	held := map[uuid.UUID]string{}
	for _, c := range r.Cookies() {
		name, ok := strings.CutPrefix(c.Name, heldPrefix)
		id, err := uuid.Parse(name)
		if ok && err == nil && len(held) < maxHeld {
			held[id] = c.Value
		}
	}
	return held
}

// Hold lets this browser see a comment on the page at path, for a week;
// with an empty token no more.
func (m *Maker) Hold(w http.ResponseWriter, path string, id uuid.UUID, token string) {
	age := 7 * 24 * 3600
	if token == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: heldPrefix + id.String(), Value: token, Path: path, MaxAge: age, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: m.Secure(),
	})
}
