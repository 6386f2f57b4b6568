// Package pgserver runs a private PostgreSQL from the binaries that the machine
// has: no port, no password, no set-up. The server is a child of this process,
// reachable only through a socket in a directory closed to everybody else, and
// it ends when this process ends, however it ends. Linux only.
//
// Below Options.Dir stand
//
//	data/          the database cluster; never deleted, never made anew
//	run/           the socket
//	postgres.log   what the server says
//	lock           held by the process that runs the server
//
// Parents of Dir may be closed to the server's user and paths may be longer
// than a socket address allows (107 bytes, unix(7)): the server is given both
// directories as open descriptors and names them through /proc/self/fd.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Role and database that a new cluster is made with.
const (
	roleName     = "kabar"
	databaseName = "kabar"
)

const socketName = ".s.PGSQL.5432"

// patience is how long a start waits for what should end by itself: a server
// of a killed Kabar, or a command that is using the database.
const patience = 30 * time.Second

// Options say where the server lives and how it is run.
type Options struct {
	Dir    string       // absolute or relative; made when missing
	BinDir string       // folder of initdb and postgres; empty: $KABAR_PG_BIN, then the newest that is installed
	Log    *slog.Logger // nil: silent
	Unsafe bool         // for tests: no fsync, no full page writes, no synchronous commit
	Brief  bool         // a command that will end soon: others wait for it instead of being refused
}

// Server is a running private PostgreSQL, or the attachment to the one that
// another process runs.
type Server struct {
	opts  Options
	lay   layout
	owner owner
	bin   string
	lock  *lock
	data  *os.File
	run   *os.File
	log   *os.File

	first *process
	stop  chan context.Context
	done  chan struct{}
	err   error // set before done is closed
}

// layout holds the paths below Options.Dir.
type layout struct{ dir, data, fresh, run, log, lock string }

func newLayout(dir string) (layout, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, err
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	return layout{dir, in("data"), in("data.new"), in("run"), in("postgres.log"), in("lock")}, nil
}

// Start makes the cluster when there is none, starts the server, waits until it
// answers, and keeps it running until Stop. A *LockedError says that another
// process runs it.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	lay, err := newLayout(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("pgserver: %w", err)
	}
	s := &Server{opts: opts, lay: lay, stop: make(chan context.Context), done: make(chan struct{})}
	if err := s.start(ctx); err != nil {
		s.release()
		return nil, fmt.Errorf("pgserver: %w", err)
	}
	go s.supervise()
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	var err error
	if s.owner, err = ownerOf(s.lay); err != nil {
		return err
	}
	if err := s.owner.makeDir(s.lay.dir); err != nil {
		return err
	}
	if s.lock, err = waitLock(ctx, s.lay.lock, s.opts.Brief, s.owner); err != nil {
		return err
	}
	if s.bin, err = binaries(s.opts.BinDir, s.lay.data); err != nil {
		return err
	}
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if err := s.waitDying(ctx); err != nil {
		return err
	}
	return s.firstRun(ctx)
}

// firstRun starts the server and returns when it takes connections. A server
// that ends before that is not started again: its log tells why.
func (s *Server) firstRun(ctx context.Context) error {
	from := s.logSize()
	p, err := s.launch()
	if err != nil {
		return err
	}
	if err := awaitReady(ctx, s.URL(), p.exited); err != nil {
		p.end(nil)
		if last := s.lastFatal(from); last != "" {
			return fmt.Errorf("start of PostgreSQL: %s (more in %s)", last, s.lay.log)
		}
		return fmt.Errorf("start of PostgreSQL: %w", err)
	}
	s.first = p
	return nil
}

// URL is the connection string of the database. It holds for this process
// only when the path of the socket is too long for others to use.
func (s *Server) URL() string {
	host := s.lay.run
	if len(filepath.Join(host, socketName)) >= 107 {
		host = fmt.Sprintf("/proc/self/fd/%d", s.run.Fd())
	}
	q := url.Values{"host": {host}, "port": {"5432"}, "user": {roleName}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", Path: "/" + databaseName, RawQuery: q.Encode()}).String()
}

// Done is closed when the server is no longer kept running: after Stop, or
// when it ended again and again. Err then tells which.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err is the reason why the server was given up; nil after Stop. Valid once
// Done is closed.
func (s *Server) Err() error { return s.err }

// Stop ends the server: sessions are cut and the data is flushed. When ctx ends
// first the server is told to end at once; it recovers at its next start.
func (s *Server) Stop(ctx context.Context) error {
	select {
	case s.stop <- ctx:
	case <-s.done:
	}
	<-s.done
	return s.err
}

// release gives back what start took, in any state of it.
func (s *Server) release() {
	for _, f := range []*os.File{s.data, s.run, s.log} {
		if f != nil {
			f.Close()
		}
	}
	s.lock.release()
}

var errEnded = errors.New("it ended before it took connections")
