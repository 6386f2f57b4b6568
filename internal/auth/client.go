package auth

import (
	"net/netip"
	"strings"
)

// Client is who asks: where a request comes from and with what browser.
type Client struct {
	Addr  netip.Addr
	Agent string // the header User-Agent
}

// Device names the browser and the system, coarsely: "Firefox, Linux". It is
// "" for what is neither.
func (c Client) Device() string {
	browser, system := first(c.Agent, browsers), first(c.Agent, systems)
	switch {
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + ", " + system
}

// Network is the /24 or /48 that the address is in; "" without an address.
func (c Client) Network() string {
	addr := c.Addr.Unmap().WithZone("")
	bits := 24
	if addr.Is6() {
		bits = 48
	}
	prefix, _ := addr.Prefix(bits) // bits are in range
	if !prefix.IsValid() {
		return ""
	}
	return prefix.String()
}

// sign is what stands in a User-Agent, and what is told by it.
type sign struct{ in, name string }

// The order matters: each browser names those before it, too.
var (
	browsers = []sign{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"Vivaldi/", "Vivaldi"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
	}
	systems = []sign{
		{"Android", "Android"},
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"CrOS", "ChromeOS"},
		{"Windows", "Windows"},
		{"Mac OS X", "macOS"},
		{"Linux", "Linux"},
		{"BSD", "BSD"},
	}
)

func first(agent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(agent, s.in) {
			return s.name
		}
	}
	return ""
}
