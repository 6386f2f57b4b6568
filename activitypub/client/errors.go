package client

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Errors by meaning; what is returned wraps them with the address and reason.
var (
	// ErrBlockedAddress: the URL leads to where the client never goes, such as
	// a private address, another scheme than https, or the own origin.
	ErrBlockedAddress error = refusal("blocked address")
	// ErrNotBelieved: there was an answer, but it proves nothing: a wrong
	// content type or id, no consent of the other side, an unlisted key.
	ErrNotBelieved error = refusal("not believed")
	// ErrTooLarge: the answer is over the limit.
	ErrTooLarge error = refusal("too large")
	// ErrRedirects: too many redirects, or a loop.
	ErrRedirects error = refusal("too many redirects")
	// ErrTombstone: the object says of itself that it was deleted.
	ErrTombstone error = refusal("tombstone")
)

// refusal is an error that trying again will not change.
type refusal string

func (r refusal) Error() string { return string(r) }

// Permanent reports that the same request will fail again.
func (r refusal) Permanent() bool { return true }

// StatusError is an answer with another status than was needed.
type StatusError struct {
	URL        string
	Status     int
	RetryAfter time.Duration // 0 if not given
}

// Error implements error.
func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: status %d %s", e.URL, e.Status, http.StatusText(e.Status))
}

// Permanent reports whether the same request will fail again, by the classes
// that Mastodon uses for deliveries.
func (e *StatusError) Permanent() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	}
	return e.Status < 500 || e.Status == http.StatusNotImplemented
}

// Gone reports whether err says that the object was there and is deleted: 410
// or a Tombstone.
func Gone(err error) bool {
	return errors.Is(err, ErrTombstone) || hasStatus(err, http.StatusGone)
}

// NotFound reports whether err is a 404, which says nothing about the past.
func NotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// Permanent reports whether the operation that returned err would fail in the
// same way if it were repeated.
func Permanent(err error) bool {
	var p interface{ Permanent() bool }
	return errors.As(err, &p) && p.Permanent()
}

func hasStatus(err error, status int) bool {
	var s *StatusError
	return errors.As(err, &s) && s.Status == status
}

func notBelieved(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNotBelieved, fmt.Sprintf(format, args...))
}
