package blog

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestNormalEmail(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", " Ani@Example.ORG ", "ani@example.org"},
		{"a tag", "ani+kabar@example.org", "ani+kabar@example.org"},
		{"a domain in letters", "ani@bücher.example", "ani@xn--bcher-kva.example"},
		{"a header", "a@b.example\r\nBcc: c@d.example", ""},
		{"two", "a@b.example,c@d.example", ""},
		{"with a name", "A <a@b.example>", ""},
		{"no domain", "a@", ""},
		{"no dot", "a@localhost", ""},
		{"an address in brackets", "a@[127.0.0.1]", ""},
		{"quoted", `"a b"@c.example`, ""},
		{"NUL", "a\x00@b.example", ""},
		{"turned", "a\u202e@b.example", ""},
		{"no text", "a\xff@b.example", ""},
		{"long", strings.Repeat("a", 64) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 60) + "." + strings.Repeat("d", 60) + "." + strings.Repeat("e", 60) + ".example", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := NormalEmail(tt.in)
			var invalid *Invalid
			if diff := cmp.Diff(tt.want, got); diff != "" || (got == "") != errors.As(err, &invalid) {
				t.Error(diff, err)
			}
		})
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	seal, other, id := Seal{[]byte("one")}, Seal{[]byte("two")}, uuid.New()
	token := seal.Token("leave", id)
	tests := []struct {
		name  string
		seal  Seal
		as    string
		token string
		want  bool
	}{
		{"its own", seal, "leave", token, true},
		{"for something else", seal, "confirm", token, false},
		{"of another blog", other, "leave", token, false},
		{"cut", seal, "leave", token[:len(token)-2], false},
		{"changed", seal, "leave", "A" + token[1:], token[0] == 'A'},
		{"nothing", seal, "leave", "", false},
	}
	for _, tt := range tests {
		if got, ok := tt.seal.Open(tt.as, tt.token); ok != tt.want || ok && got != id {
			t.Errorf("%s: %v", tt.name, ok)
		}
	}
}
