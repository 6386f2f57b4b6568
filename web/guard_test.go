package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

func TestHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := strings.TrimPrefix(w.origin, "http://")
	tests := []struct {
		name, method, path, host string
		want                     int
		to                       string
	}{
		{"own", "GET", "/archive", own, 200, ""},
		{"other", "GET", "/archive?lang=en", "www.blog.example", 301, w.origin + "/archive?lang=en"},
		{"other, two slashes", "GET", "//evil.example/", "www.blog.example", 301, w.origin + "/evil.example/"},
		{"other, post", "POST", "/follow", "www.blog.example", 421, ""},
		{"other, actor", "GET", "/ap/actor", "www.blog.example", 421, ""},
		{"other, inbox", "POST", "/ap/inbox", "www.blog.example", 421, ""},
		{"other, WebFinger", "GET", "/.well-known/webfinger?resource=acct:blog@blog.example", "blog.example", 200, ""},
		{"other, health", "GET", "/livez", "10.0.0.1:8080", 200, ""},
	}
	for _, tt := range tests {
		a := w.do(tt.method, tt.path, nil, "Host", tt.host)
		if a.StatusCode != tt.want || a.Header.Get("Location") != tt.to {
			t.Errorf("%s: %d %s", tt.name, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct {
		name, path string
		header     []string
		want       int
	}{
		{"own form", "/follow", []string{"Origin", w.origin, "Sec-Fetch-Site", "same-origin"}, 200},
		{"no browser", "/follow", nil, 200},
		{"form of another site", "/follow", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{"form of another site, old browser", "/follow", []string{"Origin", "https://evil.example"}, 403},
		{"inbox", "/ap/inbox", []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 415},
	}
	for _, tt := range tests {
		if a := w.post(tt.path, url.Values{}, tt.header...); a.StatusCode != tt.want {
			t.Errorf("%s: %d", tt.name, a.StatusCode)
		}
	}
}

func TestFormLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.post("/follow", url.Values{"account": {strings.Repeat("x", 100<<10)}})
	if a.StatusCode != 413 || a.page(t).Find("h1").Length() != 1 {
		t.Errorf("got %d", a.StatusCode)
	}
}

func TestWebFinger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	host := strings.TrimPrefix(w.origin, "http://")
	instance := w.origin + "/ap/actor"
	type want struct {
		Status        int
		Subject, Self string
	}
	blogActor, none := want{200, "acct:blog@blog.example", w.actor.URI}, want{404, "", ""}
	application := want{200, "acct:" + host + "@" + host, instance}
	tests := []struct {
		name, in string
		want     want
	}{
		{"handle", "acct:blog@blog.example", blogActor},
		{"handle in capitals", "acct:BLOG@Blog.Example", blogActor},
		{"handle at the host", "acct:blog@" + host, blogActor},
		{"handle with @", "acct:@blog@blog.example", blogActor},
		{"actor", w.actor.URI, blogActor},
		{"author's page", w.origin + "/authors/blog", blogActor},
		{"instance actor's handle", "acct:" + host + "@" + host, application},
		{"instance actor", instance, application},
		{"origin", w.origin, application},
		{"origin with a slash", w.origin + "/", application},
		{"nobody", "acct:nobody@blog.example", none},
		{"no text", "acct:\xff@blog.example", none},
		{"not to be stored", "acct:\x00@blog.example", none},
		{"somewhere else", "acct:blog@other.example", none},
		{"page of somebody else", "https://other.example/", none},
		{"unknown actor", w.origin + "/ap/actors/" + uuid.NewString(), none},
		{"neither", "mailto:blog@blog.example", want{400, "", ""}},
	}
	for _, tt := range tests {
		a := w.get("/.well-known/webfinger?resource=" + url.QueryEscape(tt.in))
		var jrd struct {
			Subject string
			Links   []struct{ Rel, Type, Href, Template string }
		}
		got := want{Status: a.StatusCode}
		if a.StatusCode == 200 {
			check(t, json.Unmarshal([]byte(a.body), &jrd))
			got.Subject = jrd.Subject
			for _, l := range jrd.Links {
				if l.Rel == "self" && l.Type == "application/activity+json" {
					got.Self = l.Href
				}
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: no CORS", tt.name)
		}
	}
}

func TestNodeInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	_, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Article: article.ID, Markdown: "Tambahan."})
	check(t, err)
	w.comment(article, nil, w.stranger("mika"), "Halo", nil)
	_, err = w.blog.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: "ratri", Role: blog.Owner})
	check(t, err)
	var doc struct {
		Version  string
		Software struct{ Name, Version string }
		Usage    struct {
			Users                     struct{ Total, ActiveMonth int }
			LocalPosts, LocalComments int
		}
	}
	a := w.get("/nodeinfo/2.1")
	check(t, json.Unmarshal([]byte(a.body), &doc))
	got := []any{doc.Version, doc.Software.Name, doc.Usage.Users.Total, doc.Usage.Users.ActiveMonth, doc.Usage.LocalPosts, doc.Usage.LocalComments}
	if diff := cmp.Diff([]any{"2.1", "kabar", 1, 0, 1, 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSignedFetches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	object := strings.TrimPrefix(article.ObjectURI, w.origin)
	actor := strings.TrimPrefix(w.actor.URI, w.origin)
	for _, path := range []string{object, actor} {
		w.get(path, "Accept", asActivity) // now it is in the cache
	}
	change := func(change func(*blog.Site) error) {
		_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, change)
		check(t, err)
	}
	change(func(s *blog.Site) error { s.SignedGET = true; return nil })
	others, err := aptest.NewWorld(aptest.WorldOptions{})
	check(t, err)
	t.Cleanup(others.Close)
	server, err := others.Start(aptest.Options{})
	check(t, err)
	person := server.Person("mika")
	signed := func(path string) int {
		signer, err := person.Signer()
		check(t, err)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.origin+path, nil)
		check(t, err)
		check(t, httpsig.Sign(r, nil, signer, httpsig.Cavage, w.maker.Now()))
		res, err := w.client.Do(r)
		check(t, err)
		check(t, res.Body.Close())
		return res.StatusCode
	}
	for path, want := range map[string]int{object: 401, actor + "/outbox": 401, object + "/replies": 401, actor: 200, "/ap/actor": 200, "/kabar": 200} {
		a := w.get(path)
		if a.StatusCode != want {
			t.Errorf("%s unsigned: %d", path, a.StatusCode)
		}
		if want == 401 && !slices.Contains(a.Header.Values("Vary"), "Signature") {
			t.Errorf("%s: Vary is %q", path, a.Header.Values("Vary"))
		}
	}
	if got := signed(object); got != 200 {
		t.Errorf("signed: %d", got)
	}
	_, err = w.blog.Block(t.Context(), uuid.Nil, person.ID(), "")
	check(t, err)
	if got := signed(object); got != 403 {
		t.Errorf("signed by who is blocked: %d", got)
	}
}
