package inbox

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// origin is scheme, host and port of an http or https id, in one spelling; ""
// for anything else.
func origin(id string) string {
	u, err := url.Parse(id)
	if err != nil || u.User != nil || !plain(u.Hostname()) || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.Scheme + "://" + hostPort(u)
}

// plain reports whether a host stands in its one form, in ASCII (RFC 5890) and
// without the dot of the root. In another one it would be the same server for
// DNS, and another for all that counts and blocks servers.
func plain(host string) bool {
	return host != "" && !strings.HasSuffix(host, ".") && !strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf })
}

// hostPort is the host in lower case, with its port unless it is the scheme's.
func hostPort(u *url.URL) string {
	standard := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(u.Host), standard), ":")
}

func sameOrigin(a, b string) bool {
	o := origin(a)
	return o != "" && o == origin(b)
}

// host is the host of an id that has an origin.
func host(id string) string {
	_, h, _ := strings.Cut(origin(id), "://")
	return h
}
