package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"kabar/web/page"
)

// outside asks as anybody would, and follows no redirect. What is large is
// announced first, and sent only to who wants it.
var outside = &http.Client{
	Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, ExpectContinueTimeout: 5 * time.Second},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// announced is the size of a body that is announced, in bytes.
const announced = 1 << 20

// seen is an answer, without what is in it.
type seen struct {
	StatusCode int
	Status     string
	Header     http.Header
	TLS        *tls.ConnectionState
}

// probe sends one request to a path of the origin.
func (d *doctor) probe(ctx context.Context, method, path, kind string, body []byte) (seen, error) {
	r, err := http.NewRequestWithContext(ctx, method, d.site.Origin+path, bytes.NewReader(body))
	if err != nil {
		return seen{}, err
	}
	r.Header.Set("User-Agent", userAgent(d.site.Origin))
	header := "Accept"
	if body != nil {
		header = "Content-Type"
	}
	r.Header.Set(header, kind)
	if len(body) > announced {
		r.Header.Set("Expect", "100-continue")
	}
	res, err := outside.Do(r)
	if err != nil {
		return seen{}, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return seen{res.StatusCode, res.Status, res.Header, res.TLS}, err
}

// ours tells whether Kabar itself answered: all that it says has a number.
func ours(res seen) bool { return res.Header.Get(page.RequestIDHeader) != "" }

// inFront names who answered in Kabar's place.
func inFront(res seen) string {
	if name := res.Header.Get("Server"); name != "" {
		return name + " in front of Kabar"
	}
	return "something in front of Kabar"
}

// checkName dials every address that the name leads to: a browser tries the
// next one, and many servers do not.
func (d *doctor) checkName(ctx context.Context) (string, error) {
	u, err := url.Parse(d.site.Origin)
	if err != nil {
		return "", err
	}
	addrs, err := d.config.Names().LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return "", fmt.Errorf("%s leads nowhere: add an A record for this machine where the domain is managed (%w)", u.Hostname(), err)
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	for _, addr := range addrs {
		err := dial(ctx, addr.Unmap(), port)
		if errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) {
			continue // this machine has no such network, and cannot tell
		}
		if err != nil {
			return "", fmt.Errorf("%s leads to %s, where nothing answers: let the proxy or Kabar listen there, or remove that record; "+
				"servers that try it first cannot reach the blog (%w)", u.Hostname(), addr, err)
		}
	}
	return fmt.Sprintf("%s leads to %v", u.Hostname(), addrs), nil
}

func dial(ctx context.Context, addr netip.Addr, port string) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), port))
	if err != nil {
		return err
	}
	return conn.Close()
}

// longCertificate is when those who renew certificates by themselves have done so.
const longCertificate = 7 * 24 * time.Hour

// checkOrigin asks the public address as anybody would.
func (d *doctor) checkOrigin(ctx context.Context) (string, error) {
	res, err := d.probe(ctx, http.MethodGet, "/readyz", "*/*", nil)
	switch {
	case err != nil:
		return "", d.unanswered(err)
	case res.StatusCode == http.StatusMovedPermanently || res.StatusCode == http.StatusFound || res.StatusCode == http.StatusPermanentRedirect:
		return "", fmt.Errorf("%s leads to %s: set KABAR_URL to the address that answers, or end the redirect", d.site.Origin, res.Header.Get("Location"))
	case res.StatusCode != http.StatusOK:
		return "", fmt.Errorf("%s/readyz answers %s: the log of kabar serve says why; 502 and 504 mean that the proxy does not reach KABAR_LISTEN",
			d.site.Origin, res.Status)
	case res.TLS == nil:
		return "answers", nil
	}
	left := time.Until(res.TLS.PeerCertificates[0].NotAfter)
	if left < longCertificate {
		return "", fmt.Errorf("the certificate ends in %s: look at the log of who renews it, and whether the new files are taken up", left.Round(time.Hour))
	}
	return fmt.Sprintf("answers over TLS; the certificate holds %d days", int(left.Hours()/24)), nil
}

// unanswered says what a failed request to the origin means.
func (d *doctor) unanswered(err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var ended x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("nobody trusts the certificate of %s: serve the whole chain (fullchain.pem, not cert.pem), from an issuer that others know (%w)", d.site.Origin, err)
	case errors.As(err, &name):
		return fmt.Errorf("the certificate is for another name: get one for the name in KABAR_URL (%w)", err)
	case errors.As(err, &ended):
		return fmt.Errorf("the certificate does not hold: renew it (%w)", err)
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return fmt.Errorf("%s does not speak TLS: serve HTTPS there, by a proxy or KABAR_ACME=1 (%w)", d.site.Origin, err)
	}
	return fmt.Errorf("%s does not answer: is kabar serve running, and the proxy in front of it, and does the firewall let both ports in? (%w)", d.site.Origin, err)
}
