package wellknown_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/wellknown"
)

// answer is what a test looks at in a response.
type answer struct {
	Status int
	Type   string
	CORS   string
	Body   string
}

func ask(h http.Handler, method, target string, header ...string) answer {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, w.Header().Get("Content-Type"), w.Header().Get("Access-Control-Allow-Origin"), w.Body.String()}
}

func lookup(_ context.Context, r wellknown.Resource) (*wellknown.JRD, error) {
	switch r {
	case wellknown.Resource{User: "blog", Host: "blog.example"}, wellknown.Resource{URL: "https://blog.example/"}:
		return &wellknown.JRD{
			Subject: "acct:blog@blog.example",
			Links: []wellknown.Link{
				{Rel: wellknown.RelSelf, Type: "application/activity+json", Href: "https://blog.example/ap/actors/1"},
				{Rel: wellknown.RelSubscribe, Template: "https://blog.example/-/follow?uri={uri}"},
			},
		}, nil
	case wellknown.Resource{User: "broken", Host: "blog.example"}:
		return nil, errors.New("connection refused")
	}
	return nil, wellknown.ErrUnknown
}

func TestWebFinger(t *testing.T) {
	t.Parallel()
	const self = `{"rel":"self","type":"application/activity+json","href":"https://blog.example/ap/actors/1"}`
	const subscribe = `{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://blog.example/-/follow?uri={uri}"}`
	const whole = `{"subject":"acct:blog@blog.example","links":[` + self + "," + subscribe + "]}\n"
	found := func(body string) answer { return answer{200, "application/jrd+json", "*", body} }
	text := func(status int, body string) answer {
		return answer{status, "text/plain; charset=utf-8", "*", body + "\n"}
	}
	const neither = "resource is neither acct: nor http(s)"
	tests := []struct {
		name string
		in   string
		want answer
	}{
		{"account", "resource=acct:blog@blog.example", found(whole)},
		{"account with @", "resource=acct:@blog@blog.example", found(whole)},
		{"host in capitals", "resource=acct:blog@BLOG.example", found(whole)},
		{"percent-encoded", "resource=" + url.QueryEscape("acct:bl%6Fg@blog.example"), found(whole)},
		{"page", "resource=" + url.QueryEscape("https://blog.example/"), found(whole)},
		{"one relation", "rel=self&resource=acct:blog@blog.example", found(`{"subject":"acct:blog@blog.example","links":[` + self + "]}\n")},
		{"relation not there", "rel=avatar&resource=acct:blog@blog.example", found(`{"subject":"acct:blog@blog.example"}` + "\n")},
		{"unknown account", "resource=acct:nobody@blog.example", text(404, "unknown resource")},
		{"no resource", "", text(400, "exactly one resource parameter is needed")},
		{"two resources", "resource=acct:a@b&resource=acct:c@d", text(400, "exactly one resource parameter is needed")},
		{"no scheme", "resource=blog@blog.example", text(400, neither)},
		{"other scheme", "resource=mailto:blog@blog.example", text(400, neither)},
		{"account without a host", "resource=acct:blog", text(400, neither)},
		{"URL without a host", "resource=" + url.QueryEscape("https:///x"), text(400, neither)},
		{"lookup fails", "resource=acct:broken@blog.example", text(503, "not available now")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ask(&wellknown.WebFinger{Lookup: lookup}, "GET", "/.well-known/webfinger?"+tt.in)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		want int
	}{
		{"HEAD", "HEAD", 200}, {"OPTIONS", "OPTIONS", 204}, {"POST", "POST", 405}, {"DELETE", "DELETE", 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ask(&wellknown.WebFinger{Lookup: lookup}, tt.in, "/.well-known/webfinger?resource=acct:blog@blog.example")
			if diff := cmp.Diff(answer{Status: tt.want, CORS: "*"}, answer{Status: got.Status, CORS: got.CORS}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHostMeta(t *testing.T) {
	t.Parallel()
	xrd := answer{200, "application/xrd+xml; charset=utf-8", "*", `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" type="application/jrd+json" template="https://blog.example/.well-known/webfinger?resource={uri}"></Link>
</XRD>
`}
	jrd := answer{
		200, "application/jrd+json", "*",
		`{"links":[{"rel":"lrdd","type":"application/jrd+json","template":"https://blog.example/.well-known/webfinger?resource={uri}"}]}` + "\n",
	}
	tests := []struct {
		name string
		in   [2]string // path, Accept
		want answer
	}{
		{"XRD", [2]string{wellknown.HostMetaPath, ""}, xrd},
		{"XRD to a browser", [2]string{wellknown.HostMetaPath, "text/html,application/json;q=0.1"}, xrd},
		{"JSON by path", [2]string{wellknown.HostMetaJSONPath, ""}, jrd},
		{"JSON by Accept", [2]string{wellknown.HostMetaPath, "application/json;q=1, */*"}, jrd},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ask(&wellknown.HostMeta{Origin: "https://blog.example"}, "GET", tt.in[0], "Accept", tt.in[1])
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNodeInfo(t *testing.T) {
	t.Parallel()
	numbers := func(context.Context) (wellknown.Document, error) {
		return wellknown.Document{
			Software: wellknown.Software{Name: "kabar", Version: "1.0"},
			Usage:    wellknown.Usage{Users: wellknown.Users{Total: 2, ActiveHalfyear: 1, ActiveMonth: 1}, LocalPosts: 9, LocalComments: 4},
		}, nil
	}
	fails := func(context.Context) (wellknown.Document, error) {
		return wellknown.Document{}, errors.New("connection refused")
	}
	const profile = `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"`
	tests := []struct {
		name string
		in   http.Handler
		want answer
	}{
		{"index", &wellknown.NodeInfoIndex{Href: "https://blog.example/nodeinfo/2.1"}, answer{
			200, "application/json", "*",
			`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://blog.example/nodeinfo/2.1"}]}` + "\n",
		}},
		{"index with instance actor", &wellknown.NodeInfoIndex{Href: "https://b/n", Application: "https://b/ap/actor"}, answer{
			200, "application/json", "*",
			`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://b/n"},{"rel":"https://www.w3.org/ns/activitystreams#Application","href":"https://b/ap/actor"}]}` + "\n",
		}},
		{"document", &wellknown.NodeInfo{Document: numbers}, answer{
			200, profile, "*",
			`{"version":"2.1","software":{"name":"kabar","version":"1.0"},"protocols":["activitypub"],"services":{"inbound":[],"outbound":[]},"openRegistrations":false,` +
				`"usage":{"users":{"total":2,"activeHalfyear":1,"activeMonth":1},"localPosts":9,"localComments":4},"metadata":{}}` + "\n",
		}},
		{"numbers cannot be had", &wellknown.NodeInfo{Document: fails}, answer{503, "text/plain; charset=utf-8", "*", "not available now\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, ask(tt.in, "GET", "/")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSelf(t *testing.T) {
	t.Parallel()
	const actor = "https://m.example/users/bob"
	tests := []struct {
		name string
		in   []wellknown.Link
		want string
	}{
		{"activity+json", []wellknown.Link{{Rel: "self", Type: "application/activity+json", Href: actor}}, actor},
		{"ld+json with profile", []wellknown.Link{{Rel: "self", Type: `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, Href: actor}}, actor},
		{"ld+json without", []wellknown.Link{{Rel: "self", Type: "application/ld+json", Href: actor}}, ""},
		{"html first", []wellknown.Link{{Rel: "self", Type: "text/html", Href: "https://m.example/@bob"}, {Rel: "self", Type: "application/activity+json", Href: actor}}, actor},
		{"other relation", []wellknown.Link{{Rel: wellknown.RelProfile, Type: "application/activity+json", Href: actor}}, ""},
		{"none", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, (&wellknown.JRD{Links: tt.in}).Self()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseHandle(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		want string // the resource as a URI; "" if refused
	}{
		{"plain", "bob@m.example", "acct:bob@m.example"},
		{"with @", "@bob@m.example", "acct:bob@m.example"},
		{"with acct", "acct:bob@M.example", "acct:bob@m.example"},
		{"with port", "bob@127.0.0.2:8080", "acct:bob@127.0.0.2:8080"},
		{"no host", "@bob", ""},
		{"no user", "@m.example", ""},
		{"three parts", "a@b@c", ""},
		{"path in host", "bob@m.example/x", ""},
		{"query in host", "bob@m.example?x", ""},
		{"space", "bob @m.example", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := wellknown.ParseHandle(tt.in)
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.want == "", errors.Is(err, wellknown.ErrBadResource)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
