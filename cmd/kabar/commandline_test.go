package main_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/pgtest"
)

// TestCommandLine looks at what is printed and at the exit status.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	tests := []struct {
		name string
		in   []string
		want answer // Out and Err are parts of what is printed
	}{
		{"setting", []string{"settings", "set", "title=Ruang Tengah", "description=Catatan"}, answer{Out: "Saved."}},
		{"JSON after the arguments", []string{"settings", "get", "title", "--json"}, answer{Out: `"title": "Ruang Tengah"`}},
		{"JSON before the command", []string{"--json", "settings", "get", "title"}, answer{Out: `"title": "Ruang Tengah"`}},
		{"no such setting", []string{"settings", "set", "colour=red"}, answer{Err: `there is no setting "colour"`, Code: 2}},
		{"fixed setting", []string{"settings", "set", "origin=https://x.example"}, answer{Err: "origin cannot be changed", Code: 2}},
		{"bad value", []string{"settings", "set", "time_zone=Mars"}, answer{Err: "This time zone is not known: Mars", Code: 1}},
		{"domain that is none", []string{"settings", "set", "handle_domain=x/y"}, answer{Err: `"x/y" is not a domain`, Code: 2}},
		{"no domain", []string{"settings", "set", "handle_domain="}, answer{Err: "is not a domain", Code: 2}},
		{"fewer than none", []string{"article", "list", "--limit=-1"}, answer{Err: "--limit", Code: 2}},
		{"password on standard input", []string{"account", "create", "ayu", "--role", "owner", "--email=ayu@blog.example"}, answer{Out: "Made the account ayu (owner)."}},
		{"account twice", []string{"account", "create", "ayu"}, answer{Err: "This name is taken: ayu", Code: 1}},
		{"accounts", []string{"account", "list", "--json"}, answer{Out: `"email": "ayu@blog.example"`}},
		{"password", []string{"account", "password", "ayu"}, answer{Out: "ayu has a new password"}},
		{"password of nobody", []string{"account", "password", "nobody"}, answer{Err: "kabar account list shows the names", Code: 1}},
		{"no articles", []string{"article", "list", "--json"}, answer{Out: "[]"}},
		{"no such article", []string{"article", "delete", "x"}, answer{Err: "there is no article x", Code: 1}},
		{"no such comment", []string{"comment", "hide", "https://x.example/1"}, answer{Err: "there is no comment https://x.example/1", Code: 1}},
		{"block", []string{"block", "add", "Bad.Example", "--reason", "spam"}, answer{Out: "Blocked: bad.example"}},
		{"blocks", []string{"block", "list"}, answer{Out: "bad.example"}},
		{"unblock", []string{"block", "remove", "bad.example"}, answer{Out: "No longer blocked: bad.example"}},
		{"unblock twice", []string{"block", "remove", "bad.example"}, answer{Err: "bad.example is not blocked", Code: 1}},
		{"block of somebody unknown", []string{"block", "add", "a@x.example"}, answer{Err: "Neither a domain nor an account", Code: 1}},
		{"followers", []string{"follower", "list", "--json"}, answer{Out: "[]"}},
		{"no such follower", []string{"follower", "remove", "a@x.example"}, answer{Err: "a@x.example does not follow the blog", Code: 1}},
		{"ledger", []string{"delivery", "list", "--json"}, answer{Out: "[]"}},
		{"inbound", []string{"inbound", "list", "--outcome", "refused:", "--json"}, answer{Out: "[]"}},
		{"doctor without a server", []string{"doctor"}, answer{Out: "does not answer: is kabar serve running", Err: "checks failed", Code: 1}},
		{"no such command", []string{"publish"}, answer{Err: "unexpected argument publish", Code: 2}},
		{"argument missing", []string{"article", "publish"}, answer{Err: `expected "<file.md>"`, Code: 2}},
		{"database that is away", []string{"article", "list", "--database-url=postgres://127.0.0.1:1/x"}, answer{Err: "start it, or correct KABAR_DATABASE_URL", Code: 1}},
		{"bad setting of the program", []string{"article", "list", "--url=blog.example"}, answer{Err: "KABAR_URL", Code: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.commandIn("a long enough password\n", tt.in...)
			if diff := cmp.Diff(tt.want.Code, got.Code); diff != "" || !strings.Contains(got.Out, tt.want.Out) || !strings.Contains(got.Err, tt.want.Err) {
				t.Errorf("%s\nstdout: %s\nstderr: %s", diff, got.Out, got.Err)
			}
			if got.Code != 0 && strings.Count(got.Err, "\n") != 1 {
				t.Errorf("a failure is told in one line, not in\n%s", got.Err)
			}
		})
	}
}

// TestEmptySettings takes what is set to nothing as not set.
func TestEmptySettings(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t), "KABAR_ROLE=", "KABAR_LISTEN=", "KABAR_ALLOW_PRIVATE_ADDRESSES=", "KABAR_TRUSTED_PROXIES=")
	want := answer{Out: "title=Kabar\n"}
	if diff := cmp.Diff(want, h.command("settings", "get", "title")); diff != "" {
		t.Error(diff)
	}
}
