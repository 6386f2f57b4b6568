package federation_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/federation"
)

func TestAskSoftware(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	tests := []struct {
		name, in, want string
		small          bool
	}{
		{"known", "mastodon", "Mastodon", false},
		{"spelled otherwise", " GoToSocial ", "GoToSocial", false},
		{"Misskey", "misskey", "Misskey", true},
		{"made from Misskey", "sharkey", "Sharkey", true},
		{"Iceshrimp", "iceshrimp", "Iceshrimp", true},
		{"written anew", "Iceshrimp.NET", "Iceshrimp.NET", false},
		{"not known", "my_server-2  beta", "my_server-2 beta", false},
		{"markup", "<b>x</b>\u202e\n\x00y", "bxb y", false},
		{"long", strings.Repeat("é", 50), strings.Repeat("é", 40), false},
		{"nothing to show", "!", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server, err := r.world.Start(aptest.Options{Software: tt.in})
			r.check(err)
			t.Cleanup(server.Close)
			got, err := r.service.AskSoftware(t.Context(), federation.Server{Actor: server.Person("bob").ID()})
			r.check(err)
			if diff := cmp.Diff([]any{tt.want, tt.small}, []any{got.Software, got.Small}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSoftwareRounds asks those that are met, a server that fails again after
// a day, one that answers after a week.
func TestSoftwareRounds(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	down, up := r.server(), r.server()
	down.Misbehave(aptest.Behaviour{Path: "/.well-known/nodeinfo", Status: http.StatusInternalServerError})
	r.takes(r.reply(down.Person("bob"), r.article.ObjectURI, "a"), r.reply(up.Person("eve"), r.article.ObjectURI, "b"))
	names := map[string]string{federation.Host(down.URL()): "down", federation.Host(up.URL()): "up"}
	const day = 24 * time.Hour
	tests := []struct {
		name string
		in   time.Duration // after the one before
		want map[string]string
	}{
		{"both are new", 0, map[string]string{"down": "", "up": "aptest"}},
		{"at once", 0, map[string]string{}},
		{"almost a day later", day - time.Hour, map[string]string{}},
		{"a day later", time.Hour, map[string]string{"down": ""}},
		{"a week later", 6 * day, map[string]string{"down": "", "up": "aptest"}},
	}
	for _, tt := range tests {
		r.pass(tt.in)
		asked := map[string]string{}
		servers, err := r.store.ClaimServers(t.Context(), r.now(), day, 20)
		r.check(err)
		for _, server := range servers {
			got, err := r.service.AskSoftware(t.Context(), server)
			if asked[names[server.Host]] = got.Software; err == nil {
				r.check(r.store.SetSoftware(t.Context(), []federation.Server{got}, r.now().Add(7*day)))
			}
		}
		if diff := cmp.Diff(tt.want, asked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
