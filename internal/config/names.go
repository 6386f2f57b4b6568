package config

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// checkResolver completes the port of KABAR_RESOLVER.
func (c *Config) checkResolver() error {
	if c.Resolver == "" {
		return nil
	}
	if addr, err := netip.ParseAddr(c.Resolver); err == nil {
		c.Resolver = netip.AddrPortFrom(addr, 53).String()
	}
	if _, err := netip.ParseAddrPort(c.Resolver); err != nil {
		return fmt.Errorf("KABAR_RESOLVER: %q is not an address such as 9.9.9.9 or 127.0.0.1:5353", c.Resolver)
	}
	return nil
}

// Names is who knows the addresses of other servers: KABAR_RESOLVER, or nil for
// the machine's own.
func (c *Config) Names() *net.Resolver {
	if c.Resolver == "" {
		return nil
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, c.Resolver)
	}}
}
