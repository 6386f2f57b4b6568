package httpsig

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/dunglas/httpsfv"
)

// base is the signature base (RFC 9421, section 2.5) of a request that was
// sent with scheme.
func (m message) base(r *http.Request, scheme string) (string, error) {
	var b strings.Builder
	for i, item := range m.inner.Items {
		value, err := component(r, scheme, item)
		if err != nil {
			return "", err
		}
		b.WriteString(m.covered[i] + ": " + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + m.raw)
	return b.String(), nil
}

// component is the value of a covered header or derived component (RFC 9421,
// sections 2.1 and 2.2). The parameters of section 2.1 (sf, key, bs, tr, req)
// are not supported.
func component(r *http.Request, scheme string, item httpsfv.Item) (string, error) {
	name, _ := item.Value.(string)
	if name == "@query-param" {
		return queryParam(r, item)
	}
	if len(item.Params.Names()) > 0 {
		return "", refuse(ReasonCoverage, fmt.Sprintf("%q with parameters is not supported", name))
	}
	if !strings.HasPrefix(name, "@") {
		if name == "" || name != strings.ToLower(name) {
			return "", refuse(ReasonMalformed, fmt.Sprintf("%q is no header in lower case", name))
		}
		return headerValue(r, name)
	}
	path, query, _ := strings.Cut(target(r), "?")
	host := authority(scheme, r.Host)
	switch name {
	case "@method":
		return r.Method, nil
	case "@target-uri":
		return scheme + "://" + host + target(r), nil
	case "@authority":
		return host, nil
	case "@scheme":
		return scheme, nil
	case "@request-target":
		return r.RequestURI, nil
	case "@path":
		return path, nil
	case "@query":
		return "?" + query, nil
	}
	return "", refuse(ReasonCoverage, fmt.Sprintf("%q is not supported", name))
}

// authority is the host in lower case without the scheme's own port (RFC 9421,
// section 2.2.3).
func authority(scheme, host string) string {
	host = strings.ToLower(host)
	switch scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}

// queryParam is a single query parameter (RFC 9421, section 2.2.8): decoded,
// then percent-encoded again. One that stands twice cannot be meant.
func queryParam(r *http.Request, item httpsfv.Item) (string, error) {
	value, _ := item.Params.Get("name")
	name, ok := value.(string)
	if !ok || len(item.Params.Names()) != 1 {
		return "", refuse(ReasonMalformed, "@query-param without a name, or with more")
	}
	key, err := url.QueryUnescape(name)
	values := r.URL.Query()[key]
	if err != nil || len(values) != 1 {
		return "", refuse(ReasonCoverage, fmt.Sprintf("query parameter %q is not there once", name))
	}
	return strings.ReplaceAll(url.QueryEscape(values[0]), "+", "%20"), nil
}
