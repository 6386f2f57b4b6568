package auth_test

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/auth"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// node is one of several that share a database, at a time that the test sets.
func node(t *testing.T, url string, now *time.Time) *auth.Brake {
	t.Helper()
	store, err := postgres.Open(t.Context(), url)
	check(t, err)
	t.Cleanup(store.Close)
	return auth.NewBrake(store, func() time.Time { return *now })
}

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
			b := node(t, pgtest.URL(t), &now)
			for i, a := range tt.in {
				now = now.Add(a.after)
				if diff := cmp.Diff(a.want, waitOf(b.Try(t.Context(), a.name, netip.MustParseAddr(a.from)))); diff != "" {
					t.Errorf("try %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func waitOf(_ int, err error) time.Duration {
	var braked *auth.Braked
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
		b := node(t, pgtest.URL(t), &now)
		for range 20 {
			_, _ = b.Try(t.Context(), "nobody", netip.MustParseAddr(from))
			now = now.Add(auth.MaxWaitName)
		}
		if _, err := b.Try(t.Context(), "ani", netip.MustParseAddr(from)); err != nil {
			t.Errorf("%s: shut out: %v", from, err)
		}
	}
}

func TestBrakeLetsOwnersIn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b := node(t, pgtest.URL(t), &now)
	for i := range 300 {
		_, _ = b.Try(t.Context(), "ani", netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", i%256)))
		now = now.Add(time.Minute)
	}
	now = now.Add(auth.MaxWaitName)
	owner := netip.MustParseAddr("198.51.100.7")
	if _, err := b.Try(t.Context(), "ani", owner); err != nil {
		t.Errorf("shut out: %v", err)
	}
	check(t, b.Forgive(t.Context(), "ani", owner))
	for range auth.FreeTries {
		if _, err := b.Try(t.Context(), "ani", owner); err != nil {
			t.Errorf("not forgiven: %v", err)
		}
	}
}

// TestBrakeIsShared: who guesses at several nodes in turn gains nothing by it,
// many at once slip through nowhere, and a right password counts everywhere.
func TestBrakeIsShared(t *testing.T) {
	t.Parallel()
	now, url, from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), pgtest.URL(t), netip.MustParseAddr("192.0.2.1")
	nodes := []*auth.Brake{node(t, url, &now), node(t, url, &now), node(t, url, &now)}
	var passed atomic.Int64
	var trying sync.WaitGroup
	for i := range 60 {
		trying.Go(func() {
			if _, err := nodes[i%3].Try(t.Context(), "ani", from); err == nil {
				passed.Add(1)
			}
		})
	}
	trying.Wait()
	if passed.Load() != auth.FreeTries {
		t.Errorf("%d of 60 tries passed at three nodes, want %d", passed.Load(), auth.FreeTries)
	}
	check(t, nodes[0].Forgive(t.Context(), "ani", from))
	if _, err := nodes[1].Try(t.Context(), "ani", from); err != nil {
		t.Errorf("another node does not forgive: %v", err)
	}
}

// TestTriesAreForgotten after a day without one.
func TestTriesAreForgotten(t *testing.T) {
	t.Parallel()
	now, from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), netip.MustParseAddr("192.0.2.1")
	b := node(t, pgtest.URL(t), &now)
	for range auth.FreeTries {
		_, err := b.Try(t.Context(), "ani", from)
		check(t, err)
	}
	now = now.Add(auth.KeepTries + time.Second)
	for i := range auth.FreeTries {
		if n, err := b.Try(t.Context(), "ani", from); err != nil || n != i+1 {
			t.Fatalf("a day later try %d is the %d., %v", i+1, n, err)
		}
	}
}
