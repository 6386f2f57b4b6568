package site

import (
	"cmp"
	"net/netip"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

const (
	askEvery = 3 * time.Second // on average
	askBurst = 20
	askers   = 10_000 // addresses remembered
)

// brake bounds how often one address makes us do what costs us or others. Its
// zero value is for asking other servers.
type brake struct {
	every time.Duration // on average; 0 = askEvery
	burst int           // 0 = askBurst

	once  sync.Once
	known *otter.Cache[netip.Addr, *rate.Limiter]
}

// braked is answered with 429.
type braked struct{ wait time.Duration }

func (braked) Error() string { return "too many requests of one address" }

// RetryAfter is the wait, for the header of that name.
func (b braked) RetryAfter() time.Duration { return b.wait }

func (b *brake) pass(addr netip.Addr) error {
	every, burst := cmp.Or(b.every, askEvery), cmp.Or(b.burst, askBurst)
	b.once.Do(func() {
		b.known = otter.Must(&otter.Options[netip.Addr, *rate.Limiter]{
			MaximumSize: askers, ExpiryCalculator: otter.ExpiryAccessing[netip.Addr, *rate.Limiter](time.Duration(burst) * every),
		})
	})
	if addr.Is6() { // who has one address of a network has them all
		network, _ := addr.Prefix(64) // 64 is in range
		addr = network.Addr()
	}
	limiter, _ := b.known.ComputeIfAbsent(addr, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Every(every), burst), false
	})
	if !limiter.Allow() {
		return braked{every}
	}
	return nil
}
