package site

import (
	"net/http"

	"kabar/activitypub"
	"kabar/web/page"
)

// toObject leads another server from a page to the ActivityPub object it is
// about. The answer depends on who asks, so nothing between may keep it.
func toObject(w http.ResponseWriter, r *http.Request, id string) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Accept")
	return page.SeeOther(w, r, id)
}

// link names the object of a page in its header, for servers that look there
// (RFC 8288).
func link(w http.ResponseWriter, id string) {
	w.Header().Set("Link", `<`+id+`>; rel="alternate"; type="`+activitypub.ContentType+`"`)
}
