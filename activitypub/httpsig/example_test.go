package httpsig_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"kabar/activitypub/httpsig"
)

// A server signs a delivery; the one that gets it reads the signature, looks
// for the key it names, and verifies.
func Example() {
	private, err := httpsig.GenerateRSA()
	if err != nil {
		panic(err)
	}
	key := httpsig.Key{ID: "https://remote.example/users/bob#main-key", Owner: "https://remote.example/users/bob", Public: private.Public()}

	inbox := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signature, err := httpsig.Parse(r, body, httpsig.Policy{})
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		fmt.Println(signature.Kind, signature.KeyID)
		fmt.Println(signature.Verify(key))
	}))
	defer inbox.Close()

	body := `{"type":"Like"}`
	r, err := http.NewRequest(http.MethodPost, inbox.URL, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/activity+json")
	if err := httpsig.Sign(r, []byte(body), httpsig.Signer{KeyID: key.ID, Private: private}, httpsig.Cavage, time.Now()); err != nil {
		panic(err)
	}
	if _, err := http.DefaultClient.Do(r); err != nil {
		panic(err)
	}
	// Output:
	// cavage https://remote.example/users/bob#main-key
	// <nil>
}
