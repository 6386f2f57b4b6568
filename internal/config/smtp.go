package config

import (
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// SMTPTLS is how the connection to the SMTP server is encrypted.
type SMTPTLS string

// The ways.
const (
	SMTPStartTLS SMTPTLS = "starttls" // RFC 3207, and never without
	SMTPImplicit SMTPTLS = "implicit" // from the first byte (RFC 8314)
	SMTPNone     SMTPTLS = "none"     // not at all: loopback and private addresses only
)

// SMTP is the server that e-mail is handed to. The zero value is none.
type SMTP struct {
	Host     string
	Port     int
	TLS      SMTPTLS
	User     string // "" = without signing in
	Password string
}

// SMTP is what KABAR_SMTP_URL names, as Validate has checked it.
func (c *Config) SMTP() SMTP {
	server, err := parseSMTP(c.SMTPURL)
	if err != nil {
		return SMTP{}
	}
	return server
}

// checkMail tells nothing of the password.
func (c *Config) checkMail() error {
	switch {
	case c.SMTPURL == "" && c.MailFrom == "":
		return nil
	case c.SMTPURL == "":
		return errors.New("KABAR_MAIL_FROM: set without KABAR_SMTP_URL")
	case c.MailFrom == "":
		return errors.New("KABAR_SMTP_URL: set without KABAR_MAIL_FROM, such as \"Kabar <blog@blog.example>\"")
	}
	if _, err := parseSMTP(c.SMTPURL); err != nil {
		return fmt.Errorf("KABAR_SMTP_URL: %w", err)
	}
	if _, err := mail.ParseAddress(c.MailFrom); err != nil || strings.ContainsAny(c.MailFrom, "\r\n\x00") {
		return fmt.Errorf("KABAR_MAIL_FROM: %q is not an address such as blog@blog.example or \"Kabar <blog@blog.example>\"", c.MailFrom)
	}
	return nil
}

func parseSMTP(text string) (SMTP, error) {
	if text == "" {
		return SMTP{}, nil
	}
	u, err := url.Parse(text) // its error would show the password
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return SMTP{}, errors.New("not an address such as smtp://user:password@mail.example:587 (special characters in the password as %40 and the like)")
	}
	s := SMTP{Port: 587, TLS: SMTPStartTLS}
	switch u.Scheme {
	case "smtp":
	case "smtps":
		s.Port, s.TLS = 465, SMTPImplicit
	default:
		return SMTP{}, fmt.Errorf("%q is none of smtp (STARTTLS) and smtps", u.Scheme)
	}
	if s.Host = u.Hostname(); !strings.Contains(s.Host, ":") { // else an address of IPv6
		if s.Host, err = asciiHost(s.Host, ""); err != nil {
			return SMTP{}, err
		}
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return SMTP{}, fmt.Errorf("%q is no port", port)
		}
	}
	s.User = u.User.Username()
	s.Password, _ = u.User.Password()
	if strings.ContainsAny(s.User+s.Password, "\r\n\x00") {
		return SMTP{}, errors.New("a line break in the user or the password")
	}
	return s.withQuery(u.Query())
}

// withQuery reads ?tls=none.
func (s SMTP) withQuery(query url.Values) (SMTP, error) {
	for name, values := range query {
		if name != "tls" || len(values) != 1 || values[0] != string(SMTPNone) {
			return SMTP{}, fmt.Errorf("?%s: only ?tls=none is known", query.Encode())
		}
		if s.TLS == SMTPImplicit {
			return SMTP{}, errors.New("?tls=none is for smtp, not for smtps")
		}
		if !private(s.Host) {
			return SMTP{}, fmt.Errorf("?tls=none: only for servers at loopback and private addresses, which %s is not", s.Host)
		}
		s.TLS = SMTPNone
	}
	return s, nil
}

// private tells hosts that no public name leads to: a name without a dot is one
// of the own network, as those of containers are.
func private(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
	}
	return loopback(host) || !strings.Contains(host, ".")
}
