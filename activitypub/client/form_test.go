package client_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
)

// TestPostForm sends a form to servers that answer in every way; each is asked
// once.
func TestPostForm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Behaviour
		want string
	}{
		{"no content", aptest.Behaviour{Status: 204}, ""},
		{"refused", aptest.Behaviour{Status: 400}, "400"},
		{"busy", aptest.Behaviour{Status: 429, RetryAfter: "90"}, "429"},
		{"redirect is not followed", aptest.Behaviour{Status: 307, Location: "/inbox"}, "307"},
		{"endless answer", aptest.Behaviour{Status: 200, Size: 1 << 40, Gzip: true}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{})
			hub := start(t, w, aptest.Options{})
			hub.Misbehave(tt.in)
			inbox := hub.Person("hub").Inbox()
			got := meaning(newClient(t, w).PostForm(withTimeout(t), inbox, url.Values{"hub.mode": {"publish"}}))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if n := hub.Requests("/users/hub/inbox") + hub.Requests("/inbox"); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
	for name, address := range map[string]string{"no address": "::", "another scheme": "ftp://hub.example/", "nothing": ""} {
		if err := newClient(t, newWorld(t, aptest.WorldOptions{})).PostForm(withTimeout(t), address, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
