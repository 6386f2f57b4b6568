package web

import (
	"context"
	"net"
	"net/http"
	"syscall"
)

// net/http sends an answer of more than its buffer of 4 KiB in two writes,
// which are two packets and wake the client twice. A corked socket joins them
// (tcp(7), TCP_CORK); for a page of the cache this is worth more than all
// else. The cork is pulled when the answer is complete; were that missed, the
// kernel would send what waits after 200 ms.

type socketKey struct{}

// withSocket keeps the socket of a plain connection for cork.
func withSocket(ctx context.Context, c net.Conn) context.Context {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return ctx
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, socketKey{}, raw)
}

// cork holds back what is written until the answer is complete.
func cork(r *http.Request) {
	if raw, ok := r.Context().Value(socketKey{}).(syscall.RawConn); ok {
		setCork(raw, 1)
	}
}

// uncork is the ConnState hook: a connection is idle once its answer has been
// written.
func uncork(c net.Conn, state http.ConnState) {
	if state != http.StateIdle {
		return
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		if raw, err := tcp.SyscallConn(); err == nil {
			setCork(raw, 0)
		}
	}
}

func setCork(raw syscall.RawConn, on int) {
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CORK, on) // only slower without
	})
}
