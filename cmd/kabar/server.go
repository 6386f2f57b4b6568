package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"kabar/internal/config"
	"kabar/internal/metrics"
	"kabar/internal/pgserver"
	"kabar/web"
)

// server is a node with its listeners.
type server struct {
	*node
	metrics   *metrics.Metrics
	door      door
	acme      *issuer // nil unless Kabar gets its certificates itself
	listeners []*listener
	failed    chan error // of a listener
}

// listener is an open address and what serves on it.
type listener struct {
	net.Listener
	http *http.Server
}

// startServer returns when everything is up. The address is open before the
// database is, so that whoever asks meanwhile hears that Kabar lives and is
// not ready. roots are trusted instead of the machine's own; nil = those.
func startServer(ctx context.Context, c config.Config, log *slog.Logger, roots *x509.CertPool) (_ *server, err error) {
	s := &server{metrics: metrics.New(version()), door: newDoor(), failed: make(chan error, 3)}
	defer func() {
		if err != nil {
			s.stop(log)
		}
	}()
	listening := s.listen(c, log)
	a, err := openApp(ctx, c, log, pgserver.Start)
	if err != nil {
		// That the directory is taken says more than that the port is.
		return nil, err
	}
	s.node = &node{app: a, metrics: s.metrics}
	if listening != nil {
		return nil, listening
	}
	if err := a.checkIdentity(ctx); err != nil {
		return nil, err
	}
	if c.AllowPrivate {
		log.Warn("KABAR_ALLOW_PRIVATE_ADDRESSES is set: anybody can make Kabar reach addresses of this machine and its network")
	}
	if err := a.checkMedia(ctx); err != nil {
		return nil, err
	}
	if err := s.wire(ctx, roots); err != nil {
		return nil, err
	}
	if err := s.start(ctx); err != nil {
		return nil, err
	}
	if s.acme != nil {
		s.acme.open(s.store)
	}
	s.door.open(s.web().HTTP())
	return s, nil
}

// listen opens what the role asks for.
func (s *server) listen(c config.Config, log *slog.Logger) error {
	if c.Role.Serves() {
		h := web.NewHTTP(&s.door, log)
		h.ConnContext, h.ConnState = s.door.connContext, s.door.connState
		h.TLSConfig = s.tls(c, log)
		if err := s.serve("KABAR_LISTEN", c.Listen, h); err != nil {
			return err
		}
		if err := s.listenPlain(c, log); err != nil {
			return err
		}
	}
	if c.MetricsListen == "" {
		return nil
	}
	return s.serve("KABAR_METRICS_LISTEN", c.MetricsListen, web.NewHTTP(s.metrics.Handler(c.Profiles), log))
}

// tls is how the listener for readers encrypts, nil if it does not.
func (s *server) tls(c config.Config, log *slog.Logger) *tls.Config {
	switch {
	case c.ACME:
		s.acme = newIssuer(c, log)
		return s.acme.config()
	case c.TLSCert != "":
		return (&certificate{cert: c.TLSCert, key: c.TLSKey, log: log}).config()
	}
	return nil
}

// listenPlain leads who comes without encryption to the origin.
func (s *server) listenPlain(c config.Config, log *slog.Logger) error {
	if c.PlainListen() == "" {
		return nil
	}
	h := leadTo(c.URL)
	if s.acme != nil {
		h = s.acme.HTTPHandler(h)
	}
	return s.serve("KABAR_HTTP_LISTEN", c.PlainListen(), web.NewHTTP(h, log))
}

func (s *server) serve(setting, address string, h *http.Server) error {
	l, err := listen(setting, address)
	if err != nil {
		return err
	}
	l = web.Listen(l)
	s.listeners = append(s.listeners, &listener{l, h})
	go func() {
		accept := func() error { return h.Serve(l) }
		if h.TLSConfig != nil {
			accept = func() error { return h.ServeTLS(l, "", "") }
		}
		if err := accept(); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("%s: %w", setting, err)
		}
	}()
	return nil
}

// address is where readers are served, "" if they are not.
func (s *server) address() string {
	if !s.config.Role.Serves() {
		return ""
	}
	return s.listeners[0].Addr().String()
}

// wait returns when ctx ends, or with what makes going on useless.
func (s *server) wait(ctx context.Context) error {
	var gone <-chan struct{} // never, if the database is somebody else's
	if s.database != nil {
		gone = s.database.Done()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	case <-gone:
		return s.database.Err()
	}
}

const (
	drainTime = 20 * time.Second // for requests in flight
	haltTime  = 20 * time.Second // for jobs in hand
	closeTime = 30 * time.Second // for the database to write everything
)

// depart tells load balancers to look elsewhere, and serves on until they have
// had the time that the settings give them.
func (s *server) depart() {
	s.door.leave()
	if s.config.Role.Serves() {
		<-time.After(s.config.DrainDelay)
	}
}

// stop ends what startServer began, however far it came, in order: nobody new
// is let in, requests in flight are answered, work in hand is finished, then
// the database goes.
func (s *server) stop(log *slog.Logger) {
	s.door.leave()
	if s.node != nil {
		s.closeOpen()
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	for _, l := range s.listeners {
		if err := l.http.Shutdown(drain); err != nil {
			log.Warn("requests were cut off", "error", err)
			_ = l.http.Close() // it was shut down as far as it could be
		}
	}
	if s.node == nil {
		return
	}
	if s.jobs != nil {
		halt, cancel := context.WithTimeout(context.Background(), haltTime)
		defer cancel()
		s.halt(halt)
	}
	end, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	s.close(end)
}
