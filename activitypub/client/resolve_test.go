package client_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/wellknown"
)

// host is the part of a handle after the "@".
func host(s *aptest.Server) string { return s.URL()[strings.Index(s.URL(), "//")+2:] }

// jrd makes a server answer every WebFinger request with this.
func jrd(t *testing.T, s *aptest.Server, subject, self string) {
	t.Helper()
	body, err := json.Marshal(wellknown.JRD{
		Subject: subject,
		Links:   []wellknown.Link{{Rel: wellknown.RelSelf, Type: activitypub.ContentType, Href: self}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Misbehave(aptest.Behaviour{Path: wellknown.WebFingerPath, ContentType: wellknown.JRDType, Body: body})
}

// answer is what Resolve and Handle give.
type answer struct{ Value, Error string }

// place is two servers: home, where bob is, and outer.
type place struct{ home, outer *aptest.Server }

func bobAt(p place) string { return p.home.Person("bob").ID() }

// resolving is a case with servers of its own.
type resolving struct {
	name string
	in   func(*testing.T, place) string // sets up and returns the handle
	want func(place) answer
}

func (r resolving) run(t *testing.T) {
	t.Run(r.name, func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, aptest.WorldOptions{})
		p := place{start(t, w, aptest.Options{}), start(t, w, aptest.Options{})}
		p.home.Person("bob")
		id, err := newClient(t, w).Resolve(withTimeout(t), r.in(t, p))
		if diff := cmp.Diff(r.want(p), answer{id, meaning(err)}); diff != "" {
			t.Error(diff, err)
		}
	})
}

// TestResolve goes through the ways in which a handle and an actor belong
// together.
func TestResolve(t *testing.T) {
	t.Parallel()
	tests := []resolving{
		{
			"plain", func(_ *testing.T, p place) string { return "bob@" + host(p.home) },
			func(p place) answer { return answer{Value: bobAt(p)} },
		},
		{
			"with @", func(_ *testing.T, p place) string { return "@bob@" + host(p.home) },
			func(p place) answer { return answer{Value: bobAt(p)} },
		},
		{
			"server's own actor", func(_ *testing.T, p place) string { return host(p.home) + "@" + host(p.home) },
			func(p place) answer { return answer{Value: p.home.Instance().ID()} },
		},
		{"split domain, both consent", func(t *testing.T, p place) string {
			jrd(t, p.outer, "acct:bob@"+host(p.outer), bobAt(p))
			jrd(t, p.home, "acct:bob@"+host(p.outer), bobAt(p))
			return "bob@" + host(p.outer)
		}, func(p place) answer { return answer{Value: bobAt(p)} }},
		{"split domain by the webfinger property", func(t *testing.T, p place) string {
			id := p.home.ServeObject("/split", aptest.Doc{"id": p.home.URL() + "/split", "type": "Person", "preferredUsername": "bob", "webfinger": "bob@" + host(p.outer)})
			jrd(t, p.outer, "acct:bob@"+host(p.outer), id)
			return "bob@" + host(p.outer)
		}, func(p place) answer { return answer{Value: p.home.URL() + "/split"} }},
		{"alias that names the real handle", func(t *testing.T, p place) string {
			jrd(t, p.outer, "acct:bob@"+host(p.home), bobAt(p))
			return "bob@" + host(p.outer)
		}, func(p place) answer { return answer{Value: bobAt(p)} }},
		{"found by host-meta", func(t *testing.T, p place) string {
			p.outer.Serve(wellknown.HostMetaPath, wellknown.XRDType, []byte(`<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="`+
				p.home.URL()+`/finger?uri={uri}"/></XRD>`))
			body, err := json.Marshal(wellknown.JRD{Subject: "acct:bob@" + host(p.home), Links: []wellknown.Link{{Rel: "self", Type: activitypub.ContentType, Href: bobAt(p)}}})
			if err != nil {
				t.Fatal(err)
			}
			p.home.Serve("/finger", wellknown.JRDType, body)
			return "bob@" + host(p.outer)
		}, func(p place) answer { return answer{Value: bobAt(p)} }},
	}
	for _, tt := range tests {
		tt.run(t)
	}
}

// TestResolveRefuses goes through the ways in which they do not.
func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	tests := []resolving{
		{
			"nobody", func(_ *testing.T, p place) string { return "nobody@" + host(p.home) },
			func(place) answer { return answer{Error: "404"} },
		},
		{"claims somebody elsewhere", func(t *testing.T, p place) string {
			jrd(t, p.outer, "acct:bob@"+host(p.outer), bobAt(p))
			return "bob@" + host(p.outer)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"actor claims a handle elsewhere", func(t *testing.T, p place) string {
			id := p.outer.ServeObject("/liar", aptest.Doc{"id": p.outer.URL() + "/liar", "type": "Person", "preferredUsername": "eve", "webfinger": "bob@" + host(p.home)})
			jrd(t, p.outer, "acct:eve@"+host(p.outer), id)
			return "eve@" + host(p.outer)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"leads to a note", func(t *testing.T, p place) string {
			jrd(t, p.home, "acct:bob@"+host(p.home), p.home.ServeObject("/note", object(p.home.URL()+"/note", "Note")))
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"leads to another id", func(t *testing.T, p place) string {
			jrd(t, p.home, "acct:bob@"+host(p.home), p.home.ServeObject("/alias", object(bobAt(p), "Person")))
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"leads nowhere", func(t *testing.T, p place) string {
			jrd(t, p.home, "acct:bob@"+host(p.home), "")
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"leads inside", func(t *testing.T, p place) string {
			jrd(t, p.home, "acct:bob@"+host(p.home), "file:///etc/passwd")
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "blocked"} }},
		{"answers with a page", func(_ *testing.T, p place) string {
			p.home.Misbehave(aptest.Behaviour{Path: wellknown.WebFingerPath, ContentType: "text/html", Body: []byte("<html>")})
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "not believed"} }},
		{"loops", func(_ *testing.T, p place) string {
			p.home.Misbehave(aptest.Behaviour{Path: wellknown.WebFingerPath, Status: 302, Location: wellknown.WebFingerPath})
			return "bob@" + host(p.home)
		}, func(place) answer { return answer{Error: "redirects"} }},
	}
	for _, tt := range tests {
		tt.run(t)
	}
}

// TestResolveNoHandle refuses what is none, without asking anybody.
func TestResolveNoHandle(t *testing.T) {
	t.Parallel()
	c := newClient(t, newWorld(t, aptest.WorldOptions{}))
	for _, in := range []string{"", "bob", "@bob", "bob@", "bob@m.example/x", "https://m.example/@bob"} {
		if id, err := c.Resolve(withTimeout(t), in); err == nil {
			t.Errorf("%q became %q", in, id)
		}
	}
}

// TestHandle goes the other way, from the actor to its handle.
func TestHandle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{TLS: true})
	home, c := start(t, w, aptest.Options{}), newClient(t, w)
	bob := home.Person("bob")
	impostor := home.ServeObject("/impostor", aptest.Doc{"id": home.URL() + "/impostor", "type": "Person", "preferredUsername": "bob"})
	nameless := home.ServeObject("/nameless", object(home.URL()+"/nameless", "Person"))
	tests := []struct {
		name string
		in   string
		want answer
	}{
		{"person", bob.ID(), answer{Value: bob.Handle()}},
		{"instance", home.Instance().ID(), answer{Value: host(home) + "@" + host(home)}},
		{"takes somebody else's name", impostor, answer{Error: "not believed"}},
		{"without a name", nameless, answer{Error: "not believed"}},
		{"with an impossible name", home.ServeObject("/impossible", aptest.Doc{
			"id": home.URL() + "/impossible", "type": "Person", "preferredUsername": "a@b.example/c",
		}), answer{Error: "not believed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			actor, _, err := c.Fetch(withTimeout(t), tt.in)
			if err != nil {
				t.Fatal(err)
			}
			handle, err := c.Handle(withTimeout(t), actor)
			if diff := cmp.Diff(tt.want, answer{handle, meaning(err)}); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}

// TestNodeInfo asks what a server runs.
func TestNodeInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, evil, c := start(t, w, aptest.Options{Software: "mastodon"}), start(t, w, aptest.Options{}), newClient(t, w)
	evil.Misbehave(aptest.Behaviour{
		Path: wellknown.NodeInfoIndexPath, ContentType: "application/json",
		Body: []byte(`{"links":[{"rel":"` + wellknown.RelNodeInfo21 + `","href":"` + home.URL() + `/nodeinfo/2.1"}]}`),
	})
	tests := []struct {
		name string
		in   string
		want answer
	}{
		{"honest", home.Person("bob").ID(), answer{Value: "mastodon"}},
		{"points to another host", evil.URL(), answer{Error: "not believed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got answer
			doc, err := c.NodeInfo(withTimeout(t), tt.in)
			if err == nil {
				got.Value = doc.Software.Name
			}
			got.Error = meaning(err)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}
