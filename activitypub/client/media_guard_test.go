package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"code.dny.dev/ssrf"
)

// TestMediaGuard: a file is not fetched from the inside by a redirect, and no
// server holds us longer than the caller waits.
func TestMediaGuard(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	inside := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	var err error
	_ = inside.Listener.Close() // another address takes its place
	if inside.Listener, err = net.Listen("tcp", "127.0.0.2:0"); err != nil {
		t.Skip("no second loopback address:", err)
	}
	inside.Start()
	t.Cleanup(inside.Close)
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, inside.URL+"/secret.png", http.StatusFound)
		case "/drip":
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("."))
				_ = http.NewResponseController(w).Flush()
			}
		case "/long":
			w.Header().Set("Content-Length", "99999999999")
		}
	}))
	t.Cleanup(outside.Close)
	c := New(Options{AllowPrivate: true})
	only := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(netip.MustParsePrefix("127.0.0.1/32")))
	c.transport.DialContext = (&net.Dialer{Control: guard(only)}).DialContext
	brief, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for _, tt := range []struct {
		name, url string
		ctx       context.Context
		want      error
	}{
		{"redirect to the inside", outside.URL + "/redirect", t.Context(), ErrBlockedAddress},
		{"the inside itself", inside.URL + "/secret.png", t.Context(), ErrBlockedAddress},
		{"told to be large", outside.URL + "/long", t.Context(), ErrTooLarge},
		{"without end", outside.URL + "/drip", t.Context(), ErrTooLarge},
		{"slower than we wait", outside.URL + "/drip", brief, context.DeadlineExceeded},
	} {
		limit := int64(1 << 10)
		if tt.ctx == brief {
			limit = 1 << 40
		}
		if _, _, err := c.Media(tt.ctx, tt.url, limit); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	select {
	case path := <-asked:
		t.Errorf("the inside was asked for %s", path)
	default:
	}
}
