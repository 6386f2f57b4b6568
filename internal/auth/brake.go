package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

const (
	freeTries = 5                // in a row, before there is a wait
	firstWait = 10 * time.Second // doubles with every further try
	// An account's name is no secret: whoever knows it must not be able to
	// shut its owner out for long.
	maxWaitName    = time.Minute
	maxWaitAddress = time.Hour

	// KeepTries is for how long tries count after the last one.
	KeepTries = 24 * time.Hour
)

// Braked says that there were too many wrong tries, and how long to wait.
type Braked struct{ Wait time.Duration }

func (e *Braked) Error() string {
	return fmt.Sprintf("too many tries: wait %v", e.Wait.Round(time.Second))
}

// RetryAfter is the wait, for the header of that name.
func (e *Braked) RetryAfter() time.Duration { return e.Wait }

// TryStore counts for all nodes together.
type TryStore interface {
	// CountTry counts one more try at what key names and returns how many there
	// were in a row; 0 and the wait if it came too early.
	CountTry(ctx context.Context, key string, now time.Time, p Patience) (count int, wait time.Duration, err error)
	ForgetTries(ctx context.Context, keys ...string) error
}

// Patience is how tries in a row are put up with: from the Free-th on there is
// a wait, First, then twice as long each time, up to Most; all are forgotten
// when there was none for Forget.
type Patience struct {
	Free                int
	First, Most, Forget time.Duration
}

// brake slows the guessing of passwords down: by account and by address.
type brake struct {
	now   func() time.Time
	store TryStore
}

// try counts a try before its outcome is known, so that many at once do not
// slip through, and returns how many there were in a row for the name. The
// error is a *Braked.
func (b *brake) try(ctx context.Context, name string, from netip.Addr) (tries int, err error) {
	most := maxWaitAddress
	if !from.IsGlobalUnicast() || from.IsPrivate() {
		// It may be that of a proxy that the settings do not name: everybody
		// is behind it.
		most = maxWaitName
	}
	if _, err := b.count(ctx, addressKey(from), most); err != nil {
		return 0, err
	}
	return b.count(ctx, nameKey(name), maxWaitName)
}

// count counts a try at what key names. The error is a *Braked, whose wait
// grows to most.
func (b *brake) count(ctx context.Context, key string, most time.Duration) (tried int, err error) {
	tried, wait, err := b.store.CountTry(ctx, hashed(key), b.now(), Patience{freeTries, firstWait, most, KeepTries})
	if err != nil {
		return 0, fmt.Errorf("auth: %w", err)
	}
	if wait > 0 {
		return 0, &Braked{Wait: wait}
	}
	return tried, nil
}

// clear forgets the tries at what the keys name.
func (b *brake) clear(ctx context.Context, keys ...string) error {
	for i, key := range keys {
		keys[i] = hashed(key)
	}
	if err := b.store.ForgetTries(ctx, keys...); err != nil {
		return fmt.Errorf("auth: %w", err)
	}
	return nil
}

// forgive forgets the tries of somebody who then knew the password.
func (b *brake) forgive(ctx context.Context, name string, from netip.Addr) error {
	return b.clear(ctx, addressKey(from), nameKey(name))
}

// hashed keeps what was typed as a name, which may be a password, and addresses
// out of the database; and what is long.
func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])
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
