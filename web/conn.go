package web

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// net/http sends an answer of more than its buffer of 4 KiB in two writes,
// which are two packets and wake the client twice. For a page of the cache,
// one write is worth more than all else, so its connection is told that the
// answer follows at once and complete, and keeps the first write for the next.

// Listen makes a listener whose connections send answers of the cache in one
// write each.
func Listen(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: tcp}, nil
	}
	return c, err
}

// conn is written by one goroutine, and may be closed by any other.
type conn struct {
	*net.TCPConn
	mu      sync.Mutex
	joining bool
	held    []byte
}

// Write keeps what is written while an answer is to be joined; the rest of it
// takes that along.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.joining:
		return c.TCPConn.Write(p)
	case len(c.held) == 0:
		c.held = append(c.held, p...)
		return len(p), nil
	}
	both := net.Buffers{c.held, p}
	_, err := both.WriteTo(c.TCPConn)
	c.held, c.joining = c.held[:0], false
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush sends what is held.
func (c *conn) flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.joining = false
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.TCPConn.Write(c.held)
	c.held = c.held[:0]
	return err
}

// Close sends what is held before.
func (c *conn) Close() error {
	_ = c.flush() // the reader has gone; nobody is left to tell
	return c.TCPConn.Close()
}

type connKey struct{}

// withConn is the hook http.Server.ConnContext: it keeps the connection for
// join.
func withConn(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// join says that the whole answer to the request is written at once.
func join(r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.mu.Lock()
		c.joining = true
		c.mu.Unlock()
	}
}

// answered is the hook http.Server.ConnState: a connection is idle once its
// answer has been written.
func answered(c net.Conn, state http.ConnState) {
	if c, ok := c.(*conn); ok && state == http.StateIdle {
		_ = c.flush() // the next read tells
	}
}
