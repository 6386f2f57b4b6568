package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResolver(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "9.9.9.9": "9.9.9.9:53", "127.0.0.1:5353": "127.0.0.1:5353", "2620:fe::fe": "[2620:fe::fe]:53", "[::1]:5353": "[::1]:5353",
	} {
		c := Config{Resolver: in}
		if err := c.checkResolver(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, c.Resolver); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
		if (c.Names() == nil) != (in == "") {
			t.Errorf("%q: %v", in, c.Names())
		}
	}
	for _, in := range []string{"dns.example", "dns.example:53", "9.9.9.9:", "9.9.9.9:dns", "300.1.1.1"} {
		if err := (&Config{Resolver: in}).checkResolver(); err == nil {
			t.Errorf("%q is taken", in)
		}
	}
}
