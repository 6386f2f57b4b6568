package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
	"kabar/internal/pgtest"
)

// A look goes out as JSON and comes in again; what cannot be is refused, with
// what would do.
func TestThemeCommands(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	if got := h.command("settings", "set", "theme.action=#0a5a2b", "theme.footer=CC BY"); got.Code != 0 {
		t.Fatalf("%+v", got)
	}
	out := h.command("theme", "export").Out
	var look blog.Theme
	if err := json.Unmarshal([]byte(out), &look); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if diff := cmp.Diff(blog.Theme{Light: blog.Colours{Action: "#0a5a2b"}, Footer: "CC BY"}, look); diff != "" {
		t.Error(diff)
	}
	font := strings.Repeat("0a", 32) + ".woff2"
	tests := []struct{ name, in, says string }{
		{"as it went out", out, ""},
		{"hard to read", `{"light":{"action":"#ffee00"}}`, "needs 4.5:1"},
		{"CSS that imports", `{"css":"@import 'x';"}`, "Line 1: @import"},
		{"a font that is not here", `{"reading":{"name":"` + font + `"}}`, "is not in the media folder"},
		{"something else", `{"title":"x"}`, "not what kabar theme export prints"},
	}
	for _, tt := range tests {
		file := filepath.Join(t.TempDir(), "theme.json")
		if err := os.WriteFile(file, []byte(tt.in), 0o600); err != nil {
			t.Fatal(err)
		}
		got := h.command("theme", "import", file)
		if (got.Code == 0) != (tt.says == "") || !strings.Contains(got.Err, tt.says) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	if got := h.command("settings", "set", "theme.mark=#302010"); got.Code == 0 || !strings.Contains(got.Err, "hard to read") {
		t.Errorf("a setting that is hard to read: %+v", got)
	}
	if diff := cmp.Diff(out, h.command("theme", "export").Out); diff != "" {
		t.Error(diff)
	}
}
