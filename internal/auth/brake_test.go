package auth

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// attempt is one try to sign in, after a pause, and the wait it is told.
type attempt struct {
	after time.Duration
	name  string
	from  string
	want  time.Duration
}

func repeated(n int, a attempt) []attempt {
	list := make([]attempt, n)
	for i := range list {
		list[i] = a
	}
	return list
}

func TestBrake(t *testing.T) {
	t.Parallel()
	free := repeated(5, attempt{name: "ani", from: "192.0.2.1"})
	tests := []struct {
		name string
		in   []attempt
	}{
		{"the sixth waits", append(free, attempt{0, "ani", "192.0.2.1", 10 * time.Second})},
		{"the wait grows", append(free,
			attempt{10 * time.Second, "ani", "192.0.2.1", 0},
			attempt{0, "ani", "192.0.2.1", 20 * time.Second},
			attempt{5 * time.Second, "ani", "192.0.2.1", 15 * time.Second},
			attempt{15 * time.Second, "ani", "192.0.2.1", 0},
			attempt{0, "ani", "192.0.2.1", 40 * time.Second})},
		{"another name from the address", append(free, attempt{0, "budi", "192.0.2.1", 10 * time.Second})},
		{"the name from another address", append(free, attempt{0, "Ani", "198.51.100.7", 10 * time.Second})},
		{"another name from another address", append(free, attempt{0, "budi", "198.51.100.7", 0})},
		{"one IPv6 network", append(repeated(5, attempt{name: "ani", from: "2001:db8::1"}),
			attempt{0, "budi", "2001:db8::ffff:2", 10 * time.Second},
			attempt{0, "budi", "2001:db8:0:1::1", 0})},
		{"IPv4 within IPv6", append(free, attempt{0, "budi", "::ffff:192.0.2.1", 10 * time.Second})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			b := newBrake(func() time.Time { return now })
			for i, a := range tt.in {
				now = now.Add(a.after)
				if diff := cmp.Diff(a.want, waitOf(b.try(a.name, netip.MustParseAddr(a.from)))); diff != "" {
					t.Errorf("try %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func waitOf(_ int, err error) time.Duration {
	var braked *Braked
	if errors.As(err, &braked) {
		return braked.RetryAfter()
	}
	return 0
}

// Behind a proxy that is not named everybody has its address: one who guesses
// must not shut all others out for long.
func TestBrakeBehindProxy(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"127.0.0.1", "::1", "10.0.0.2", "fd00::1"} {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		b := newBrake(func() time.Time { return now })
		for range 100 {
			_, _ = b.try("nobody", netip.MustParseAddr(from))
			now = now.Add(maxWaitName)
		}
		if _, err := b.try("ani", netip.MustParseAddr(from)); err != nil {
			t.Errorf("%s: shut out: %v", from, err)
		}
	}
}

func TestBrakeLetsOwnersIn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b := newBrake(func() time.Time { return now })
	for i := range 1000 {
		_, _ = b.try("ani", netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", i%256)))
		now = now.Add(time.Minute)
	}
	now = now.Add(maxWaitName)
	owner := netip.MustParseAddr("198.51.100.7")
	if _, err := b.try("ani", owner); err != nil {
		t.Errorf("shut out: %v", err)
	}
	b.forgive("ani", owner)
	for range freeTries {
		if _, err := b.try("ani", owner); err != nil {
			t.Errorf("not forgiven: %v", err)
		}
	}
}
