package page

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// braked is how many keys a Brake remembers.
const braked = 10_000

// Brake bounds how often each of many does what costs us or others: Burst at
// once, then one in Every. Its memory is bounded. Set the fields before use.
type Brake struct {
	Every time.Duration
	Burst int

	once  sync.Once
	known *otter.Cache[string, *rate.Limiter]
}

// TooOften is answered with 429.
type TooOften struct{ Wait time.Duration }

func (e TooOften) Error() string { return fmt.Sprintf("too many requests: wait %s", e.Wait) }

// RetryAfter is the wait, for the header of that name.
func (e TooOften) RetryAfter() time.Duration { return e.Wait }

// Pass counts one more of a key; the error is a TooOften.
func (b *Brake) Pass(key string) error {
	limiter, _ := b.memory().ComputeIfAbsent(key, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Every(b.Every), b.Burst), false
	})
	if !limiter.Allow() {
		return TooOften{b.Every}
	}
	return nil
}

// PassFrom is Pass for an address, or for the network that it speaks for.
func (b *Brake) PassFrom(addr netip.Addr) error {
	addr, _ = Counted(addr)
	return b.Pass(addr.String())
}

// Full tells whether a key could not pass now, and counts nothing.
func (b *Brake) Full(key string) error {
	if limiter, ok := b.memory().GetIfPresent(key); ok && limiter.Tokens() < 1 {
		return TooOften{b.Every}
	}
	return nil
}

func (b *Brake) memory() *otter.Cache[string, *rate.Limiter] {
	b.once.Do(func() {
		b.known = otter.Must(&otter.Options[string, *rate.Limiter]{
			MaximumSize: braked, ExpiryCalculator: otter.ExpiryAccessing[string, *rate.Limiter](time.Duration(b.Burst) * b.Every),
		})
	})
	return b.known
}
