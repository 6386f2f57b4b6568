package inbox_test

import (
	"context"
	"fmt"
	"net/http"

	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
)

// A shared inbox that stores no keys and prints what it gets.
func Example() {
	remote := client.New(client.Options{UserAgent: "example"})
	handler := &inbox.Handler{
		Keys: &inbox.Keys{
			Stored: func(context.Context, string) (httpsig.Key, error) { return httpsig.Key{}, inbox.ErrNoKey },
			Fetch: func(ctx context.Context, keyID string) (httpsig.Key, error) {
				key, _, err := remote.Key(ctx, keyID)
				return key, err
			},
		},
		Known: func(context.Context, string) (bool, error) { return false, nil },
		Accept: func(_ context.Context, d inbox.Delivery) error {
			fmt.Println(d.Signer, d.Activity.Type(), d.Activity.Object.ID())
			return nil
		},
		Policy: httpsig.Policy{Hosts: []string{"blog.example"}},
	}
	http.Handle("POST /ap/inbox", handler)
}
