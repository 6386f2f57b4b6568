package page

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// JSON answers a script of ours with what only who is signed in may see.
func JSON(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", Private)
	_, _ = w.Write(body) // the reader has gone; nobody is left to tell
	return nil
}
