package markup

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRenderSimple(t *testing.T) {
	t.Parallel()
	const rel = `rel="nofollow noopener ugc"`
	tests := []struct{ name, in, want string }{
		{"emphasis", "a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"},
		{"line ends", "a\r\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>\n"},
		{"link", "[a](https://b.example/c \"d\") https://e.example/f", `<p><a href="https://b.example/c" ` + rel + ` title="d">a</a> <a href="https://e.example/f" ` + rel + `>https://e.example/f</a></p>` + "\n"},
		{"links that lead elsewhere", "[a](javascript:x) [b](/studio) [c](mailto:d@e.example) [f](https://g@h.example)", "<p><a>a</a> <a>b</a> <a>c</a> <a>f</a></p>\n"},
		{"quote and lists", "> a\n\n- b\n- c\n\n1. d", "<blockquote>\n<p>a</p>\n</blockquote>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n<ol>\n<li>d</li>\n</ol>\n"},
		{"code", "```\n<b>\n```", "<pre tabindex=\"0\"><code>&lt;b&gt;\n</code></pre>\n"},
		{"no headings", "# a\n\nb\n---", "<p># a</p>\n<p>b<br>\n---</p>\n"},
		{"no HTML", "a <b onclick=x>c</b>\n\n<script>\nalert(1)\n</script>\n\n<!-- d -->", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n<p>&lt;script&gt;<br>\nalert(1)<br>\n&lt;/script&gt;</p>\n<p>&lt;!-- d --&gt;</p>\n"},
		{"no pictures", "![a](/-/media/b.webp)\n\n![c](https://d.example/e.png) ![f](g.png) ![h](data:image/png,x)", `<p>a</p>` + "\n" + `<p><a href="https://d.example/e.png" ` + rel + `>c</a> f h</p>` + "\n"},
		{"no mentions, hashtags, tables", "@a@b.example #c\n\n|a|b|\n|-|-|\n|1|2|", "<p>@a@b.example #c</p>\n<p>|a|b|<br>\n|-|-|<br>\n|1|2|</p>\n"},
		{"nothing that turns text", "a\u202Eb\u2066c\u200B\x00d", "<p>abcd</p>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := RenderSimple(tt.in, false)
			if diff := cmp.Diff(tt.want, got.HTML.String()); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

func TestRenderSimpleRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"too long", strings.Repeat("a", MaxSource+1), ErrTooLong},
		{"too deep", strings.Repeat("> ", 200) + "a", ErrTooDeep},
		{"too dense", strings.Repeat("[", maxBrackets+1), ErrTooDense},
	} {
		if _, err := RenderSimple(tt.in, true); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
