package main

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// door is what the listener serves from its first moment: until the web is
// there it says that Kabar lives and is not ready. The zero value is closed.
type door struct {
	web     atomic.Pointer[http.Server]
	leaving atomic.Bool
}

// open lets requests through to the web, with what it does to connections.
func (d *door) open(web *http.Server) { d.web.Store(web) }

// leave makes load balancers look elsewhere, while requests are still served.
func (d *door) leave() { d.leaving.Store(true) }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	web := d.web.Load()
	switch {
	case web != nil && !(d.leaving.Load() && r.URL.Path == "/readyz"):
		web.Handler.ServeHTTP(w, r)
	case r.URL.Path == "/livez":
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte("live\n")) // whoever asked has gone
	default:
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", "2")
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}
}

func (d *door) connContext(ctx context.Context, c net.Conn) context.Context {
	if web := d.web.Load(); web != nil && web.ConnContext != nil {
		return web.ConnContext(ctx, c)
	}
	return ctx
}

func (d *door) connState(c net.Conn, state http.ConnState) {
	if web := d.web.Load(); web != nil && web.ConnState != nil {
		web.ConnState(c, state)
	}
}
