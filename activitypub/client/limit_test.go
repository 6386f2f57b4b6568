package client_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
)

// TestLimits fetches from servers that send too much or too slowly.
func TestLimits(t *testing.T) {
	t.Parallel()
	const mebibyte = 1 << 20
	tests := []struct {
		name string
		in   aptest.Behaviour
		want string
	}{
		{"just at the limit", aptest.Behaviour{ContentType: activitypub.ContentType, Size: mebibyte}, "not believed"}, // read, but has no id
		{"over the limit", aptest.Behaviour{ContentType: activitypub.ContentType, Size: mebibyte + 1}, "too large"},
		{"very large", aptest.Behaviour{ContentType: activitypub.ContentType, Size: 1 << 40}, "too large"},
		{"bomb", aptest.Behaviour{ContentType: activitypub.ContentType, Size: 1 << 40, Gzip: true}, "too large"},
		{"small when compressed", aptest.Behaviour{ContentType: activitypub.ContentType, Size: mebibyte + 1, Gzip: true}, "too large"},
		{"never answers", aptest.Behaviour{Hang: true}, "time"},
		{"slow to answer", aptest.Behaviour{Delay: time.Hour}, "time"},
		{"slow to send", aptest.Behaviour{ContentType: activitypub.ContentType, Body: []byte(strings.Repeat(" ", 1<<16)), Drip: 5 * time.Millisecond}, "time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{})
			s := start(t, w, aptest.Options{})
			tt.in.Path = "/notes/1"
			s.Misbehave(tt.in)
			options := client.Options{AllowPrivate: true}
			if tt.want == "time" {
				options.Timeout = 300 * time.Millisecond
			}
			c := client.New(options)
			t.Cleanup(c.CloseIdle)
			_, _, err := c.Fetch(withTimeout(t), s.URL()+"/notes/1")
			if diff := cmp.Diff(tt.want, meaning(err)); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}

// TestGuarded shows that a client without the switch reaches none of it.
func TestGuarded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{TLS: true})
	s := start(t, w, aptest.Options{})
	bob := s.Person("bob")
	signer, err := bob.Signer()
	if err != nil {
		t.Fatal(err)
	}
	c := client.New(client.Options{RootCAs: w.Roots()})
	ctx := withTimeout(t)
	port := s.URL()[strings.LastIndex(s.URL(), ":"):]
	tests := []struct {
		name string
		in   func() error
		want string
	}{
		{"fetch", func() error { _, _, err := c.Fetch(ctx, bob.ID()); return err }, "blocked"},
		{"fetch by name", func() error { _, _, err := c.Fetch(ctx, "https://localhost"+port+"/users/bob"); return err }, "blocked"},
		{"fetch by number", func() error { _, _, err := c.Fetch(ctx, "https://[::1]/"); return err }, "blocked"},
		{"fetch http", func() error { _, _, err := c.Fetch(ctx, "http://m.example/"); return err }, "blocked"},
		{"key", func() error { _, _, err := c.Key(ctx, bob.KeyID()); return err }, "blocked"},
		{"media", func() error { _, _, err := c.Media(ctx, bob.Profile().Icon, 1<<20); return err }, "blocked"},
		{"webfinger", func() error { _, err := c.WebFinger(ctx, bob.Handle()); return err }, "blocked"},
		{"resolve", func() error { _, err := c.Resolve(ctx, bob.Handle()); return err }, "blocked"},
		{"nodeinfo", func() error { _, err := c.NodeInfo(ctx, bob.ID()); return err }, "blocked"},
		{"deliver", func() error {
			_, err := c.Deliver(ctx, client.Delivery{Inbox: bob.Inbox(), Body: []byte("{}"), Signer: signer})
			return err
		}, "blocked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, meaning(tt.in())); diff != "" {
				t.Error(diff)
			}
		})
	}
	if diff := cmp.Diff(0, s.Connections()); diff != "" {
		t.Error("connections", diff)
	}
}

// TestMedia reads files of any type, within the limit given.
func TestMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, other, c := start(t, w, aptest.Options{}), start(t, w, aptest.Options{}), newClient(t, w)
	file := home.Serve("/a.png", "image/png", []byte("0123456789"))
	type question struct {
		URL   string
		Limit int64
	}
	type answer struct{ Body, Type, Error string }
	tests := []struct {
		name string
		in   question
		want answer
	}{
		{"within", question{file, 10}, answer{"0123456789", "image/png", ""}},
		{"over", question{file, 9}, answer{Error: "too large"}},
		{"redirect elsewhere", question{redirect(other, "/b.png", file), 10}, answer{"0123456789", "image/png", ""}},
		{"not there", question{home.URL() + "/c.png", 10}, answer{Error: "404"}},
		{"data", question{"data:image/png;base64,AAAA", 10}, answer{Error: "blocked"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, contentType, err := c.Media(withTimeout(t), tt.in.URL, tt.in.Limit)
			if diff := cmp.Diff(tt.want, answer{string(body), contentType, meaning(err)}); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}
