package inbox

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"kabar/activitypub/httpsig"
)

// laterSeconds is the Retry-After of an answer to an error of ours.
const laterSeconds = 60

// busyTime is the Retry-After of an ErrBusy that does not say another.
const busyTime = 10 * time.Second

// overloaded is an ErrBusy that knows for how long.
type overloaded struct{ wait time.Duration }

func (*overloaded) Error() string   { return ErrBusy.Error() }
func (*overloaded) Is(e error) bool { return e == ErrBusy }

// unsigned makes a 401 of a signature that is missing or does not hold.
// Servers that speak two kinds try the other one on it.
func unsigned(err error) error {
	reason := "unsigned"
	var refused *httpsig.Refused
	if errors.As(err, &refused) {
		reason = "signature: " + refused.Reason
	}
	return &Refused{Status: http.StatusUnauthorized, Reason: reason, Detail: err.Error()}
}

// answer turns the outcome into a status, the one place for it.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, err error) {
	var (
		refused *Refused
		retry   retryAfterer
		full    *overloaded
	)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusAccepted)
	case errors.As(err, &refused):
		h.log().DebugContext(r.Context(), "inbox refused", "path", r.URL.Path, "error", refused)
		h.refuse(w, refused)
	case errors.Is(err, ErrBlocked):
		h.refuse(w, &Refused{Status: http.StatusForbidden, Reason: "blocked"})
	case errors.Is(err, ErrBusy):
		wait := busyTime
		if errors.As(err, &full) {
			wait = full.wait
		}
		w.Header().Set("Retry-After", seconds(wait))
		h.refuse(w, &Refused{Status: http.StatusServiceUnavailable, Reason: "busy", Detail: "too much at a time: come again later"})
	case errors.As(err, &retry):
		w.Header().Set("Retry-After", seconds(retry.RetryAfter()))
		h.refuse(w, &Refused{Status: http.StatusTooManyRequests, Reason: "rate"})
	default:
		h.fail(w, r, err)
	}
}

func (h *Handler) refuse(w http.ResponseWriter, refused *Refused) {
	if h.Refused != nil {
		h.Refused(refused.Reason)
	}
	if refused.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Signature realm="inbox",headers="(request-target) host date digest"`)
	}
	text := refused.Reason
	if refused.Detail != "" {
		text = refused.Detail
	}
	http.Error(w, text, refused.Status)
}

// fail asks to come again, and keeps the cause to itself.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	// A sender that has hung up is no error of ours.
	if r.Context().Err() == nil {
		h.log().ErrorContext(r.Context(), "inbox", "path", r.URL.Path, "error", err)
	}
	w.Header().Set("Retry-After", strconv.Itoa(laterSeconds))
	http.Error(w, "come again later", http.StatusServiceUnavailable)
}

func (h *Handler) log() *slog.Logger {
	if h.Log == nil {
		return slog.Default()
	}
	return h.Log
}

// seconds writes a Retry-After (RFC 9110, section 10.2.3), at least one.
func seconds(d time.Duration) string {
	return fmt.Sprint(int(math.Ceil(max(d.Seconds(), 1))))
}
