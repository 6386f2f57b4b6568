package markup

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const kopi = `<img class="emoji" src="/m/kopi.webp" alt=":kopi:" title=":kopi:" width="20" height="20" loading="lazy">`

var menu = map[string]string{"kopi": "/m/kopi.webp", "a-b_1": `/m/"><script>`}

func TestEmojify(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"alone", "<p>:kopi:</p>", "<p>" + kopi + "</p>"},
		{"twice", "a :kopi::kopi: b", "a " + kopi + kopi + " b"},
		{"not declared", "<p>:teh: 12:30:45</p>", "<p>:teh: 12:30:45</p>"},
		{"after another colon", "x::kopi:", "x:" + kopi},
		{"between two names", ":teh:kopi:", ":teh" + kopi},
		{"in code", "<code>:kopi:</code>:kopi:", "<code>:kopi:</code>" + kopi},
		{"in pre", "<pre>:kopi:<code>:kopi:</code>:kopi:</pre>:kopi:", "<pre>:kopi:<code>:kopi:</code>:kopi:</pre>" + kopi},
		{"in an attribute", `<a href="https://a.b/:kopi:">:kopi:</a>`, `<a href="https://a.b/:kopi:">` + kopi + `</a>`},
		{"behind a bracket in an attribute", `<a title="a>b :kopi:">x</a>`, `<a title="a>b :kopi:">x</a>`},
		{"over a tag", "<p>:ko<b>pi:</b></p>", "<p>:ko<b>pi:</b></p>"},
		{"an element that begins like code", "<codec>:kopi:</codec>", "<codec>" + kopi + "</codec>"},
		{"an end tag of code too many", "</code>:kopi:", "</code>" + kopi},
		{"address with markup", ":a-b_1:", `<img class="emoji" src="/m/&#34;&gt;&lt;script&gt;" alt=":a-b_1:" title=":a-b_1:" width="20" height="20" loading="lazy">`},
		{"no colon", "<p>halo</p>", "<p>halo</p>"},
		{"a tag without end", "<p :kopi:", "<p :kopi:"},
		{"too long a name", ":" + strings.Repeat("a", 65) + ":kopi:", ":" + strings.Repeat("a", 65) + kopi},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Emojify(Safe{tt.in}, menu).String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEmojifyName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		emoji    map[string]string
		want     string
	}{
		{"plain", "Mika", menu, "Mika"},
		{"emoji", "Mika :kopi:", menu, "Mika " + kopi},
		{"markup in the name", `<b>:kopi:</b> & "x"`, menu, "&lt;b&gt;" + kopi + "&lt;/b&gt; &amp; &#34;x&#34;"},
		{"markup in the shortcode", `:"><script>:`, map[string]string{`"><script>`: "/x"}, ":&#34;&gt;&lt;script&gt;:"},
		{"an entity made by us", "a & :kopi:", map[string]string{"kopi": "/m/kopi.webp", "amp": "/x"}, "a &amp; " + kopi},
		{"none declared", ":kopi:", nil, ":kopi:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, EmojifyName(tt.in, tt.emoji).String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEmojifyBounds(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(":kopi:", 500)
	for name, tt := range map[string]struct {
		got  Safe
		want int
	}{
		"name": {EmojifyName(many, menu), maxEmojiName},
		"text": {Emojify(Safe{many}, menu), maxEmojiText},
	} {
		if got := strings.Count(tt.got.String(), "<img"); got != tt.want || !strings.HasSuffix(tt.got.String(), ":kopi::kopi:") {
			t.Errorf("%s: %d pictures, want %d", name, got, tt.want)
		}
	}
}

func TestShortcode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		":kopi:": "kopi", "kopi": "kopi", ":blob-cat_1:": "blob-cat_1", ":a b:": "", "": "", ":": "", "::": "", ":a:b:": "",
		`:"><img src=x>:`: "", ":é:": "", ":" + strings.Repeat("a", 64) + ":": strings.Repeat("a", 64), strings.Repeat("a", 65): "",
	} {
		got, ok := Shortcode(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %t, want %q", in, got, ok, want)
		}
	}
}

// FuzzEmojify: pictures never break out of the text that they stand in.
func FuzzEmojify(f *testing.F) {
	for _, in := range attacks {
		f.Add(in + ":kopi:")
	}
	f.Fuzz(func(t *testing.T, in string) {
		text := Sanitize(in)
		with := Emojify(text, menu).String()
		if without := strings.ReplaceAll(with, kopi, ":kopi:"); without != text.String() && !strings.Contains(in, "a-b_1") {
			t.Errorf("%q became %q", text, with)
		}
	})
}

func BenchmarkEmojify(b *testing.B) {
	text := Sanitize(fmt.Sprintf("<p>%s</p>", strings.Repeat("some words and :kopi: then <b>more</b> ", 40)))
	b.ReportAllocs()
	for b.Loop() {
		Emojify(text, menu)
	}
}
