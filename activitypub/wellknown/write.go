package wellknown

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// readable opens the document to every origin and settles the methods: it
// reports false when the request is answered already.
func readable(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return true
	case http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD")
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
	return false
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "30")
	http.Error(w, "not available now", http.StatusServiceUnavailable)
}

func writeJSON(w http.ResponseWriter, contentType string, v any) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		unavailable(w)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Write(body.Bytes())
}
