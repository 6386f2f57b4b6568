package blog

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBlocked(t *testing.T) {
	t.Parallel()
	blocks := []Block{{Kind: "domain", Value: "bad.example"}, {Kind: "actor", Value: "https://good.example/users/troll"}}
	tests := []struct {
		name, actor, host string
		want              bool
	}{
		{"the domain", "https://bad.example/u", "bad.example", true},
		{"a subdomain", "https://x.bad.example/u", "x.bad.example", true},
		{"with a port", "https://bad.example:8443/u", "bad.example:8443", true},
		{"upper case", "https://BAD.example/u", "BAD.example", true},
		{"a name that ends alike", "https://notbad.example/u", "notbad.example", false},
		{"the actor", "https://good.example/users/troll", "good.example", true},
		{"a neighbour", "https://good.example/users/friend", "good.example", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Blocked(blocks, tt.actor, tt.host); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestBlockValue(t *testing.T) {
	t.Parallel()
	type result struct{ Kind, Value, Problem string }
	tests := []struct {
		name, in string
		want     result
	}{
		{"domain", " Bad.Example. ", result{Kind: "domain", Value: "bad.example"}},
		{"address of a server", "https://bad.example/", result{Kind: "domain", Value: "bad.example"}},
		{"actor", "https://bad.example/users/x", result{Kind: "actor", Value: "https://bad.example/users/x"}},
		{"nothing", "  ", result{Problem: "block"}},
		{"a handle", "@x@bad.example", result{Problem: "block"}},
		{"another scheme", "ftp://bad.example/x", result{Problem: "block"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			kind, value, err := blockValue(tt.in)
			got := result{kind, value, problemOf(err)}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// problemOf is the problem that an *Invalid tells, "" for none.
func problemOf(err error) string {
	var invalid *Invalid
	if errors.As(err, &invalid) {
		return invalid.Problem
	}
	return ""
}
