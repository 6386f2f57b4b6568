package client_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
)

func newWorld(t *testing.T, o aptest.WorldOptions) *aptest.World {
	t.Helper()
	o.SharedKey = true
	w, err := aptest.NewWorld(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func start(t *testing.T, w *aptest.World, o aptest.Options) *aptest.Server {
	t.Helper()
	s, err := w.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newClient returns a client that signs as the instance actor of a server of
// its own.
func newClient(t *testing.T, w *aptest.World) *client.Client {
	t.Helper()
	own := start(t, w, aptest.Options{})
	c := client.New(client.Options{
		UserAgent: "kabar test", AllowPrivate: true, RootCAs: w.Roots(), Self: own.URL(),
		Signer: func(context.Context) (httpsig.Signer, error) { return own.Instance().Signer() },
	})
	t.Cleanup(c.CloseIdle)
	return c
}

func withTimeout(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// object is a document with nothing but an id and a type.
func object(id, kind string) aptest.Doc {
	return aptest.Doc{"@context": activitypub.Namespace, "id": id, "type": kind}
}

// meaning names the error, for tables.
func meaning(err error) string {
	var status *client.StatusError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &status):
		return strconv.Itoa(status.Status)
	}
	for name, target := range map[string]error{
		"blocked": client.ErrBlockedAddress, "not believed": client.ErrNotBelieved, "too large": client.ErrTooLarge,
		"redirects": client.ErrRedirects, "tombstone": client.ErrTombstone, "time": context.DeadlineExceeded,
	} {
		if errors.Is(err, target) {
			return name
		}
	}
	return "other: " + err.Error()
}
