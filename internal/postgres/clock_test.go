package postgres

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestClock follows a database whose clock is far from this machine's, and set.
func TestClock(t *testing.T) {
	t.Parallel()
	var c Clock
	var off time.Duration
	database := func(context.Context) (time.Time, error) { return time.Now().Round(0).Add(off), nil }
	agrees := func() {
		t.Helper()
		for _, now := range []time.Time{c.Now(), *c.NowOrNil()} {
			if got := time.Until(now) - off; got.Abs() > time.Second {
				t.Errorf("with a database %s ahead the clock is %s off", off, got)
			}
		}
	}
	agrees()
	for _, off = range []time.Duration{0, -3 * time.Hour, 20 * time.Minute} {
		if err := c.read(t.Context(), database); err != nil {
			t.Fatal(err)
		}
		agrees()
	}
	gone := errors.New("gone")
	if err := c.read(t.Context(), func(context.Context) (time.Time, error) { return time.Time{}, gone }); !errors.Is(err, gone) {
		t.Errorf("a database that is gone tells the time: %v", err)
	}
	agrees()
}
