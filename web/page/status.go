package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// unavailableWait is what a client is asked to wait for a database that is
// gone.
const unavailableWait = 10 * time.Second

// Status is an error that is nothing but an HTTP status.
type Status int

func (s Status) Error() string { return fmt.Sprintf("%d %s", int(s), http.StatusText(int(s))) }

// ErrBusy says that too many ask at a time: no fault, and it passes.
var ErrBusy = errors.New("too many requests at a time")

// meanings are the statuses of the errors by meaning, the one table for it.
var meanings = []struct {
	err    error
	status int
}{
	{blog.ErrGone, http.StatusGone},
	{blog.ErrNotFound, http.StatusNotFound},
	{blog.ErrForbidden, http.StatusForbidden},
	{blog.ErrConflict, http.StatusConflict},
	{blog.ErrUnavailable, http.StatusServiceUnavailable},
	{ErrBusy, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
	{auth.ErrSetup, http.StatusForbidden},
	{auth.ErrWrong, http.StatusForbidden},
	{auth.ErrUnconfirmed, http.StatusForbidden},
	{auth.ErrPasskey, http.StatusForbidden},
	{auth.ErrNoPasskeys, http.StatusNotFound},
}

// StatusOf is the HTTP status of an error; 500 for one without a meaning.
func StatusOf(err error) int {
	var (
		status  Status
		invalid *blog.Invalid
		large   *http.MaxBytesError
		later   interface{ RetryAfter() time.Duration }
	)
	switch {
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &invalid):
		return http.StatusBadRequest
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &later):
		return http.StatusTooManyRequests
	}
	for _, m := range meanings {
		if errors.Is(err, m.err) {
			return m.status
		}
	}
	return http.StatusInternalServerError
}

// retryAfter is how long to wait before the next try; 0 = it would not help.
func retryAfter(err error) time.Duration {
	var later interface{ RetryAfter() time.Duration }
	switch {
	case errors.As(err, &later):
		return later.RetryAfter()
	case StatusOf(err) == http.StatusServiceUnavailable:
		return unavailableWait
	}
	return 0
}
