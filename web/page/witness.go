package page

import "net/http"

// Witness remembers the status of an answer.
type Witness struct {
	http.ResponseWriter
	Status int // 0 = none was set, which is 200
}

// WriteHeader notes the status and sends it.
func (w *Witness) WriteHeader(status int) {
	w.Status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *Witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }
