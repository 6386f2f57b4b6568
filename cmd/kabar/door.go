package main

import (
	"net/http"
	"sync/atomic"
)

// door is what the listener serves from its first moment: until the web is
// there it says that Kabar lives and is not ready. The zero value is closed.
type door struct {
	web     atomic.Pointer[http.Handler]
	leaving atomic.Bool
}

// open lets requests through to the web.
func (d *door) open(web http.Handler) { d.web.Store(&web) }

// leave makes load balancers look elsewhere, while requests are still served.
func (d *door) leave() { d.leaving.Store(true) }

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	web := d.web.Load()
	switch {
	case web != nil && !(d.leaving.Load() && r.URL.Path == "/readyz"):
		(*web).ServeHTTP(w, r)
	case r.URL.Path == "/livez":
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte("ok\n")) // whoever asked has gone
	default:
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", "2")
		http.Error(w, "not ready", http.StatusServiceUnavailable)
	}
}
