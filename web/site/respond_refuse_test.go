package site

import (
	"net/netip"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestResponders counts how many of a hundred comments pass.
func TestResponders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		from func(i int) string
		mail func(i int) string
		want int
	}{
		{"one address", one("192.0.2.1"), many("a%@b.example"), fromBurst},
		{"one network", many("2001:db8::%"), many("a%@b.example"), fromBurst},
		{"one address of mail", many("192.0.2.%"), one("A@b.example"), emailBurst},
		{"everybody", many("192.0.2.%"), many("a%@b.example"), allBurst},
		{"behind a proxy", one("127.0.0.1"), many("a%@b.example"), allBurst},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b responders
			passed := 0
			for i := range 100 {
				if b.send(netip.MustParseAddr(tt.from(i)), tt.mail(i)) == nil {
					passed++
				}
			}
			if diff := cmp.Diff(tt.want, passed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func one(s string) func(int) string { return func(int) string { return s } }

// many puts a number at the place of the per cent.
func many(pattern string) func(int) string {
	return func(i int) string {
		before, after := pattern, ""
		for at := range pattern {
			if pattern[at] == '%' {
				before, after = pattern[:at], pattern[at+1:]
			}
		}
		return before + strconv.Itoa(i) + after
	}
}
