package inbox

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// BenchmarkHandler takes a signed reply of 3 kB by an actor whose key is in
// memory, as far as Accept.
func BenchmarkHandler(b *testing.B) {
	key := mustKey(keys[0])
	const actor = "https://remote.example/users/ann"
	h := &Handler{
		Keys: &Keys{
			Stored: func(_ context.Context, keyID string) (httpsig.Key, error) {
				return httpsig.Key{ID: keyID, Owner: actor, Public: key.Public()}, nil
			},
		},
		Known:  func(context.Context, string) (bool, error) { return true, nil },
		Accept: func(context.Context, Delivery) error { return nil },
		Policy: httpsig.Policy{Now: newClock().now},
	}
	body := []byte(fmt.Sprintf(`{"@context":"https://www.w3.org/ns/activitystreams","id":"%[1]s/1/activity","type":"Create","actor":"%[1]s",`+
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["%[1]s/followers"],"object":{"id":"%[1]s/1","type":"Note","attributedTo":"%[1]s",`+
		`"inReplyTo":"https://blog.example/ap/objects/1","content":"<p>%[2]s</p>","tag":[{"type":"Mention","href":"https://blog.example/ap/actors/1"}]}}`,
		actor, strings.Repeat("kabar ", 400)))
	for _, kind := range []httpsig.Kind{httpsig.Cavage, httpsig.RFC9421} {
		b.Run(string(kind), func(b *testing.B) {
			signed := httptest.NewRequest(http.MethodPost, "https://blog.example/ap/inbox", nil)
			signed.Header.Set("Content-Type", activitypub.ContentType)
			signer := httpsig.Signer{KeyID: actor + "#main-key", Private: key}
			if err := httpsig.Sign(signed, body, signer, kind, h.Policy.Now()); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := httptest.NewRequest(http.MethodPost, "https://blog.example/ap/inbox", bytes.NewReader(body))
					r.Header = signed.Header
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					if w.Code != http.StatusAccepted {
						b.Fatalf("%d %s", w.Code, w.Body)
					}
				}
			})
		})
	}
}
