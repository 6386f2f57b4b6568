package inbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// FuzzActivity signs whatever body there is with a good key: nothing may
// panic, and what is accepted keeps to what the package promises.
func FuzzActivity(f *testing.F) {
	const actor = "https://remote.example/users/ann"
	f.Add(`{"id":"https://remote.example/1","type":"Create","actor":"` + actor + `","object":{"id":"https://remote.example/n/1"}}`)
	f.Add(`{"type":"Delete","actor":"` + actor + `","object":"` + actor + `"}`)
	f.Add(`{"type":["Undo"],"actor":["` + actor + `"],"object":[{"type":"Like","actor":"` + actor + `"}]}`)
	f.Add(`{"type":"Create","actor":"https://other.example/u","object":"https://other.example/1","proof":{}}`)
	signer := httpsig.Signer{KeyID: actor + "#main-key", Private: mustKey(keys[0])}
	found := &Keys{Stored: func(_ context.Context, keyID string) (httpsig.Key, error) {
		return httpsig.Key{ID: keyID, Owner: actor, Public: signer.Private.Public()}, nil
	}}
	policy := newClock().policy()
	f.Fuzz(func(t *testing.T, body string) {
		h := Handler{Keys: found, Policy: policy, Known: func(context.Context, string) (bool, error) { return true, nil }}
		h.Accept = func(_ context.Context, d Delivery) error {
			if d.Forwarded == (d.Activity.Actor.ID() == actor) || d.Signer != actor || string(d.Raw) != body || d.Activity.Type() == "" {
				t.Errorf("accepted: %+v", d)
			}
			if d.Activity.Is("Create") && !sameOrigin(d.Activity.Object.ID(), d.Activity.Actor.ID()) {
				t.Errorf("accepted from elsewhere: %s", body)
			}
			return nil
		}
		r := httptest.NewRequest(http.MethodPost, "https://blog.example/ap/inbox", strings.NewReader(body))
		r.Header.Set("Content-Type", activitypub.ContentType)
		if err := httpsig.Sign(r, []byte(body), signer, httpsig.Cavage, policy.Now()); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusAccepted, http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
