package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/client"
)

// counter lets so many requests through, and notes them.
type counter struct {
	most    int
	entered []string
	inside  int
}

var errFull = errors.New("full")

func (c *counter) Enter(_ context.Context, host string) (func(), error) {
	if len(c.entered) == c.most {
		return nil, errFull
	}
	c.entered = append(c.entered, host)
	c.inside++
	return func() { c.inside-- }, nil
}

// A gate is asked for every request, those that follow a redirect too, and
// hears of the end of each.
func TestGate(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b", http.StatusFound) })
	mux.HandleFunc("/b", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		w.Write([]byte(`{"type":"CollectionPage","items":["https://x.example/1"]}`))
	})
	host := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name    string
		most    int
		want    error
		entered []string
	}{
		{"room for all", 2, nil, []string{host, host}},
		{"room for one", 1, errFull, []string{host}},
		{"none", 0, errFull, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := &counter{most: tt.most}
			page, from, err := client.New(client.Options{AllowPrivate: true}).Through(g).Page(t.Context(), server.URL+"/a")
			if !errors.Is(err, tt.want) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.entered, g.entered); diff != "" || g.inside != 0 {
				t.Error(diff, g.inside)
			}
			if err == nil && (from != server.URL+"/b" || page.Items.ID() != "https://x.example/1") {
				t.Error(from, page.Items)
			}
		})
	}
}
