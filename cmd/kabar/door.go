package main

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// door is what the listener serves from its first moment: until the web is
// there it says that Kabar lives and is not ready. Make it with newDoor.
type door struct {
	web     atomic.Pointer[http.Server]
	opened  chan struct{} // closed once web is there
	leaving atomic.Bool
}

// doorTime is how long a request waits at a closed door that a proxy may not
// send to another node: it has a body, which might be acted upon twice.
const doorTime = 10 * time.Second

func newDoor() door { return door{opened: make(chan struct{})} }

// open lets requests through to the web, with what it does to connections.
func (d *door) open(web *http.Server) {
	d.web.Store(web)
	close(d.opened)
}

// leave makes load balancers look elsewhere, while requests are still served:
// each answer is the last on its connection.
func (d *door) leave() { d.leaving.Store(true) }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	web := d.web.Load()
	if web == nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
		d.await(r.Context())
		web = d.web.Load()
	}
	leaving := d.leaving.Load()
	if leaving {
		w.Header().Set("Connection", "close")
	}
	switch {
	case web != nil && !(leaving && r.URL.Path == "/readyz"):
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

// await returns when the door is open, or was closed for too long.
func (d *door) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, doorTime)
	defer cancel()
	select {
	case <-d.opened:
	case <-ctx.Done():
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
