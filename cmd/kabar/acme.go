package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"kabar/internal/blog"
	"kabar/internal/config"
)

// issuer gets certificates by ACME (RFC 8555) at the start, or when somebody
// comes for a name of ours that has none, and new ones before they end. All
// nodes share them, and answer the issuer's questions for each other.
type issuer struct {
	*autocert.Manager
	kept *certificates
	log  *slog.Logger
	host string // of the blog
}

// newIssuer makes one that waits for open, as the listener is there before the
// database is.
func newIssuer(c config.Config, log *slog.Logger) *issuer {
	kept := &certificates{ready: make(chan struct{})}
	origin, _ := url.Parse(c.URL) // Validate has read it
	return &issuer{kept: kept, log: log, host: origin.Hostname(), Manager: &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: kept, Email: c.ACMEEmail,
		HostPolicy: autocert.HostWhitelist(names(origin.Hostname(), c.HandleDomain)...),
		Client:     &acme.Client{DirectoryURL: c.ACMEDirectory, UserAgent: userAgent(c.URL)},
	}}
}

func names(host, handles string) []string {
	if handles == "" {
		return []string{host}
	}
	u := url.URL{Host: handles}
	return []string{host, u.Hostname()}
}

func (i *issuer) config() *tls.Config {
	c := i.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	return c
}

// open lets it work, with what is kept in the store.
func (i *issuer) open(store certificateStore) {
	i.kept.store = store
	close(i.kept.ready)
	go i.prepare()
}

// prepare gets the certificate before the first visitor comes, who would be
// cut off as a slow one while the issuer takes its time. The issuer's client
// ends it after some minutes.
func (i *issuer) prepare() {
	_, err := i.GetCertificate(&tls.ClientHelloInfo{
		ServerName: i.host, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // as all clients have it
	})
	if err != nil {
		i.log.Warn("no certificate yet: does the name lead here, and are ports 443 and 80 open? The next visitor makes Kabar ask again", "name", i.host, "error", err)
	}
}

// certificateStore keeps what an issuer gave, and the keys to it.
type certificateStore interface {
	// Certificate returns blog.ErrNotFound if there is none of the name.
	Certificate(ctx context.Context, name string) ([]byte, error)
	SaveCertificate(ctx context.Context, name string, data []byte) error
	DeleteCertificate(ctx context.Context, name string) error
}

// certificates is the autocert.Cache of all nodes.
type certificates struct {
	ready chan struct{} // closed when store is set
	store certificateStore
}

// wait returns when the database is there, or ctx ends.
func (c *certificates) wait(ctx context.Context) error {
	select {
	case <-c.ready:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Get implements autocert.Cache.
func (c *certificates) Get(ctx context.Context, name string) ([]byte, error) {
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	data, err := c.store.Certificate(ctx, name)
	if errors.Is(err, blog.ErrNotFound) {
		return nil, autocert.ErrCacheMiss
	}
	return data, err
}

// Put implements autocert.Cache.
func (c *certificates) Put(ctx context.Context, name string, data []byte) error {
	if err := c.wait(ctx); err != nil {
		return err
	}
	return c.store.SaveCertificate(ctx, name, data)
}

// Delete implements autocert.Cache.
func (c *certificates) Delete(ctx context.Context, name string) error {
	if err := c.wait(ctx); err != nil {
		return err
	}
	return c.store.DeleteCertificate(ctx, name)
}

// leadTo answers plain HTTP with the same page of the origin, whatever host
// was asked for.
func leadTo(origin string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use "+origin, http.StatusBadRequest) // what it carries has been read by others already
			return
		}
		http.Redirect(w, r, origin+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}
