package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/net/idna"
)

// Validate fills in what follows from other settings and brings the rest to
// one form. Its error is one line that begins with the setting's name.
func (c *Config) Validate() error {
	for _, check := range []func() error{
		c.checkListen, c.checkResolver, c.checkURL, c.checkHandleDomain, c.checkTLS, c.checkACME, c.checkHTTPListen, c.checkDatabase, c.checkInbox, c.checkMetrics, c.checkProfiles, c.checkLog, c.checkDataDir, c.checkS3, c.checkSecret, c.checkMail, c.checkDrain,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkListen() error { return checkAddress("KABAR_LISTEN", c.Listen) }

// maxDrain is longer than any balancer takes to look.
const maxDrain = 5 * time.Minute

func (c *Config) checkDrain() error {
	if c.DrainDelay < 0 || c.DrainDelay > maxDrain {
		return fmt.Errorf("KABAR_DRAIN_DELAY: %s is not between 0s and %s", c.DrainDelay, maxDrain)
	}
	return nil
}

func checkAddress(setting, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is not an address such as 127.0.0.1:8080", setting, address)
	}
	return nil
}

// checkURL brings the origin to the form that ids are made from: lower case,
// ASCII, no default port, no slash at the end.
func (c *Config) checkURL() error {
	if c.URL == "" {
		_, port, _ := net.SplitHostPort(c.Listen) // checked before
		c.URL = "http://localhost:" + port
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil ||
		(u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("KABAR_URL: %q is not an origin such as https://blog.example", c.URL)
	}
	host, err := asciiHost(u.Host, map[string]string{"https": "443", "http": "80"}[u.Scheme])
	if err != nil {
		return fmt.Errorf("KABAR_URL: %w", err)
	}
	if u.Scheme == "http" && !c.AllowPrivate && !loopback(u.Hostname()) {
		return fmt.Errorf("KABAR_URL: %q must be https: other servers do not talk to a blog without it "+
			"(for tests, set KABAR_ALLOW_PRIVATE_ADDRESSES=1)", c.URL)
	}
	c.URL = u.Scheme + "://" + host
	return nil
}

func (c *Config) checkHandleDomain() error {
	if c.HandleDomain == "" {
		return nil
	}
	host, err := ParseDomain(c.HandleDomain)
	if err != nil {
		return fmt.Errorf("KABAR_HANDLE_DOMAIN: %w", err)
	}
	c.HandleDomain = host
	return nil
}

// ParseDomain reads a domain for handles, as asciiHost does.
func ParseDomain(text string) (string, error) {
	host, err := asciiHost(text, "443")
	if err != nil || strings.ContainsAny(host, "/@? ") {
		return "", fmt.Errorf("%q is not a domain such as example.org", text)
	}
	return host, nil
}

// asciiHost is the host[:port] in lower case and ASCII (RFC 5891), without the
// port that the scheme implies.
func asciiHost(hostport, implied string) (string, error) {
	u := url.URL{Host: hostport}
	host, port := u.Hostname(), u.Port()
	if _, err := netip.ParseAddr(host); err != nil {
		if host, err = idna.Lookup.ToASCII(host); err != nil || host == "" {
			return "", fmt.Errorf("%q is not a host name", hostport)
		}
	}
	switch {
	case port != "" && port != implied:
		return net.JoinHostPort(host, port), nil
	case strings.Contains(host, ":"):
		return "[" + host + "]", nil
	}
	return host, nil
}

func loopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

func (c *Config) checkDatabase() error {
	for _, set := range []struct{ setting, url string }{
		{"KABAR_DATABASE_URL", c.DatabaseURL}, {"KABAR_DATABASE_REPLICA_URL", c.ReplicaURL},
	} {
		if set.url == "" {
			continue
		}
		if _, err := pgxpool.ParseConfig(set.url); err != nil { // it hides the password
			return fmt.Errorf("%s: %w", set.setting, err)
		}
	}
	return nil
}

// checkProfiles keeps what shows the inside of the program, and costs it time,
// from strangers.
func (c *Config) checkProfiles() error {
	if !c.Profiles {
		return nil
	}
	host, _, err := net.SplitHostPort(c.MetricsListen)
	if err != nil {
		return errors.New("KABAR_PPROF: set, but KABAR_METRICS_LISTEN, where profiles are served, is not")
	}
	addr, err := netip.ParseAddr(host)
	if private := err == nil && (addr.IsLoopback() || addr.IsPrivate()); !private && host != "localhost" {
		return fmt.Errorf("KABAR_PPROF: profiles are for no stranger: let KABAR_METRICS_LISTEN, %s, be a loopback or private address", c.MetricsListen)
	}
	return nil
}

func (c *Config) checkLog() error {
	c.LogFormat, c.LogLevel = cmp.Or(c.LogFormat, "text"), cmp.Or(c.LogLevel, "info")
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return fmt.Errorf("KABAR_LOG_FORMAT: %q is neither text nor json", c.LogFormat)
	}
	if _, err := c.Level(); err != nil {
		return fmt.Errorf("KABAR_LOG_LEVEL: %q is none of debug, info, warn and error", c.LogLevel)
	}
	return nil
}

// Level is the least that the log says.
func (c *Config) Level() (level slog.Level, err error) {
	err = level.UnmarshalText([]byte(c.LogLevel))
	return level, err
}

func (c *Config) checkMetrics() error {
	if c.MetricsListen == "" {
		return nil
	}
	if c.MetricsListen == c.Listen {
		return errors.New("KABAR_METRICS_LISTEN: must differ from KABAR_LISTEN: the figures are not for readers")
	}
	return checkAddress("KABAR_METRICS_LISTEN", c.MetricsListen)
}

func (c *Config) checkDataDir() error {
	var err error
	if c.DataDir == "" {
		if c.DataDir, err = defaultDataDir(); err != nil {
			return err
		}
	}
	if c.DataDir, err = filepath.Abs(c.DataDir); err != nil {
		return fmt.Errorf("KABAR_DATA_DIR: %w", err)
	}
	return nil
}

// checkSecret names the file of the key where none is named.
func (c *Config) checkSecret() error {
	if c.SecretKey != "" && c.SecretKeyFile != "" && c.SecretKeyFile != c.ownSecretFile() {
		return errors.New("KABAR_SECRET_KEY and KABAR_SECRET_KEY_FILE: set one of them, not both")
	}
	if c.SecretKeyFile == "" {
		c.SecretKeyFile = c.ownSecretFile()
	}
	return nil
}

func (c *Config) ownSecretFile() string { return filepath.Join(c.DataDir, "secret.key") }

// OwnsSecret tells whether the file of the key is Kabar's to make.
func (c *Config) OwnsSecret() bool { return c.SecretKey == "" && c.SecretKeyFile == c.ownSecretFile() }
