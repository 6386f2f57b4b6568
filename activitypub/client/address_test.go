package client

import (
	"errors"
	"net"
	"net/url"
	"testing"

	"code.dny.dev/ssrf"
	"github.com/google/go-cmp/cmp"
)

// TestGuard goes through the addresses that lead to the inside in one way or
// another, and some that do not.
func TestGuard(t *testing.T) {
	t.Parallel()
	safe := guard(ssrf.New(ssrf.WithPorts(443)))
	tests := []struct {
		name string
		in   string
		want bool // dialled
	}{
		{"public IPv4", "8.8.8.8:443", true},
		{"public IPv6", "[2606:4700::1]:443", true},
		{"other port", "8.8.8.8:22", false},
		{"http", "8.8.8.8:80", false},
		{"loopback", "127.0.0.1:443", false},
		{"loopback, other", "127.9.9.9:443", false},
		{"unspecified", "0.0.0.0:443", false},
		{"this network", "0.1.2.3:443", false},
		{"private 10", "10.0.0.1:443", false},
		{"private 172.16", "172.16.0.1:443", false},
		{"private 192.168", "192.168.0.1:443", false},
		{"shared 100.64", "100.64.0.1:443", false},
		{"link-local, cloud metadata", "169.254.169.254:443", false},
		{"protocol assignments", "192.0.0.1:443", false},
		{"documentation", "192.0.2.1:443", false},
		{"benchmarking", "198.18.0.1:443", false},
		{"multicast", "224.0.0.1:443", false},
		{"reserved", "240.0.0.1:443", false},
		{"broadcast", "255.255.255.255:443", false},
		{"IPv6 loopback", "[::1]:443", false},
		{"IPv6 unspecified", "[::]:443", false},
		{"IPv4-mapped", "[::ffff:127.0.0.1]:443", false},
		{"IPv4-compatible", "[::127.0.0.1]:443", false},
		{"NAT64", "[64:ff9b::7f00:1]:443", false},
		{"local NAT64", "[64:ff9b:1::1]:443", false},
		{"6to4 of loopback", "[2002:7f00:1::]:443", false},
		{"Teredo", "[2001::1]:443", false},
		{"unique local", "[fd00::1]:443", false},
		{"link-local IPv6", "[fe80::1]:443", false},
		{"site-local", "[fec0::1]:443", false},
		{"documentation IPv6", "[2001:db8::1]:443", false},
		{"segment routing", "[5f00::1]:443", false},
		{"multicast IPv6", "[ff02::1]:443", false},
		{"no address", "localhost:443", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			network := "tcp4"
			if host, _, _ := net.SplitHostPort(tt.in); net.ParseIP(host) != nil && net.ParseIP(host).To4() == nil {
				network = "tcp6"
			}
			err := safe(network, tt.in, nil)
			if diff := cmp.Diff(tt.want, err == nil); diff != "" {
				t.Error(diff, err)
			}
			if err != nil && !errors.Is(err, ErrBlockedAddress) {
				t.Errorf("%v is no ErrBlockedAddress", err)
			}
		})
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	strict := New(Options{Self: "https://Blog.example"})
	open := New(Options{AllowPrivate: true, Self: "http://127.0.0.1:8080"})
	type question struct {
		Client *Client
		URL    string
	}
	tests := []struct {
		name string
		in   question
		want string // "" if refused
	}{
		{"https", question{strict, "https://m.example/users/bob"}, "https://m.example/users/bob"},
		{"fragment", question{strict, "https://m.example/users/bob#main-key"}, "https://m.example/users/bob"},
		{"http", question{strict, "http://m.example/users/bob"}, ""},
		{"http allowed", question{open, "http://m.example/users/bob"}, "http://m.example/users/bob"},
		{"file", question{open, "file:///etc/passwd"}, ""},
		{"gopher", question{open, "gopher://m.example/"}, ""},
		{"relative", question{strict, "/users/bob"}, ""},
		{"no host", question{strict, "https:///users/bob"}, ""},
		{"opaque", question{strict, "https:m.example"}, ""},
		{"user information", question{strict, "https://user:secret@m.example/"}, ""},
		{"own origin", question{strict, "https://blog.example/ap/actor"}, ""},
		{"own origin with port and dot", question{strict, "https://BLOG.example.:443/x"}, ""},
		{"own host, other port", question{open, "http://127.0.0.1:8081/"}, "http://127.0.0.1:8081/"},
		{"own with port", question{open, "http://127.0.0.1:8080/"}, ""},
		{"portable id", question{strict, "ap://did:key:z6Mk/actor"}, ""},
		{"control character", question{strict, "https://m.example/\x00"}, ""},
		{"empty", question{strict, ""}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			u, err := tt.in.Client.address(tt.in.URL)
			if err == nil {
				got = u.String()
			} else if !errors.Is(err, ErrBlockedAddress) {
				t.Errorf("%v is no ErrBlockedAddress", err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"plain", "https://m.example/x", "https://m.example"},
		{"capitals", "HTTPS://M.Example/x", "https://m.example"},
		{"usual port", "https://m.example:443/", "https://m.example"},
		{"usual port of http", "http://m.example:80/", "http://m.example"},
		{"other port", "https://m.example:8443/", "https://m.example:8443"},
		{"IDNA", "https://bücher.example/", "https://xn--bcher-kva.example"},
		{"root dot", "https://m.example./", "https://m.example"},
		{"IPv6", "http://[::1]/", "http://[::1]"},
		{"IPv6 with port", "http://[::1]:8080/", "http://[::1]:8080"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, origin(u)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSameDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   [2]string
		want bool
	}{
		{"equal", [2]string{"https://m.example/a", "https://m.example/a"}, true},
		{"fragment", [2]string{"https://m.example/a#main-key", "https://m.example/a"}, true},
		{"root", [2]string{"https://m.example", "https://M.example:443/"}, true},
		{"path in capitals", [2]string{"https://m.example/A", "https://m.example/a"}, false},
		{"query", [2]string{"https://m.example/a?x=1", "https://m.example/a?x=2"}, false},
		{"scheme", [2]string{"https://m.example/a", "http://m.example/a"}, false},
		{"host", [2]string{"https://m.example/a", "https://n.example/a"}, false},
		{"escaped slash", [2]string{"https://m.example/a%2Fb", "https://m.example/a/b"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, sameDocument(tt.in[0], tt.in[1])); diff != "" {
				t.Error(diff)
			}
		})
	}
}
