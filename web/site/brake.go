package site

import (
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

// brake bounds how often one address makes us ask other servers.
type brake struct {
	once  sync.Once
	known *otter.Cache[netip.Addr, *rate.Limiter]
}

// braked is answered with 429.
type braked struct{}

func (braked) Error() string { return "too many look-ups of other servers" }

// RetryAfter is the wait, for the header of that name.
func (braked) RetryAfter() time.Duration { return askEvery }

func (b *brake) pass(addr netip.Addr) error {
	b.once.Do(func() {
		b.known = otter.Must(&otter.Options[netip.Addr, *rate.Limiter]{
			MaximumSize: askers, ExpiryCalculator: otter.ExpiryAccessing[netip.Addr, *rate.Limiter](askBurst * askEvery),
		})
	})
	if addr.Is6() { // who has one address of a network has them all
		network, _ := addr.Prefix(64) // 64 is in range
		addr = network.Addr()
	}
	limiter, _ := b.known.ComputeIfAbsent(addr, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Every(askEvery), askBurst), false
	})
	if !limiter.Allow() {
		return braked{}
	}
	return nil
}
