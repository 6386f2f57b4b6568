package page

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBrake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		from []string
		want []bool // passes
	}{
		{"one address", []string{"203.0.113.7", "203.0.113.7", "203.0.113.7"}, []bool{true, true, false}},
		{"two addresses", []string{"203.0.113.7", "203.0.113.8", "203.0.113.7"}, []bool{true, true, true}},
		{"one network", []string{"2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"}, []bool{true, true, false, true}},
		{"a proxy that nobody named", []string{"127.0.0.1", "127.0.0.1", "127.0.0.1"}, []bool{true, true, false}},
	}
	for _, tt := range tests {
		b := &Brake{Every: time.Hour, Burst: 2}
		var got []bool
		for _, from := range tt.from {
			err := b.PassFrom(netip.MustParseAddr(from))
			var often TooOften
			if err != nil && (!errors.As(err, &often) || often.RetryAfter() != time.Hour) {
				t.Errorf("%s: %v", tt.name, err)
			}
			got = append(got, err == nil)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestBrakeFull looks without counting.
func TestBrakeFull(t *testing.T) {
	t.Parallel()
	b := &Brake{Every: time.Hour, Burst: 1}
	for range 3 {
		if err := b.Full("ann"); err != nil {
			t.Error(err)
		}
	}
	if err := b.Pass("ann"); err != nil {
		t.Error(err)
	}
	if b.Full("ann") == nil || b.Full("bob") != nil {
		t.Error("who has passed is not the only one who is full")
	}
}
