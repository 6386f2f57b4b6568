package blog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMakeSlug(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"words", "Enam kebiasaan pemimpin", "enam-kebiasaan-pemimpin"},
		{"punctuation", "  Halo, dunia! (lagi)  ", "halo-dunia-lagi"},
		{"accents go", "Crème brûlée à la João", "creme-brulee-a-la-joao"},
		{"apostrophe joins", "Jum’at and it's", "jumat-and-its"},
		{"other scripts stay", "مرحبا بالعالم", "مرحبا-بالعالم"},
		{"marks of other scripts stay", "हिन्दी", "हिन्दी"},
		{"nothing left", "?!…", ""},
		{"slashes and dots", "a/b/../c", "a-b-c"},
		{"long, cut at a hyphen", strings.Repeat("kata ", 40), strings.TrimSuffix(strings.Repeat("kata-", 16), "-")},
		{"long, no hyphen", strings.Repeat("x", 300), strings.Repeat("x", 80)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, MakeSlug(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := MakeSlug(MakeSlug(tt.in)); again != MakeSlug(tt.in) {
				t.Errorf("a slug of a slug differs: %q", again)
			}
		})
	}
}

func TestMergeTags(t *testing.T) {
	t.Parallel()
	got := mergeTags([]string{"Federasi", " #media sosial ", ""}, []string{"federasi", "Kerja"})
	if diff := cmp.Diff([]string{"Federasi", "media sosial", "Kerja"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"federasi", "media sosial", "kerja"}, TagKeys(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}
