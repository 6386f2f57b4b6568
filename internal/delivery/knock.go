package delivery

import (
	"context"
	"net/http"

	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
)

// post sends a message with the kind of signature that the host took last.
// An answer of 400 or 401 is asked once more with the other kind, and one of
// 413 once more with the compact form; what worked is remembered.
func (r *round) post(ctx context.Context, inbox string, msg Message, signer httpsig.Signer) (client.Answer, error) {
	kind := r.result.Signature
	if kind == "" {
		kind = httpsig.Cavage
	}
	answer, err := r.once(ctx, inbox, msg, signer, kind)
	if err == nil && (answer.Status == http.StatusBadRequest || answer.Status == http.StatusUnauthorized) {
		other, otherErr := r.once(ctx, inbox, msg, signer, otherKind(kind))
		if otherErr == nil && other.Status != http.StatusBadRequest && other.Status != http.StatusUnauthorized {
			answer, kind = other, otherKind(kind)
		}
	}
	if err == nil && answer.Status == http.StatusRequestEntityTooLarge && msg.Compact != nil && !r.result.Small {
		r.result.Small = true
		answer, err = r.once(ctx, inbox, msg, signer, kind)
	}
	if err == nil && judge(answer.Status) == delivered {
		r.result.Signature = kind
	}
	return answer, err
}

func (r *round) once(ctx context.Context, inbox string, msg Message, signer httpsig.Signer, kind httpsig.Kind) (client.Answer, error) {
	body := msg.JSON
	if r.result.Small && msg.Compact != nil {
		body = msg.Compact
	}
	return r.Client.Deliver(ctx, client.Delivery{
		Inbox: inbox, Body: body, ContentType: msg.ContentType, Signer: signer, Kind: kind,
	})
}

func otherKind(k httpsig.Kind) httpsig.Kind {
	if k == httpsig.Cavage {
		return httpsig.RFC9421
	}
	return httpsig.Cavage
}
