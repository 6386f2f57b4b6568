package auth

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"ten characters", "sepuluh 10", ""},
		{"ten characters of two bytes", "ääääääääää", ""},
		{"nine characters of two bytes", "äääääääää", "password-too-short"},
		{"empty", "", "password-too-short"},
		{"longest", strings.Repeat("x", 1024), ""},
		{"too long", strings.Repeat("x", 1025), "password-too-long"},
		{"no text", "\xff\xfe\xfd\xfc\xff\xfe\xfd\xfc\xff\xfe\xfd", "password-not-text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := CheckPassword(tt.in); err != nil {
				var invalid *blog.Invalid
				if !errors.As(err, &invalid) {
					t.Fatal(err)
				}
				got = invalid.Problem
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	stored, err := Hash(t.Context(), "kata sandi é")
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(stored, want) {
		t.Errorf("%q does not begin with %q", stored, want)
	}
	// Made with argon2(1) of the reference implementation: other cost, other sizes.
	const foreign = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	tests := []struct {
		name, stored, in string
		want             error
	}{
		{"right", stored, "kata sandi é", nil},
		{"right, composed differently", stored, "kata sandi e\u0301", nil},
		{"wrong", stored, "kata sandi e", ErrWrong},
		{"empty", stored, "", ErrWrong},
		{"too long", stored, strings.Repeat("x", 4096), ErrWrong},
		{"of another implementation", foreign, "password", nil},
		{"no account", "", "kata sandi é", ErrWrong},
		{"another kind of hash", "$2y$10$abc", "kata sandi é", errPHC},
		{"too dear", strings.Replace(stored, "m=19456", "m=99999999", 1), "kata sandi é", errPHC},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := Verify(t.Context(), tt.stored, tt.in); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestHashesDiffer(t *testing.T) {
	t.Parallel()
	first, err := Hash(t.Context(), "kata sandi")
	second, err2 := Hash(t.Context(), "kata sandi")
	if err != nil || err2 != nil || first == second {
		t.Errorf("%q, %q, %v, %v", first, second, err, err2)
	}
	if _, err := Hash(t.Context(), "pendek"); err == nil {
		t.Error("a short password was taken")
	}
}
