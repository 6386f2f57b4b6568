package inbox

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Handler serves an inbox. Keys, Known and Accept are required.
type Handler struct {
	// Keys finds the public keys of signers.
	Keys *Keys
	// Known tells whether an actor is known here. The Delete of an unknown
	// actor by itself is answered before its signature is looked at: its key
	// cannot be had any more, and Mastodon tells everybody.
	Known func(ctx context.Context, actorID string) (bool, error)
	// Accept takes a delivery over; when it returns nil, the answer is 202.
	// [ErrBlocked], a *[Refused], and an error with a method RetryAfter()
	// time.Duration choose another answer; any other error is a 503.
	Accept func(ctx context.Context, d Delivery) error
	// Policy is what signatures must keep to.
	Policy httpsig.Policy
	// Refused, if set, is told the reason of every refusal.
	Refused func(reason string)
	// Breach, if set, is given a delivery with a good signature that is
	// refused for what it says, so that it can be looked up.
	Breach func(ctx context.Context, d Delivery, reason string)
	// BodyTime is how long a whole body may take to come, so that a sender that
	// drips does not hold a connection for ever; 0 is 30 s.
	BodyTime time.Duration
	// Busy, if set, says that nothing new is taken now and for how long: it is
	// asked before anything else, and answered with 503. 0 is not busy.
	Busy func(ctx context.Context) time.Duration
	// Sender, if set, names where a request comes from, before its signature
	// says so: an address. "" is for nobody in particular. All bodies that are
	// held at a time have 64 MiB, those of one sender 8 MiB; 503 beyond.
	Sender func(r *http.Request) string
	// Log is told about errors of ours; nil is the default logger.
	Log *slog.Logger

	bodies room
}

// ServeHTTP answers with 202 for what is taken or need not be, and otherwise
// as the error of [Handler.Accept] or the check that failed tells.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := h.receive(w, r)
	h.answer(w, r, err)
}

// receive does the checks, those that cost nothing first.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.busy(ctx); err != nil {
		return err
	}
	body := &parcel{room: &h.bodies, sender: h.sender(r)}
	defer body.leave()
	raw, err := h.readBody(w, r, body)
	if err != nil {
		return err
	}
	activity, err := decode(raw)
	if err != nil {
		return err
	}
	if gone, err := h.unknownDelete(ctx, activity); gone || err != nil {
		return err
	}
	signature, err := httpsig.Parse(r, raw, h.Policy)
	if err != nil {
		return unsigned(err)
	}
	key, err := h.Keys.verify(ctx, signature)
	if err != nil {
		return err
	}
	d := Delivery{
		Signer: key.Owner, Signed: signature.Signed, Host: host(key.Owner), Activity: activity, Raw: raw,
		ContentType: r.Header.Get("Content-Type"), Path: r.URL.Path,
	}
	if err := judge(&d); err != nil {
		h.breach(ctx, d, err)
		return err
	}
	return h.Accept(ctx, d)
}

func (h *Handler) busy(ctx context.Context) error {
	if h.Busy == nil {
		return nil
	}
	if wait := h.Busy(ctx); wait > 0 {
		return &overloaded{wait}
	}
	return nil
}

func (h *Handler) sender(r *http.Request) string {
	if h.Sender == nil {
		return ""
	}
	return h.Sender(r)
}

// unknownDelete recognises the Delete of an actor that is not known by itself.
func (h *Handler) unknownDelete(ctx context.Context, activity *activitypub.Object) (bool, error) {
	if !activity.Is("Delete") || activity.Object.ID() != activity.Actor.ID() {
		return false, nil
	}
	known, err := h.Known(ctx, activity.Actor.ID())
	return !known, err
}

func (h *Handler) breach(ctx context.Context, d Delivery, err error) {
	var refused *Refused
	if h.Breach != nil && errors.As(err, &refused) {
		h.Breach(ctx, d, refused.Reason)
	}
}
