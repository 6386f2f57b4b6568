package markup

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"paragraphs", "<p>a\n b</p><p>c<br>d</p>", "a b\n\nc\nd"},
		{"entities", "a &amp; b &lt;c&gt;", "a & b <c>"},
		{"script and style", "a<script>b</script><style>c</style>d", "ad"},
		{"script that never ends", "a<script>b", "a"},
		{"list", "<ul><li>a</li><li>b</li></ul>", "a\n\nb"},
		{"hidden by direction", "a\u202E\u2066b\u200B\uFEFFc", "abc"},
		{"hidden in entities", "a&#x202E;b&#0;c", "ab\uFFFDc"},
		{"emoji joiners stay", "👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧"},
		{"Persian joiner stays", "می\u200Cشود", "می\u200Cشود"},
		{"lone joiners go", "a\u200D\u200Db\u200C", "ab"},
		{"deep", strings.Repeat("<div>", 5000) + "a", "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Plain(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", " \n", ""},
		{"lines", "Ratri\r\n\tWulandari", "Ratri Wulandari"},
		{"is text, not HTML", "I <3 <b>cats</b>", "I <3 <b>cats</b>"},
		{"direction", "\u202Eevil\u202C", "evil"},
		{"controls", "a\x00\x1b[31mb", "a[31mb"},
		{"long", strings.Repeat("é", 200), strings.Repeat("é", MaxName-1) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Name(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		n        int
		want     string
	}{
		{"short", "satu dua", 20, "satu dua"},
		{"between words", "satu dua tiga", 10, "satu dua…"},
		{"at a word's end", "satu dua, tiga", 10, "satu dua…"},
		{"one long word", strings.Repeat("a", 30), 10, "aaaaaaaaa…"},
		{"lines", "satu\n\ndua", 20, "satu dua"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Excerpt(tt.in, tt.n)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"https://a.example/b?c=d#e", "https://a.example/b?c=d#e", true},
		{" HTTP://A.example ", "http://A.example", true},
		{"https://a.example:8443/", "https://a.example:8443/", true},
		{"https://desa.例え/", "https://desa.%E4%BE%8B%E3%81%88/", true},
		{"", "", false},
		{"/a", "", false},
		{"//a.example/b", "", false},
		{"javascript:alert(1)", "", false},
		{"https:a.example", "", false},
		{"https://", "", false},
		{"https://:80/", "", false},
		{"ftp://a.example", "", false},
		{"https://a.example@b.example/", "", false},
		{"https://a.example\\@b.example", "", false},
		{"https://a.ex\tample/", "", false},
		{"https://a.example/\u202Eb", "", false},
		{"https://a.example/" + strings.Repeat("a", MaxURL), "", false},
	}
	for _, tt := range tests {
		got, ok := SafeURL(tt.in)
		if got != tt.want || ok != tt.ok {
			t.Errorf("SafeURL(%.60q) = %q, %v, want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, in := range attacks {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Plain(in)
		if !utf8.ValidString(out) || utf8.RuneCountInString(out) > MaxPlain || strings.ContainsFunc(out, func(r rune) bool { return bidiControl(r) || zeroWidth(r) }) {
			t.Errorf("%q -> %q", in, out)
		}
	})
}
