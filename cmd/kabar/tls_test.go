package main_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// TestHTTPS serves with certificates of its own, and with new ones as soon as
// they are there, to servers that speak HTTPS too.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	world, err := aptest.NewWorld(aptest.WorldOptions{TLS: true})
	must(t, err)
	t.Cleanup(world.Close)
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.url = "https://" + h.host
	cert, key, authority := filepath.Join(h.dir, "cert.pem"), filepath.Join(h.dir, "key.pem"), filepath.Join(h.dir, "ca.pem")
	must(t, os.WriteFile(authority, world.AuthorityPEM(), 0o644))
	renew := func() {
		c, k, err := world.Certificate("127.0.0.1")
		must(t, err)
		must(t, os.WriteFile(key, k, 0o600))
		must(t, os.WriteFile(cert, c, 0o644))
	}
	renew()
	h.env = append(h.env, "KABAR_URL="+h.url, "KABAR_TLS_CERT="+cert, "KABAR_TLS_KEY="+key, "SSL_CERT_FILE="+authority)
	h.serve()

	old := leaf(t, h.host, world.Roots())
	renew()
	eventually(t, "the new certificate is in use", func() bool {
		return !bytes.Equal(old.Raw, leaf(t, h.host, world.Roots()).Raw)
	})
	followerIn(t, world, h)
}

func leaf(t *testing.T, host string, roots *x509.CertPool) *x509.Certificate {
	t.Helper()
	conn, err := tls.Dial("tcp", host, &tls.Config{RootCAs: roots})
	must(t, err)
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}
