package blog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/markup"
)

func TestHasWord(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, word string
		want             bool
	}{
		{"itself", "casino", "casino", true},
		{"inside another", "casinos and occasinoo", "casino", false},
		{"after one that it is inside of", "casinos, casino", "casino", true},
		{"case", "CASINO!", "casino", true},
		{"accents", "Cásinó", "casino", true},
		{"composed otherwise", "cafe\u0301", "CAFÉ", true},
		{"wide letters", "ｃａｓｉｎｏ", "casino", true},
		{"hidden joiners", "cas\u200bino", "casino", true},
		{"sharp s", "GROSSE Straße", "strasse", true},
		{"between signs", "(casino)", "casino", true},
		{"in an address", "https://casino.example/x", "casino", true},
		{"with an underline", "my_casino", "casino", false},
		{"a phrase over lines", "buy \n  now", "Buy   now", true},
		{"Cyrillic", "Лучшее КАЗИНО города", "казино", true},
		{"Chinese has no spaces", "欢迎来到赌场玩", "赌场", true},
		{"a sign", "only 5$", "$", true},
		{"nothing", "", "casino", false},
		{"Indonesian", "Judi daring", "judi", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := hasWord(fold(tt.text), fold(tt.word)); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCheckPattern(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"good", `(?i)buy\s+now`, ""},
		{"what is slow elsewhere", `(a+)+$`, ""},
		{"a bracket too many", `(`, "regex"},
		{"no RE2", `(?=x)`, "regex"},
		{"reference back", `(a)\1`, "regex"},
		{"no text", "\xff", "regex"},
		{"empty", "", "required"},
		{"long", strings.Repeat("a", 501), "too-long"},
		{"large", `(a{1,100}){1,100}`, "regex"},
		{"too many steps", `[a-z]{900}[0-9]{900}`, "regex-large"},
		{"matches all", `.*`, "regex-any"},
		{"matches nothing in particular", `x?`, "regex-any"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, problemOf(checkPattern(tt.in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSearched looks for a word where a comment can have it.
func TestSearched(t *testing.T) {
	t.Parallel()
	list := new(patterns).of([]Block{{Kind: BlockWord, Value: "casino", Severity: SeverityBlock}})
	tests := []struct {
		name string
		in   Comment
		want Severity
	}{
		{"text", Comment{Text: "casino"}, SeverityBlock},
		{"warning", Comment{Warning: "Casino"}, SeverityBlock},
		{"description", Comment{Attachments: []Attachment{{Description: "a casino"}}}, SeverityBlock},
		{"where a link leads", Comment{Text: "here", HTML: markup.SafeFromStore(`<a href="https://casino.example/">here</a>`)}, SeverityBlock},
		{"a name", Comment{Actor: Actor{Name: "Casino"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _ := match(list, tt.in)
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
