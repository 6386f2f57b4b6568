package aptest

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"kabar/activitypub"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
)

// KeyDocument is what a server has at the id of a key.
type KeyDocument int

// The three kinds that are met.
const (
	WholeActor KeyDocument = iota // the key is a fragment of the actor's id, as at Mastodon
	StubActor                     // an actor with little but its key, as at GoToSocial
	BareKey                       // nothing but the key
)

// Options are the settings of one server. The zero value is a server like
// Mastodon: draft-cavage signatures, a shared inbox, documents for everybody.
type Options struct {
	// Addr is the loopback address to listen on; "" is a host of its own.
	Addr string
	// Host is host[:port] in its ids, where something stands before the server
	// or a name leads to it; "" is the address that it listens on.
	Host string
	// Kind is how its people sign, Cavage if empty.
	Kind httpsig.Kind
	// Understands are the kinds of signature that it verifies; to any other it
	// answers 401. Empty is both.
	Understands []httpsig.Kind
	// AuthorizedFetch answers 401 to unsigned requests for documents.
	AuthorizedFetch bool
	// KeyDocument is what stands at the id of a key.
	KeyDocument KeyDocument
	// OwnInboxes leaves out the shared inbox.
	OwnInboxes bool
	// Software is what NodeInfo says, "aptest" if empty.
	Software string
}

// Server is one server of the fediverse.
type Server struct {
	world    *World
	options  Options
	origin   string
	http     *http.Server
	client   *client.Client
	instance *account
	serial   atomic.Int64 // of the ids
	opened   atomic.Int64 // connections
	asked    atomic.Int64 // requests for documents
	load     load
	recorder

	mu         sync.Mutex // over what follows
	accounts   map[string]*account
	documents  map[string]document // by path
	sent       map[string]*Sent    // by the id of the object
	requests   map[string]int      // by path
	behaviours []*Behaviour
	targets    map[string]target // by the id of an actor or object elsewhere

	collections map[string]Collection // by path
	replies     map[string][]string   // of notes, by their id
}

// Start adds a server to the world.
func (w *World) Start(o Options) (*Server, error) {
	s := &Server{
		world: w, options: o,
		accounts: map[string]*account{}, documents: map[string]document{}, sent: map[string]*Sent{},
		requests: map[string]int{}, targets: map[string]target{},
		collections: map[string]Collection{}, replies: map[string][]string{},
	}
	if s.options.Addr == "" {
		s.options.Addr = w.newAddress()
	}
	if s.options.Kind == "" {
		s.options.Kind = httpsig.Cavage
	}
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("aptest: start: %w", err)
	}
	s.instance = s.newAccount("actor", "Application")
	s.client = client.New(client.Options{
		UserAgent: "aptest", AllowPrivate: true, RootCAs: w.roots, Now: w.options.Now,
		Signer: func(context.Context) (httpsig.Signer, error) { return s.instance.signer() },
	})
	w.mu.Lock()
	w.servers = append(w.servers, s)
	w.mu.Unlock()
	return s, nil
}

func (s *Server) listen() error {
	listener, err := net.Listen("tcp", s.options.Addr)
	if err != nil {
		return err
	}
	host := or(s.options.Host, listener.Addr().String())
	s.origin = "http://" + host
	if s.world.options.TLS {
		certificate, err := s.world.authority.issueTLS(listener.Addr().(*net.TCPAddr).IP.String())
		if err != nil {
			listener.Close()
			return err
		}
		s.origin = "https://" + host
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}})
	}
	s.http = &http.Server{
		Handler:  s.handler(),
		ErrorLog: log.New(io.Discard, "", 0), // broken connections are part of the play
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				s.opened.Add(1)
			}
		},
	}
	go s.http.Serve(listener) //nolint:errcheck // ends with Close
	return nil
}

// Close stops the server at once. Who hangs on it gets a reset.
func (s *Server) Close() {
	s.http.Close()
	if s.client != nil {
		s.client.CloseIdle()
	}
}

// URL is the origin, without a slash at the end.
func (s *Server) URL() string { return s.origin }

// SharedInbox is the address of the inbox that its people share, or "".
func (s *Server) SharedInbox() string {
	if s.options.OwnInboxes {
		return ""
	}
	return s.origin + "/inbox"
}

// Connections returns how many connections were ever opened to the server.
func (s *Server) Connections() int { return int(s.opened.Load()) }

// Requests returns how often a path was asked for, by whatever method.
func (s *Server) Requests(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[path]
}

// Fetch reads an object the way a server does, signed by the instance actor.
func (s *Server) Fetch(ctx context.Context, id string) (*activitypub.Object, error) {
	o, _, err := s.client.Fetch(ctx, id)
	return o, err
}

// Resolve returns the id of the actor behind user@host.
func (s *Server) Resolve(ctx context.Context, handle string) (string, error) {
	return s.client.Resolve(ctx, handle)
}

// nextID makes an id below the server, such as {origin}/activities/7.
func (s *Server) nextID(folder string) string {
	return fmt.Sprintf("%s/%s/%d", s.origin, folder, s.serial.Add(1))
}
