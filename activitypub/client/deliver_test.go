package client_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
)

// like is an activity of bob's that blog can get.
func like(t *testing.T, bob, blog *aptest.Person) client.Delivery {
	t.Helper()
	signer, err := bob.Signer()
	if err != nil {
		t.Fatal(err)
	}
	sent := bob.Prepare(aptest.Doc{"type": "Like", "object": blog.ID()})
	return client.Delivery{Inbox: blog.Inbox(), Body: sent.Body, Signer: signer}
}

// TestDeliver posts to inboxes that answer in every way; each is asked once.
func TestDeliver(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Behaviour
		want client.Answer
	}{
		{"accepted", aptest.Behaviour{}, client.Answer{Status: 202}},
		{"created", aptest.Behaviour{Status: 201, Body: []byte("ok\n")}, client.Answer{Status: 201, Excerpt: "ok"}},
		{"unauthorized", aptest.Behaviour{Status: 401, Body: []byte("who?")}, client.Answer{Status: 401, Excerpt: "who?"}},
		{"gone", aptest.Behaviour{Status: 410}, client.Answer{Status: 410}},
		{"busy", aptest.Behaviour{Status: 429, RetryAfter: "90"}, client.Answer{Status: 429, RetryAfter: 90 * time.Second}},
		{"down", aptest.Behaviour{Status: 503, Body: []byte("<html>\n <h1>down</h1>")}, client.Answer{Status: 503, Excerpt: "<html> <h1>down</h1>"}},
		{"redirect is not followed", aptest.Behaviour{Status: 307, Location: "/inbox"}, client.Answer{Status: 307}},
		{"long answer", aptest.Behaviour{Status: 200, Body: []byte(strings.Repeat("x", 5000))}, client.Answer{Status: 200, Excerpt: strings.Repeat("x", 512)}},
		{"endless answer", aptest.Behaviour{Status: 200, Size: 1 << 40, Gzip: true}, client.Answer{Status: 200}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{})
			home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
			other.Misbehave(tt.in)
			got, err := newClient(t, w).Deliver(withTimeout(t), like(t, home.Person("bob"), other.Person("blog")))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]int{1, 0}, []int{other.Requests("/users/blog/inbox"), other.Requests("/inbox")}); diff != "" {
				t.Error("requests", diff)
			}
		})
	}
}

// TestDeliverKinds looks at what arrives, in both kinds of signature.
func TestDeliverKinds(t *testing.T) {
	t.Parallel()
	type arrival struct {
		Kind      httpsig.Kind
		Type      string
		UserAgent string
		Repeat    []string
		Err       error
	}
	tests := []struct {
		name string
		in   httpsig.Kind
		want arrival
	}{
		{"usual", "", arrival{httpsig.Cavage, activitypub.ContentType, "kabar test", nil, nil}},
		{"cavage", httpsig.Cavage, arrival{httpsig.Cavage, activitypub.ContentType, "kabar test", nil, nil}},
		{"RFC 9421", httpsig.RFC9421, arrival{httpsig.RFC9421, activitypub.ContentType, "kabar test", nil, nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := withTimeout(t)
			w := newWorld(t, aptest.WorldOptions{TLS: true})
			home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
			d := like(t, home.Person("bob"), other.Person("blog"))
			d.Kind = tt.in
			if _, err := newClient(t, w).Deliver(ctx, d); err != nil {
				t.Fatal(err)
			}
			r, err := other.Wait(ctx, aptest.Type("Like"))
			if err != nil {
				t.Fatal(err)
			}
			got := arrival{r.Kind, r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), r.Header["Idempotency-Key"], r.Err}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDeliverFails: without an answer there is an error, and no second try.
func TestDeliverFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Behaviour
		want string
	}{
		{"never answers", aptest.Behaviour{Hang: true}, "time"},
		{"resets", aptest.Behaviour{Reset: true}, "other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{})
			home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
			other.Misbehave(tt.in)
			c := client.New(client.Options{AllowPrivate: true, Timeout: 500 * time.Millisecond})
			t.Cleanup(c.CloseIdle)
			_, err := c.Deliver(withTimeout(t), like(t, home.Person("bob"), other.Person("blog")))
			got, _, _ := strings.Cut(meaning(err), ":")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff, err)
			}
			if client.Permanent(err) {
				t.Error("what failed once may succeed later")
			}
		})
	}
}

// TestConnectionsAreKept delivers and fetches one after the other, with
// answers of every length that can be read to the end.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{TLS: true})
	home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	bob, blog := home.Person("bob"), other.Person("blog")
	c, ctx := newClient(t, w), withTimeout(t)
	for _, b := range []aptest.Behaviour{
		{}, {Status: 202, Body: []byte("short")}, {Status: 500, Body: []byte(strings.Repeat("x", 10<<10))}, {Status: http.StatusNotFound},
	} {
		b.Times = 1
		other.Misbehave(b)
		if _, err := c.Deliver(ctx, like(t, bob, blog)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Fetch(ctx, blog.ID()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Fetch(ctx, other.URL()+"/nothing"); !client.NotFound(err) {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(1, other.Connections()); diff != "" {
		t.Error(diff)
	}
}

// TestClosedConnection: a kept connection that the server closed meanwhile does
// not lose a delivery.
func TestClosedConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	c, ctx := newClient(t, w), withTimeout(t)
	d := like(t, home.Person("bob"), other.Person("blog"))
	if _, err := c.Deliver(ctx, d); err != nil {
		t.Fatal(err)
	}
	other.Misbehave(aptest.Behaviour{Reset: true, Times: 1})
	got, err := c.Deliver(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(client.Answer{Status: 202}, got); diff != "" {
		t.Error(diff)
	}
}
