package aptest

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"sync"
	"time"

	"kabar/activitypub/httpsig"
)

// WorldOptions are the settings that all servers of a world share.
type WorldOptions struct {
	// TLS makes the servers speak https with certificates of the world's own
	// authority.
	TLS bool
	// Trust is a further authority to be trusted when the servers call out, in
	// PEM: that of the server under test.
	Trust []byte
	// SharedKey gives all people one key. Making a thousand takes minutes.
	SharedKey bool
	// SkipVerify takes every activity without reading it, for benchmarks of the
	// sender; Received.Activity stays nil.
	SkipVerify bool
	// Now is the clock of signatures and of "published"; nil is time.Now.
	Now func() time.Time
}

// World is a number of servers. Close it when done.
type World struct {
	options   WorldOptions
	authority *authority
	roots     *x509.CertPool
	sharedKey func() (crypto.Signer, error)
	learned   keyring
	outgoing  *http.Client
	total     broadcast

	mu      sync.Mutex
	servers []*Server
	count   int // servers ever started
	got     int // activities received by all of them
}

// NewWorld makes an empty world.
func NewWorld(o WorldOptions) (*World, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	a, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("aptest: authority: %w", err)
	}
	w := &World{options: o, authority: a, roots: x509.NewCertPool(), sharedKey: sync.OnceValues(newKey)}
	w.roots.AppendCertsFromPEM(a.pem)
	w.roots.AppendCertsFromPEM(o.Trust)
	w.outgoing = &http.Client{
		Transport: &http.Transport{
			TLSClientConfig:     &tls.Config{RootCAs: w.roots},
			MaxIdleConnsPerHost: 64,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w, nil
}

// Close stops all servers and waits for their connections to end.
func (w *World) Close() {
	w.mu.Lock()
	servers := w.servers
	w.servers = nil
	w.mu.Unlock()
	for _, s := range servers {
		s.Close()
	}
	w.outgoing.CloseIdleConnections()
}

// Servers returns the servers in the order of their start.
func (w *World) Servers() []*Server {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*Server(nil), w.servers...)
}

// AuthorityPEM returns the certificate of the authority that signs for the
// servers. A program under test trusts it by SSL_CERT_FILE.
func (w *World) AuthorityPEM() []byte { return w.authority.pem }

// Roots returns the authorities that the world trusts.
func (w *World) Roots() *x509.CertPool { return w.roots }

// Certificate makes a certificate and its key, in PEM, for host names and IP
// addresses, so that a server under test can speak https too.
func (w *World) Certificate(hosts ...string) (certificate, key []byte, err error) {
	return w.authority.issuePEM(hosts...)
}

// Received returns how many activities all servers have received.
func (w *World) Received() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got
}

// Wait returns when all servers together have received n activities.
func (w *World) Wait(ctx context.Context, n int) error {
	err := w.total.until(ctx, func() bool { return w.Received() >= n })
	if err != nil {
		return fmt.Errorf("aptest: %d of %d activities received: %w", w.Received(), n, err)
	}
	return nil
}

func (w *World) received() {
	w.mu.Lock()
	w.got++
	w.mu.Unlock()
	w.total.changed()
}

// newAddress returns the next loopback host with any free port: 127.1.0.1 and
// on, so that each server is a host of its own.
func (w *World) newAddress() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	return fmt.Sprintf("127.1.%d.%d:0", w.count/250, w.count%250+1)
}

// newKey makes the key of a person.
func (w *World) newKey() (crypto.Signer, error) {
	if w.options.SharedKey {
		return w.sharedKey()
	}
	return newKey()
}

func newKey() (crypto.Signer, error) { return httpsig.GenerateRSA() }
