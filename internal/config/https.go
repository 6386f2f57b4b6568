package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
)

// off is the value of KABAR_HTTP_LISTEN that opens nothing.
const off = "off"

// HTTPS tells whether Kabar serves HTTPS itself, with whatever certificate.
func (c *Config) HTTPS() bool { return c.ACME || c.TLSCert != "" }

// PlainListen is the address that leads to the origin, "" for none.
func (c *Config) PlainListen() string {
	if c.HTTPListen == off {
		return ""
	}
	return c.HTTPListen
}

func (c *Config) checkTLS() error {
	if c.TLSCert == "" && c.TLSKey == "" {
		return nil
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return errors.New("KABAR_TLS_CERT and KABAR_TLS_KEY: one is set without the other")
	}
	if !c.Secure() {
		return fmt.Errorf("KABAR_TLS_CERT: set, but KABAR_URL, %s, is not https", c.URL)
	}
	if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
		return fmt.Errorf("KABAR_TLS_CERT: %w", err)
	}
	return nil
}

// checkACME takes the ports that issuers come to, unless others are set: a
// proxy or a firewall may lead there.
func (c *Config) checkACME() error {
	if !c.ACME {
		return nil
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Scheme != "https":
		return fmt.Errorf("KABAR_ACME: set, but KABAR_URL, %s, is not https", c.URL)
	case c.TLSCert != "":
		return errors.New("KABAR_ACME and KABAR_TLS_CERT: set one of them, not both")
	case !certifiable(u.Hostname()):
		return fmt.Errorf("KABAR_ACME: no issuer certifies %s: give KABAR_URL a public name", u.Hostname())
	}
	if _, err := mail.ParseAddress(c.ACMEEmail); c.ACMEEmail != "" && err != nil {
		return fmt.Errorf("KABAR_ACME_EMAIL: %q is not an address such as owner@blog.example", c.ACMEEmail)
	}
	if d, err := url.Parse(c.ACMEDirectory); err != nil || d.Scheme != "https" || d.Host == "" {
		return fmt.Errorf("KABAR_ACME_DIRECTORY: %q is not an https address", c.ACMEDirectory)
	}
	if c.Listen == DefaultListen {
		c.Listen = ":443"
	}
	if c.HTTPListen == "" {
		c.HTTPListen = ":80"
	}
	return nil
}

// certifiable tells whether a host is a name; issuers certify no addresses
// without an agreement.
func certifiable(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && !strings.HasSuffix(host, ".")
}

func (c *Config) checkHTTPListen() error {
	switch c.HTTPListen {
	case off, "":
		return nil
	case c.Listen:
		return errors.New("KABAR_HTTP_LISTEN: must differ from KABAR_LISTEN")
	}
	if !c.HTTPS() {
		return errors.New("KABAR_HTTP_LISTEN: set, but Kabar serves no HTTPS to lead to: set KABAR_ACME=1 or KABAR_TLS_CERT")
	}
	return checkAddress("KABAR_HTTP_LISTEN", c.HTTPListen)
}
