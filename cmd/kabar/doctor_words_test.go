package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"kabar/internal/blog"
	"kabar/internal/config"
)

// TestUnanswered says of each way not to answer what to do.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	secure, plain := httptest.NewTLSServer(http.NotFoundHandler()), httptest.NewServer(http.NotFoundHandler())
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	t.Cleanup(secure.Close)
	t.Cleanup(plain.Close)
	tests := []struct{ name, origin, want string }{
		{"a certificate that nobody knows", secure.URL, "serve the whole chain"},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS"},
		{"nobody", gone.URL, "is kabar serve running"},
	}
	for _, tt := range tests {
		d := &doctor{app: &app{}, site: blog.Site{Origin: tt.origin}}
		if _, err := d.checkOrigin(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	d := &doctor{app: &app{}, site: blog.Site{Origin: gone.URL}}
	if _, err := d.checkName(t.Context()); err == nil || !strings.Contains(err.Error(), "remove that record") {
		t.Errorf("an address where nobody listens: %v", err)
	}
	d.site.Origin = "https://nowhere.invalid"
	if _, err := d.checkName(t.Context()); err == nil || !strings.Contains(err.Error(), "leads nowhere") {
		t.Errorf("a name that leads nowhere: %v", err)
	}
}

// TestProxies are missing, too many, or just right.
func TestProxies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"none is needed", nil, ""},
		{"one is there and not named", []string{"--url=https://b.example"}, "set it to the proxy's address"},
		{"one is named", []string{"--url=https://b.example", "--trusted-proxies=127.0.0.1"}, ""},
		{"all are", []string{"--url=https://b.example", "--trusted-proxies=::/0"}, "name the proxy alone"},
		{"none is there", []string{"--url=https://b.example", "--acme"}, ""},
	}
	for _, tt := range tests {
		var c config.Config
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(tt.in); err != nil {
			t.Fatal(err)
		}
		_, err = (&doctor{app: &app{config: c}}).checkProxies(t.Context())
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
