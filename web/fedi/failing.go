package fedi

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"

	"kabar/web/page"
)

const (
	failEvery = time.Second // on average
	failBurst = 300
	failers   = 10_000 // addresses remembered
)

// failing bounds how often requests of one address may fail to prove who
// sends them: each can make us fetch a key, from wherever it names. Whoever
// proves it is counted by that, and not here. The zero value is ready for use.
type failing struct {
	once  sync.Once
	known *otter.Cache[netip.Addr, *rate.Limiter]
}

// bounded answers 429 to an address that failed too often.
func (f *failing) bounded(next http.Handler) http.Handler {
	f.once.Do(func() {
		f.known = otter.Must(&otter.Options[netip.Addr, *rate.Limiter]{
			MaximumSize: failers, ExpiryCalculator: otter.ExpiryAccessing[netip.Addr, *rate.Limiter](failBurst * failEvery),
		})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		addr, counts := page.Counted(page.ClientAddr(r))
		if !counts {
			next.ServeHTTP(w, r)
			return
		}
		if limiter, ok := f.known.GetIfPresent(addr); ok && limiter.Tokens() < 1 {
			w.Header().Set("Retry-After", strconv.Itoa(int(failEvery/time.Second)))
			http.Error(w, "too many requests that prove nothing", http.StatusTooManyRequests)
			return
		}
		seen := &page.Witness{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		if seen.Status == http.StatusUnauthorized {
			f.count(addr)
		}
	})
}

func (f *failing) count(addr netip.Addr) {
	limiter, _ := f.known.ComputeIfAbsent(addr, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Every(failEvery), failBurst), false
	})
	limiter.Allow()
}
