package page

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"kabar/internal/auth"
)

// who is what the server found out about a request.
type who struct {
	id      string
	addr    netip.Addr
	session bool // the session is loaded
	shows   []string
}

type whoKey struct{}

// WithRequest notes the id of a request and where it comes from. The server
// does it, before any handler.
func WithRequest(ctx context.Context, id string, addr netip.Addr) context.Context {
	return context.WithValue(ctx, whoKey{}, &who{id: id, addr: addr})
}

func of(r *http.Request) *who {
	if w, ok := r.Context().Value(whoKey{}).(*who); ok {
		return w
	}
	return &who{}
}

// RequestIDHeader tells the client the id of its request.
const RequestIDHeader = "X-Request-Id"

// RequestID names the request in logs and on error pages.
func RequestID(r *http.Request) string { return of(r).id }

// ClientAddr is the address of the client, seen through trusted proxies.
func ClientAddr(r *http.Request) netip.Addr { return of(r).addr }

// Client is who asks, for package auth.
func Client(r *http.Request) auth.Client {
	return auth.Client{Addr: ClientAddr(r), Agent: r.UserAgent()}
}

// Forwarded finds the address of the client. Each proxy appends to
// X-Forwarded-For whom it was asked by, so it is read from its end for as long
// as the one who wrote it is trusted.
func Forwarded(r *http.Request, trusts func(netip.Addr) bool) netip.Addr {
	addr := remote(r.RemoteAddr)
	if trusts == nil || !trusts(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && addr.IsValid() && trusts(addr); i-- {
		hop := remote(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		addr = hop
	}
	return addr
}

// remote reads an address with or without a port.
func remote(text string) netip.Addr {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap()
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// Sender names where a request comes from by its address; "" for those that are
// not counted.
func Sender(r *http.Request) string {
	if addr, counts := Counted(ClientAddr(r)); counts {
		return addr.String()
	}
	return ""
}

// Counted is the address that stands for a client where requests are counted by
// it, and whether they are: one of this machine or its network is a proxy that
// the settings do not name, and everybody is behind it.
func Counted(addr netip.Addr) (netip.Addr, bool) {
	if !addr.IsGlobalUnicast() || addr.IsPrivate() {
		return addr, false
	}
	return auth.Counted(addr), true
}
