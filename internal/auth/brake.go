package auth

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/maypok86/otter/v2"
)

const (
	freeTries = 5                // in a row, before there is a wait
	firstWait = 10 * time.Second // doubles with every further try
	// An account's name is no secret: whoever knows it must not be able to
	// shut its owner out for long.
	maxWaitName    = time.Minute
	maxWaitAddress = time.Hour
	forgetAfter    = 24 * time.Hour // since the last try
)

// Braked says that there were too many wrong tries, and how long to wait.
type Braked struct{ Wait time.Duration }

func (e *Braked) Error() string {
	return fmt.Sprintf("too many tries: wait %v", e.Wait.Round(time.Second))
}

// RetryAfter is the wait, for the header of that name.
func (e *Braked) RetryAfter() time.Duration { return e.Wait }

// brake slows the guessing of passwords down: by account and by address.
type brake struct {
	now   func() time.Time
	tries *otter.Cache[string, tries]
}

type tries struct {
	count int
	until time.Time // no other try before
}

func newBrake(now func() time.Time) *brake {
	return &brake{now: now, tries: otter.Must(&otter.Options[string, tries]{
		MaximumSize:      20_000,
		ExpiryCalculator: otter.ExpiryWriting[string, tries](forgetAfter),
	})}
}

// try counts a try before its outcome is known, so that many at once do not
// slip through, and returns how many there were in a row for the name. The
// error is a *Braked.
func (b *brake) try(name string, from netip.Addr) (tries int, err error) {
	most := maxWaitAddress
	if !from.IsGlobalUnicast() || from.IsPrivate() {
		// It may be that of a proxy that the settings do not name: everybody
		// is behind it.
		most = maxWaitName
	}
	if _, err := b.count(addressKey(from), most); err != nil {
		return 0, err
	}
	return b.count(nameKey(name), maxWaitName)
}

// count counts a try at what key names. The error is a *Braked, whose wait
// grows to most.
func (b *brake) count(key string, most time.Duration) (tried int, err error) {
	now := b.now()
	var wait time.Duration
	b.tries.Compute(key, func(t tries, _ bool) (tries, otter.ComputeOp) {
		if wait = t.until.Sub(now); wait > 0 {
			return t, otter.CancelOp
		}
		wait = 0
		if t.count++; t.count >= freeTries {
			t.until = now.Add(min(firstWait<<min(t.count-freeTries, 16), most))
		}
		tried = t.count
		return t, otter.WriteOp
	})
	if wait > 0 {
		return 0, &Braked{Wait: wait}
	}
	return tried, nil
}

// clear forgets the tries at what key names.
func (b *brake) clear(key string) { b.tries.Invalidate(key) }

// forgive forgets the tries of somebody who then knew the password.
func (b *brake) forgive(name string, from netip.Addr) {
	b.tries.Invalidate(addressKey(from))
	b.tries.Invalidate(nameKey(name))
}

func nameKey(name string) string { return "name " + strings.ToLower(name) }

func addressKey(addr netip.Addr) string { return "from " + Counted(addr).String() }

// Counted is the address that stands for addr where tries are counted: itself,
// or the first of the /64 of an IPv6 one, as who has one of these has them all.
func Counted(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		network, _ := addr.Prefix(64) // 64 is in range
		addr = network.Addr()
	}
	return addr
}
