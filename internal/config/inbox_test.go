package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInbox(t *testing.T) {
	t.Parallel()
	usual := Inbox{PerActor: 300, PerServer: 1000, NewActors: 200, Waiting: 100_000}
	tests := []struct {
		name  string
		in    []string
		want  Inbox
		wrong string
	}{
		{"nothing set", nil, usual, ""},
		{"no limits", []string{"--inbox-per-actor=0", "--inbox-per-server=0", "--inbox-new-actors=0", "--inbox-waiting=0"}, Inbox{}, ""},
		{"others", []string{"--inbox-per-actor=1", "--inbox-per-server=2", "--inbox-new-actors=3", "--inbox-waiting=4"}, Inbox{1, 2, 3, 4}, ""},
		{"negative", []string{"--inbox-waiting=-1"}, Inbox{300, 1000, 200, -1}, "KABAR_INBOX_WAITING: -1 is less than nothing: set how many, or 0 for no limit"},
	}
	for _, tt := range tests {
		c, err := parse(t, tt.in...)
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if diff := cmp.Diff([]any{tt.want, tt.wrong}, []any{c.Inbox, wrong}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
