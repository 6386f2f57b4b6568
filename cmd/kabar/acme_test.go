package main_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
	"kabar/internal/program"
	"kabar/internal/secret"
)

// issued is an issuer of certificates that looks for our names on this machine.
type issued struct {
	directory string
	authority string // file of what certifies the issuer's own address
	roots     *x509.CertPool
}

// newIssuer starts Pebble, the test server of ACME's own makers, with the
// ports where it looks for who says that a name is theirs.
func newIssuer(t *testing.T, tlsAddress, plainAddress string) issued {
	t.Helper()
	for _, name := range []string{"pebble", "pebble-challtestsrv"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is not installed: make pebble")
		}
	}
	world, err := aptest.NewWorld(aptest.WorldOptions{TLS: true})
	must(t, err)
	t.Cleanup(world.Close)
	dir := program.Folder(t)
	cert, key, err := world.Certificate("127.0.0.1")
	must(t, err)
	i := issued{authority: filepath.Join(dir, "ca.pem")}
	must(t, os.WriteFile(i.authority, world.AuthorityPEM(), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "cert.pem"), cert, 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "key.pem"), key, 0o600))
	names, listen, manage := program.FreePort(t), program.FreePort(t), program.FreePort(t)
	settings, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": manage, "certificate": filepath.Join(dir, "cert.pem"),
		"privateKey": filepath.Join(dir, "key.pem"), "httpPort": port(t, plainAddress), "tlsPort": port(t, tlsAddress),
	}})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "pebble.json"), settings, 0o644))
	beside(t, "pebble-challtestsrv", "-dns01", names, "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", program.FreePort(t))
	beside(t, "pebble", "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", names)
	i.directory = "https://" + listen + "/dir"
	i.roots = issuedRoots(t, "https://"+manage+"/roots/0", world.Roots())
	return i
}

func port(t *testing.T, address string) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", address)
	must(t, err)
	return a.Port
}

// beside runs another program for as long as the test.
func beside(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=20")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, &said)
		}
	})
}

// issuedRoots is what the issuer's certificates are to be checked with.
func issuedRoots(t *testing.T, address string, trusted *x509.CertPool) *x509.CertPool {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	var pem []byte
	eventually(t, "the issuer is up", func() bool {
		res, err := client.Get(address)
		if err != nil {
			return false
		}
		defer res.Body.Close()
		pem, err = io.ReadAll(res.Body)
		return err == nil && res.StatusCode == http.StatusOK
	})
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("no root in %s", pem)
	}
	return roots
}

// named returns the certificate that an address shows for a name, nil if it
// shows none that the roots certify.
func named(address, name string, roots *x509.CertPool) (*x509.Certificate, error) {
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: name})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0], nil
}

// TestACME gets a certificate by itself, once for all nodes and starts, for
// its own name and no other.
func TestACME(t *testing.T) {
	t.Parallel()
	const name = "blog.kabar.test"
	database := "KABAR_DATABASE_URL=" + pgtest.URL(t)
	first, second := newHouse(t, database), newHouse(t, database)
	plain := program.FreePort(t)
	issuer := newIssuer(t, first.host, plain)
	settings := []string{
		"KABAR_URL=https://" + name, "KABAR_ACME=1", "KABAR_SECRET_KEY=" + secret.New(), "KABAR_ACME_EMAIL=owner@kabar.test",
		"KABAR_ACME_DIRECTORY=" + issuer.directory, "SSL_CERT_FILE=" + issuer.authority,
	}
	running := first.serve(append(settings, "KABAR_HTTP_LISTEN="+plain)...)
	var got *x509.Certificate
	eventually(t, "there is a certificate", func() bool { // the issuer takes its time; who comes meanwhile may be cut off
		c, err := named(first.host, name, issuer.roots)
		got = c
		return err == nil
	})
	if err := got.VerifyHostname(name); err != nil {
		t.Error(err)
	}
	if c, err := named(first.host, "other.kabar.test", issuer.roots); err == nil {
		t.Errorf("another name gets %v", c.DNSNames)
	}
	leads(t, plain, "https://"+name)

	second.serve(append(settings, "KABAR_HTTP_LISTEN=off")...)
	running.signal(15)
	running.wait()
	first.serve(append(settings, "KABAR_HTTP_LISTEN="+plain)...)
	for _, h := range []*house{first, second} {
		again, err := named(h.host, name, issuer.roots)
		must(t, err)
		if !bytes.Equal(got.Raw, again.Raw) {
			t.Errorf("%s asked for another certificate", h.host)
		}
	}
}

// leads looks where plain HTTP leads to: never to a host that the request names.
func leads(t *testing.T, address, origin string) {
	t.Helper()
	if got := get(t, "http://"+address+"/a/b?c=d"); got.Status != http.StatusMovedPermanently || got.Header.Get("Location") != origin+"/a/b?c=d" {
		t.Errorf("plain HTTP gets %d to %q", got.Status, got.Header.Get("Location"))
	}
	res, err := reader.Post("http://"+address+"/ap/inbox", "application/activity+json", strings.NewReader("{}"))
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a plain POST gets %s", res.Status)
	}
}
