package wellknown

import (
	"context"
	"errors"
	"net/http"
)

// ErrUnknown is what a Lookup returns for a resource that does not exist.
var ErrUnknown = errors.New("unknown resource")

// WebFinger answers RFC 7033 requests: 400 without a resource and for one
// that is neither acct: nor http(s), 404 for an unknown one. Browsers of other
// sites may read the answer (section 5 asks for CORS).
type WebFinger struct {
	// Lookup finds the descriptor of a resource. ErrUnknown becomes 404, any
	// other error 503.
	Lookup func(ctx context.Context, r Resource) (*JRD, error)
}

// ServeHTTP implements http.Handler.
func (h *WebFinger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !readable(w, r) {
		return
	}
	query := r.URL.Query()
	if len(query["resource"]) != 1 {
		http.Error(w, "exactly one resource parameter is needed", http.StatusBadRequest)
		return
	}
	resource, err := ParseResource(query.Get("resource"))
	if err != nil {
		http.Error(w, ErrBadResource.Error(), http.StatusBadRequest)
		return
	}
	jrd, err := h.Lookup(r.Context(), resource)
	switch {
	case errors.Is(err, ErrUnknown):
		http.Error(w, ErrUnknown.Error(), http.StatusNotFound)
	case err != nil:
		unavailable(w)
	default:
		writeJSON(w, JRDType, jrd.only(query["rel"]))
	}
}
