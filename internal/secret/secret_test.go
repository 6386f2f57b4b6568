package secret

import (
	"errors"
	"strings"
	"testing"
)

func parse(t testing.TB, lines ...string) Keys {
	t.Helper()
	keys, err := Parse(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestSeal(t *testing.T) {
	t.Parallel()
	old, recent := New(), New()
	before, after, other := parse(t, old), parse(t, "# made in 2026", recent, "", old), parse(t, New())
	sealed := before.Seal("actor", "the key")
	if strings.Contains(sealed, "the key") || !Sealed(sealed) || sealed == before.Seal("actor", "the key") {
		t.Errorf("sealed as %q", sealed)
	}
	if !before.Current(sealed) || after.Current(sealed) || !after.Has(before.ID()) || after.ID() == before.ID() {
		t.Error("which key is used is mistaken")
	}
	broken := []byte(sealed)
	broken[len(broken)-2] ^= 1
	tests := []struct {
		name    string
		keys    Keys
		purpose string
		in      string
		want    error
	}{
		{"its own", before, "actor", sealed, nil},
		{"after another key was added", after, "actor", sealed, nil},
		{"another key", other, "actor", sealed, ErrKey},
		{"another purpose", before, "totp", sealed, ErrAltered},
		{"altered", before, "actor", string(broken), ErrAltered},
		{"cut short", before, "actor", sealed[:30], ErrAltered},
		{"plain", before, "actor", "the key", ErrAltered},
		{"empty", before, "actor", "", ErrAltered},
	}
	for _, tt := range tests {
		got, err := tt.keys.Open(tt.purpose, tt.in)
		if !errors.Is(err, tt.want) || (err == nil) != (got == "the key") {
			t.Errorf("%s: %q, %v", tt.name, got, err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "\n# none\n", "there is no key in it"},
		{"no base64", New() + "\nsecret!", "line 2 is no key"},
		{"too short", "c2hvcnQ=", "line 1 is no key"},
	}
	for _, tt := range tests {
		if _, err := Parse(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret!") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// FuzzOpen takes nothing that was not sealed.
func FuzzOpen(f *testing.F) {
	keys := parse(f, New())
	f.Add("actor", keys.Seal("actor", "x"))
	f.Add("actor", "k1::")
	good := map[string]bool{}
	for _, text := range []string{"x", ""} {
		good[keys.Seal("p", text)] = true
	}
	f.Fuzz(func(t *testing.T, purpose, in string) {
		if text, err := keys.Open("p", in); err == nil && !good[in] {
			t.Errorf("%q opens as %q", in, text)
		}
		if text, err := keys.Open(purpose, keys.Seal(purpose, in)); err != nil || text != in {
			t.Errorf("%q comes back as %q, %v", in, text, err)
		}
	})
}
