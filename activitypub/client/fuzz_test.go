package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/activitypub/wellknown"
)

// liar is a server that answers everything in the same way. Addresses of its
// own stand in an answer as "{self}".
type liar struct {
	*httptest.Server
	status                         int
	contentType, location, encoded string
	body                           string
}

func newLiar(f *testing.F) *liar {
	l := &liar{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range map[string]string{"Content-Type": l.contentType, "Location": l.location, "Content-Encoding": l.encoded} {
			if value != "" {
				w.Header().Set(name, l.itself(value))
			}
		}
		w.WriteHeader(l.status)
		_, _ = w.Write([]byte(l.itself(l.body))) // the client may have had enough
	}))
	f.Cleanup(l.Close)
	return l
}

func (l *liar) itself(text string) string { return strings.ReplaceAll(text, "{self}", l.URL) }

// FuzzAnswers asks a lying server everything that servers are asked: WebFinger
// (JRD, host-meta), NodeInfo, objects, collections, keys. Nothing may panic or
// take longer than it may, and what is believed is from the server itself.
func FuzzAnswers(f *testing.F) {
	l := newLiar(f)
	c := client.New(client.Options{
		UserAgent: "kabar test", AllowPrivate: true, Self: "https://blog.example",
		Signer: func(context.Context) (httpsig.Signer, error) { return httpsig.Signer{}, context.Canceled },
	})
	f.Cleanup(c.CloseIdle)
	f.Add(uint16(200), wellknown.JRDType, "", "", `{"subject":"acct:bob@x","links":[{"rel":"self","type":"application/activity+json","href":"{self}/u"}]}`)
	f.Add(uint16(200), activitypub.ContentType, "", "", `{"id":"{self}/u","type":"Person","preferredUsername":"bob","inbox":"{self}/i","publicKey":{"id":"{self}/u#k","owner":"{self}/u","publicKeyPem":"x"}}`)
	f.Add(uint16(200), activitypub.ContentType, "", "", `{"id":"{self}/c","type":"OrderedCollectionPage","orderedItems":["{self}/1",{"id":"{self}/2"}],"next":"{self}/c"}`)
	f.Add(uint16(200), "application/xrd+xml", "", "", `<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="{self}/f?r={uri}"/></XRD>`)
	f.Add(uint16(200), "application/json", "", "", `{"links":[{"rel":"`+wellknown.RelNodeInfo21+`","href":"{self}/n"}],"software":{"name":"x","version":"1"}}`)
	f.Add(uint16(302), "", "{self}/elsewhere", "", "")
	f.Add(uint16(200), activitypub.ContentType, "", "gzip", "\x1f\x8b\x08")
	f.Fuzz(func(t *testing.T, status uint16, contentType, location, encoded, body string) {
		l.status, l.contentType, l.location, l.encoded, l.body = 200+int(status)%400, contentType, location, encoded, body
		began := time.Now()
		host := strings.TrimPrefix(l.URL, "http://")
		if o, _, err := c.Fetch(t.Context(), l.URL+"/u"); err == nil && !strings.HasPrefix(o.ID, l.URL+"/") {
			t.Errorf("believed: %q", o.ID)
		}
		if o, from, err := c.Page(t.Context(), l.URL+"/c"); err == nil && (!strings.HasPrefix(from, l.URL) || !o.IsCollection()) {
			t.Errorf("a page of %q", from)
		}
		if key, owner, err := c.Key(t.Context(), l.URL+"/u#k"); err == nil && (!strings.HasPrefix(key.Owner, l.URL+"/") || owner.ID != key.Owner) {
			t.Errorf("a key of %q", key.Owner)
		}
		_, _ = c.WebFinger(t.Context(), "bob@"+host) // one side's word
		if id, err := c.Resolve(t.Context(), "bob@"+host); err == nil && !strings.HasPrefix(id, l.URL+"/") {
			t.Errorf("bob is %q", id)
		}
		_, _ = c.NodeInfo(t.Context(), l.URL+"/u") // a name that proves nothing
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// FuzzHandle reads what somebody types to name another person.
func FuzzHandle(f *testing.F) {
	for _, seed := range []string{"@bob@x.example", "acct:bob@x.example:8443", "https://x.example/@bob", "acct:b%40b@x", "bob@[::1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r, err := wellknown.ParseResource(in)
		if err != nil {
			return
		}
		again, err := wellknown.ParseResource(r.String())
		if err != nil || again != r {
			t.Errorf("%q is %+v, and that %+v, %v", in, r, again, err)
		}
		if r.URL != "" {
			if u, err := url.Parse(r.URL); err != nil || u.Host == "" {
				t.Errorf("%q has no host", r.URL)
			}
		}
	})
}
