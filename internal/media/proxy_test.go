package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fetch gets a file over HTTP as the outgoing client does: at most limit bytes, and an error unless it is there.
func fetch(ctx context.Context, address string, limit int64) ([]byte, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("status %d", response.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, limit))
	return data, response.Header.Get("Content-Type"), err
}

func TestProxy(t *testing.T) {
	t.Parallel()
	picture := encoded(t, quarters(1000, 500), "png")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /a.png", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(picture) })
	mux.HandleFunc("GET /a.svg", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<svg/>")) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p := Proxy{Fetch: fetch, Store: folder(t)}
	tests := []struct {
		name string
		copy func(context.Context, string) (Stored, error)
		want [2]int
	}{
		{"avatar", p.Avatar, [2]int{128, 128}},
		{"file", func(ctx context.Context, address string) (Stored, error) {
			c, err := p.File(ctx, address)
			return c.Stored, err
		}, [2]int{800, 400}},
		{"emoji", p.Emoji, [2]int{64, 32}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.copy(context.Background(), server.URL+"/a.png")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, [2]int{got.Width, got.Height}); diff != "" {
				t.Error(diff)
			}
			stored(t, p.Store, got)
		})
	}
	if _, err := p.Avatar(context.Background(), server.URL+"/a.svg"); !errors.Is(err, ErrSVG) {
		t.Errorf("got %v, want %v", err, ErrSVG)
	}
	if _, err := p.Avatar(context.Background(), server.URL+"/gone.png"); err == nil {
		t.Error("a file that is not there was copied")
	}
	for _, address := range []string{"", "/a.png", "file:///etc/passwd", "data:image/png;base64,AA", "https://u@a.example/b", "ftp://a.example/b"} {
		if _, err := p.Avatar(context.Background(), address); !errors.Is(err, ErrBadSource) {
			t.Errorf("%q: got %v, want %v", address, err, ErrBadSource)
		}
	}
}
