//go:build !linux

package web

import (
	"context"
	"net"
	"net/http"
)

// Other systems have no TCP_CORK.

func withSocket(ctx context.Context, _ net.Conn) context.Context { return ctx }

func cork(*http.Request) {}

func uncork(net.Conn, http.ConnState) {}
