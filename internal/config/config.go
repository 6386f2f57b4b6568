// Package config holds the settings of the program: one struct that kong fills
// from flags and, where there is no flag, from the environment. What the owner
// changes while it runs is in the database instead.
package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Config is embedded in the command line's struct. Call Validate before use.
type Config struct {
	URL            string   `name:"url" env:"KABAR_URL" placeholder:"https://blog.example" help:"Public origin; ids are made from it."`
	HandleDomain   string   `name:"handle-domain" env:"KABAR_HANDLE_DOMAIN" placeholder:"DOMAIN" help:"Domain in handles, when it is not the origin's."`
	Listen         string   `name:"listen" env:"KABAR_LISTEN" default:"127.0.0.1:8080" help:"Address to serve on (:443 with --acme)."`
	TLSCert        string   `name:"tls-cert" env:"KABAR_TLS_CERT" placeholder:"FILE" help:"Serve HTTPS with this certificate (PEM)."`
	TLSKey         string   `name:"tls-key" env:"KABAR_TLS_KEY" placeholder:"FILE" help:"The certificate's private key (PEM)."`
	ACME           bool     `name:"acme" env:"KABAR_ACME" help:"Serve HTTPS with certificates that Kabar gets by itself, which agrees to the terms of their issuer (Let's Encrypt)."`
	ACMEEmail      string   `name:"acme-email" env:"KABAR_ACME_EMAIL" placeholder:"ADDRESS" help:"Where the issuer of certificates may write to."`
	ACMEDirectory  string   `name:"acme-directory" env:"KABAR_ACME_DIRECTORY" default:"https://acme-v02.api.letsencrypt.org/directory" help:"Issuer of certificates (RFC 8555)."`
	HTTPListen     string   `name:"http-listen" env:"KABAR_HTTP_LISTEN" placeholder:"ADDRESS" help:"Lead plain HTTP on this address to the origin (default :80 with --acme; off for none)."`
	SecretKey      string   `name:"secret-key" env:"KABAR_SECRET_KEY" placeholder:"BASE64" help:"Key that private keys in the database are sealed with (kabar secret new)."`
	SecretKeyFile  string   `name:"secret-key-file" env:"KABAR_SECRET_KEY_FILE" placeholder:"FILE" help:"File of that key, and of older ones below it (default: secret.key in the data directory, made at the first start)."`
	TrustedProxies []Prefix `name:"trusted-proxies" env:"KABAR_TRUSTED_PROXIES" placeholder:"PREFIX,…" help:"Addresses whose forwarding headers are believed."`
	DatabaseURL    string   `name:"database-url" env:"KABAR_DATABASE_URL" placeholder:"postgres://…" help:"PostgreSQL to use instead of a private one."`
	ReplicaURL     string   `name:"database-replica-url" env:"KABAR_DATABASE_REPLICA_URL" placeholder:"postgres://…" help:"Standby of that PostgreSQL, by streaming replication, that pages may be read from."`
	DataDir        string   `name:"data-dir" env:"KABAR_DATA_DIR" placeholder:"DIR" help:"Where the private database and media live (default /var/lib/kabar for root, else ~/.local/share/kabar)."`
	AllowPrivate   bool     `name:"allow-private-addresses" env:"KABAR_ALLOW_PRIVATE_ADDRESSES" help:"Let the client reach loopback and private addresses: for tests and demos only."`
	Resolver       string   `name:"resolver" env:"KABAR_RESOLVER" placeholder:"ADDRESS" help:"Name server to ask for the addresses of other servers, instead of the machine's own."`
	SMTPURL        string   `name:"smtp-url" env:"KABAR_SMTP_URL" placeholder:"smtp://…" help:"SMTP server to send e-mail through: smtp (STARTTLS) or smtps, with user and password. Without it no e-mail is sent."`
	MailFrom       string   `name:"mail-from" env:"KABAR_MAIL_FROM" placeholder:"ADDRESS" help:"Sender of e-mail: an address, or \"Name <address>\"."`
	Role           Role     `name:"node-role" env:"KABAR_ROLE" default:"all" help:"What this node does: all, web or worker."`
	S3             S3       `embed:""`
	Inbox          Inbox    `embed:""`
	MetricsListen  string   `name:"metrics-listen" env:"KABAR_METRICS_LISTEN" placeholder:"ADDRESS" help:"Serve Prometheus metrics on this address."`
	Profiles       bool     `name:"pprof" env:"KABAR_PPROF" help:"Serve profiles of the program beside the metrics."`
	LogFormat      string   `name:"log-format" env:"KABAR_LOG_FORMAT" default:"text" help:"Lines of the log: text or json."`
	LogLevel       string   `name:"log-level" env:"KABAR_LOG_LEVEL" default:"info" help:"Least that the log says: debug (each request), info, warn or error."`

	DrainDelay time.Duration `name:"drain-delay" env:"KABAR_DRAIN_DELAY" default:"0s" placeholder:"5s" help:"How long a node that is told to stop says so on /readyz before it closes."`
}

// DefaultListen is where Kabar serves, for a proxy in front of it.
const DefaultListen = "127.0.0.1:8080"

// Role is what a node does; nodes share one database.
type Role string

// The roles.
const (
	All    Role = "all"
	Web    Role = "web"    // serves requests only
	Worker Role = "worker" // sends, receives and does the jobs only
)

// UnmarshalText reads the name of a role.
func (r *Role) UnmarshalText(text []byte) error {
	switch role := Role(text); role {
	case All, Web, Worker:
		*r = role
		return nil
	}
	return fmt.Errorf("%q is none of all, web and worker", text)
}

// Serves tells whether the node answers requests.
func (r Role) Serves() bool { return r != Worker }

// Works tells whether the node does the work behind them.
func (r Role) Works() bool { return r != Web }

// Prefix is a range of addresses; a single address is the range of itself.
type Prefix struct{ netip.Prefix }

// UnmarshalText reads 10.0.0.0/8 or 127.0.0.1.
func (p *Prefix) UnmarshalText(text []byte) error {
	if addr, err := netip.ParseAddr(string(text)); err == nil {
		p.Prefix = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("%q is neither an address nor a range such as 10.0.0.0/8", text)
	}
	p.Prefix = prefix.Masked()
	return nil
}

// Trusts tells whether forwarding headers that come from addr are believed.
func (c *Config) Trusts(addr netip.Addr) bool {
	for _, p := range c.TrustedProxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// Host is the host, with its port if it has one, of the public origin.
func (c *Config) Host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// Secure tells whether readers come over HTTPS, here or at a proxy.
func (c *Config) Secure() bool { return len(c.URL) > 8 && c.URL[:8] == "https://" }

// Domain is what stands after the second @ of our handles.
func (c *Config) Domain() string {
	if c.HandleDomain != "" {
		return c.HandleDomain
	}
	return c.Host()
}

// DatabaseDir is where the private database lives.
func (c *Config) DatabaseDir() string { return filepath.Join(c.DataDir, "postgres") }

// MediaDir is where pictures live.
func (c *Config) MediaDir() string { return filepath.Join(c.DataDir, "media") }

func defaultDataDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/kabar", nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "kabar"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("KABAR_DATA_DIR: not set, and there is no home directory to fall back to")
	}
	return filepath.Join(home, ".local", "share", "kabar"), nil
}
