package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

// parse reads settings as the program does.
func parse(t *testing.T, args ...string) (Config, error) {
	t.Helper()
	var c Config
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		return c, err
	}
	return c, c.Validate()
}

func TestURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"nothing set", nil, "http://localhost:8080"},
		{"another port", []string{"--listen=:9000"}, "http://localhost:9000"},
		{"slash at the end", []string{"--url=https://Blog.Example/"}, "https://blog.example"},
		{"implied port", []string{"--url=https://blog.example:443"}, "https://blog.example"},
		{"international name", []string{"--url=https://Bücher.example"}, "https://xn--bcher-kva.example"},
		{"IPv6 on loopback", []string{"--url=http://[::1]:8080"}, "http://[::1]:8080"},
		{"http in a test", []string{"--url=http://kabar.test", "--allow-private-addresses"}, "http://kabar.test"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := parse(t, tt.in...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, c.URL); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"path", []string{"--url=https://blog.example/blog"}, `KABAR_URL: "https://blog.example/blog" is not an origin`},
		{"scheme", []string{"--url=ftp://blog.example"}, "KABAR_URL: "},
		{"no scheme", []string{"--url=blog.example"}, "KABAR_URL: "},
		{"plain http", []string{"--url=http://blog.example"}, `KABAR_URL: "http://blog.example" must be https`},
		{"bad host", []string{"--url=https://blog_.ex ample"}, "KABAR_URL: "},
		{"handle domain", []string{"--handle-domain=@blog"}, "KABAR_HANDLE_DOMAIN: "},
		{"listen", []string{"--listen=8080"}, `KABAR_LISTEN: "8080" is not an address`},
		{"certificate alone", []string{"--url=https://b.example", "--tls-cert=x"}, "KABAR_TLS_CERT and KABAR_TLS_KEY: "},
		{"certificate for http", []string{"--tls-cert=x", "--tls-key=y"}, "KABAR_TLS_CERT: set, but KABAR_URL"},
		{"no such certificate", []string{"--url=https://b.example", "--tls-cert=x", "--tls-key=y"}, "KABAR_TLS_CERT: open x"},
		{"issuer for http", []string{"--acme"}, "KABAR_ACME: set, but KABAR_URL, http://localhost:8080, is not https"},
		{"issuer and files", append(certificate(t), "--acme"), "KABAR_ACME and KABAR_TLS_CERT: set one"},
		{"issuer for an address", []string{"--url=https://192.0.2.1", "--acme"}, "KABAR_ACME: no issuer certifies 192.0.2.1"},
		{"issuer's mail", []string{"--url=https://b.example", "--acme", "--acme-email=me"}, `KABAR_ACME_EMAIL: "me" is not an address`},
		{"issuer's address", []string{"--url=https://b.example", "--acme", "--acme-directory=http://ca"}, "KABAR_ACME_DIRECTORY: "},
		{"plain without HTTPS", []string{"--url=https://b.example", "--http-listen=:80"}, "KABAR_HTTP_LISTEN: set, but Kabar serves no HTTPS"},
		{"plain on the same", []string{"--url=https://b.example", "--acme", "--http-listen=:443"}, "KABAR_HTTP_LISTEN: must differ"},
		{"plain address", append(certificate(t), "--http-listen=80"), `KABAR_HTTP_LISTEN: "80" is not an address`},
		{"database", []string{"--database-url=postgres://%zz"}, "KABAR_DATABASE_URL: "},
		{"replica", []string{"--database-replica-url=postgres://%zz"}, "KABAR_DATABASE_REPLICA_URL: "},
		{"metrics for all", []string{"--metrics-listen=127.0.0.1:8080"}, "KABAR_METRICS_LISTEN: must differ"},
		{"profiles nowhere", []string{"--pprof"}, "KABAR_PPROF: set, but KABAR_METRICS_LISTEN"},
		{"profiles for all", []string{"--pprof", "--metrics-listen=:9100"}, "KABAR_PPROF: profiles are for no stranger"},
		{"profiles for the world", []string{"--pprof", "--metrics-listen=203.0.113.1:9100"}, "KABAR_PPROF: profiles are for no stranger"},
		{"log format", []string{"--log-format=xml"}, `KABAR_LOG_FORMAT: "xml" is neither`},
		{"log level", []string{"--log-level=loud"}, `KABAR_LOG_LEVEL: "loud" is none`},
		{"proxy", []string{"--trusted-proxies=proxy"}, `"proxy" is neither an address nor a range`},
		{"role", []string{"--node-role=boss"}, "\"boss\" is none of all, web and worker"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, tt.in...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
}

// certificate is the settings of a blog that serves HTTPS with files.
func certificate(t *testing.T) []string {
	t.Helper()
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"b.example"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--url=https://b.example", "--tls-cert=" + cert, "--tls-key=" + key}
}

// TestAddresses are where HTTPS and plain HTTP are served.
func TestAddresses(t *testing.T) {
	t.Parallel()
	type addresses struct {
		Listen, Plain string
		HTTPS         bool
	}
	tests := []struct {
		name string
		in   []string
		want addresses
	}{
		{"behind a proxy", nil, addresses{DefaultListen, "", false}},
		{"with files", certificate(t), addresses{DefaultListen, "", true}},
		{"with files, and plain", append(certificate(t), "--listen=:443", "--http-listen=:80"), addresses{":443", ":80", true}},
		{"by an issuer", []string{"--url=https://b.example", "--acme"}, addresses{":443", ":80", true}},
		{"by an issuer, elsewhere", []string{"--url=https://b.example", "--acme", "--listen=:8443", "--http-listen=:8080"}, addresses{":8443", ":8080", true}},
		{"by an issuer, not plain", []string{"--url=https://b.example", "--acme", "--http-listen=off"}, addresses{":443", "", true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := parse(t, tt.in...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, addresses{c.Listen, c.PlainListen(), c.HTTPS()}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDrainDelay(t *testing.T) {
	t.Parallel()
	c, err := parse(t, "--drain-delay=5s")
	if err != nil || c.DrainDelay != 5*time.Second {
		t.Errorf("%v, %v", c.DrainDelay, err)
	}
	for in, want := range map[string]string{
		"--drain-delay=-1s": "KABAR_DRAIN_DELAY: -1s is not between 0s and 5m0s",
		"--drain-delay=1h":  "KABAR_DRAIN_DELAY: 1h0m0s is not between 0s and 5m0s",
	} {
		if _, err := parse(t, in); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("KABAR_URL", "https://blog.example")
	t.Setenv("KABAR_HANDLE_DOMAIN", "Example.org")
	t.Setenv("KABAR_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")
	t.Setenv("KABAR_ALLOW_PRIVATE_ADDRESSES", "1")
	t.Setenv("KABAR_DATA_DIR", "/srv/kabar")
	t.Setenv("KABAR_ROLE", "web")
	c, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		Domain, Database, Media           string
		Private, Secure, Serves, Works    bool
		TrustsLocal, TrustsTen, TrustsOne bool
	}
	want := result{
		Domain: "example.org", Database: "/srv/kabar/postgres", Media: "/srv/kabar/media",
		Private: true, Secure: true, Serves: true, TrustsLocal: true, TrustsTen: true,
	}
	trusts := func(addr string) bool { return c.Trusts(netip.MustParseAddr(addr)) }
	got := result{
		c.Domain(), c.DatabaseDir(), c.MediaDir(), c.AllowPrivate, c.Secure(), c.Role.Serves(), c.Role.Works(),
		trusts("127.0.0.1"), trusts("::ffff:10.1.2.3"), trusts("1.1.1.1"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
