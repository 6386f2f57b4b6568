package blog

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWriteSubscribers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		in   Subscriber
		want string
	}{
		{"asked", Subscriber{Email: "mika@danau.example", Language: "id", Created: at}, "mika@danau.example,waiting,id,2026-11-25T08:00:00Z"},
		{"a reader", Subscriber{Email: "a@b.example", Language: "en", Created: at, Confirmed: at}, "a@b.example,confirmed,en,2026-11-25T08:00:00Z"},
		{"paused", Subscriber{Email: "a@b.example", Language: "en", Created: at, Confirmed: at, Paused: at}, "a@b.example,paused,en,2026-11-25T08:00:00Z"},
		{"a formula", Subscriber{Email: "=1+1@b.example", Language: "en", Created: at}, `" =1+1@b.example",waiting,en,2026-11-25T08:00:00Z`},
	}
	for _, tt := range tests {
		var got strings.Builder
		if err := WriteSubscribers(&got, []Subscriber{tt.in}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("email,state,language,since\n"+tt.want+"\n", got.String()); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
