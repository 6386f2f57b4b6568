package aptest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// inbox takes an activity: it is read, verified and kept, then answered by the
// behaviour if there is one.
func (s *Server) inbox(w http.ResponseWriter, r *http.Request, b *Behaviour) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 8<<20))
	if err != nil {
		http.Error(w, "cannot be read", http.StatusBadRequest)
		return
	}
	got := Received{At: s.world.options.Now(), Path: r.URL.Path, Header: r.Header.Clone(), Body: body, Status: http.StatusAccepted}
	if !s.world.options.SkipVerify {
		s.judge(r, &got)
	}
	if got.Err != nil {
		got.Status = http.StatusUnauthorized
	} else if a := got.Activity; a != nil && a.Is("Create") {
		if o := a.Object.First().Object; o != nil && strings.HasPrefix(o.InReplyTo.ID(), s.origin+"/") {
			s.List(o.InReplyTo.ID(), o.ID)
		}
	}
	if b.answers() {
		got.Status = b.status()
	}
	s.record(got)
	s.world.received()
	if b.serve(w, r) {
		return
	}
	if got.Err != nil {
		http.Error(w, got.Err.Error(), got.Status)
		return
	}
	w.WriteHeader(got.Status)
}

// judge fills in the activity and who signed, and Err unless that is the actor.
func (s *Server) judge(r *http.Request, got *Received) {
	activity, err := activitypub.Decode(got.Body)
	if err != nil {
		got.Err = err
		return
	}
	got.Activity = activity
	key, kind, err := s.signedBy(r, got.Body)
	got.KeyID, got.Kind, got.Err = key.ID, kind, err
	switch actor := activity.Actor.ID(); {
	case err != nil || key.Owner == actor:
	case activity.HasSignature || activity.HasProof:
		got.Forwarder = key.Owner
	default:
		got.Err = fmt.Errorf("aptest: signed by %s for %s", key.Owner, actor)
	}
}

// signedBy verifies the signature of a request and returns the key.
func (s *Server) signedBy(r *http.Request, body []byte) (httpsig.Key, httpsig.Kind, error) {
	signature, err := httpsig.Parse(r, body, httpsig.Policy{Now: s.world.options.Now})
	if err != nil {
		return httpsig.Key{}, "", err
	}
	if u := s.options.Understands; len(u) > 0 && !slices.Contains(u, signature.Kind) {
		return httpsig.Key{}, signature.Kind, fmt.Errorf("aptest: signatures of kind %s are not understood", signature.Kind)
	}
	key, err := s.world.learned.verify(r.Context(), signature, s.fetchKey)
	return key, signature.Kind, err
}

func (s *Server) fetchKey(ctx context.Context, id string) (httpsig.Key, error) {
	key, _, err := s.client.Key(ctx, id)
	return key, err
}

// keyring keeps the keys of others.
type keyring struct {
	mu   sync.Mutex
	keys map[string]httpsig.Key
}

// verify tries the key that is known, and once more with a fresh one: it may
// have been changed.
func (k *keyring) verify(ctx context.Context, sig *httpsig.Signature, fetch func(context.Context, string) (httpsig.Key, error)) (httpsig.Key, error) {
	k.mu.Lock()
	key, known := k.keys[sig.KeyID]
	k.mu.Unlock()
	if known && sig.Verify(key) == nil {
		return key, nil
	}
	key, err := fetch(ctx, sig.KeyID)
	if err != nil {
		return httpsig.Key{ID: sig.KeyID}, err
	}
	if err := sig.Verify(key); err != nil {
		return key, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil {
		k.keys = map[string]httpsig.Key{}
	}
	k.keys[key.ID] = key
	return key, nil
}
