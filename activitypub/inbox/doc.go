// Package inbox makes an incoming activity believable and then hands it over:
// an http.Handler for a shared inbox or an actor's (ActivityPub, section 7).
//
// What reaches [Handler.Accept] came in a body of at most 1 MiB, is one JSON
// object with a type and an actor, bears a signature that keeps to the policy
// and was made by a key of that actor, and does not speak about objects of
// another origin. The one exception is marked as [Delivery.Forwarded].
package inbox

import (
	"errors"
	"time"

	"kabar/activitypub"
)

// Delivery is one activity and who brought it.
type Delivery struct {
	// Signer is the id of the actor whose key signed the request.
	Signer string
	// Signed is when the signer says that it signed the request: one that is
	// sent again, by whomever, has the same.
	Signed time.Time
	// Host is the signer's host, with its port if it is not the scheme's: the
	// verified host that limits count.
	Host string
	// Activity is Raw decoded.
	Activity *activitypub.Object
	// Raw is the body as it came, and ContentType the header that came with it.
	Raw         []byte
	ContentType string
	// Forwarded marks a Create, Update or Delete that Signer passed on for
	// another actor. Nothing in it is believed, its own id neither: only the
	// object may be fetched from its origin.
	Forwarded bool
	// Path is that of the inbox it came to.
	Path string
}

// ErrBlocked is what Accept returns for a signer who is not wanted, and
// [Keys.Fetch] for a server whose keys are not fetched; it is answered with 403.
var ErrBlocked = errors.New("inbox: blocked")

// ErrBusy is for what cannot be taken now because there is too much at a time:
// it is answered with 503 and Retry-After, and is no fault.
var ErrBusy = errors.New("inbox: too much at a time")

// ErrNoKey is returned by [Keys.Stored] for a key that is not stored.
var ErrNoKey = errors.New("inbox: no such key")

// Refused is an activity that is not taken. Status is the HTTP status of the
// answer; Reason is one of few fixed words, so it can be counted; Detail is
// told to the sender, Cause is not: it may speak of our network.
type Refused struct {
	Status         int
	Reason, Detail string
	Cause          error
}

// Error is for the log: it names the cause too.
func (e *Refused) Error() string {
	text := "inbox: refused: " + e.Reason
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Refused) Unwrap() error { return e.Cause }

// retryAfterer is an error that tells when to come again; it is answered with
// 429.
type retryAfterer interface {
	error
	RetryAfter() time.Duration
}
