package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attacks are inputs that made some sanitiser or other let something through.
var attacks = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.y/a.js></SCRIPT>`, `<scr<script>ipt>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`, `<img/src="x"/onerror=alert(1)>`, `<svg onload=alert(1)>`, `<svg/onload=alert(1)//`,
	`<svg><script>alert(1)</script></svg>`, `<svg><p><style><!--</style><img src=1 onerror=alert(1)>-->`,
	`<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<math><annotation-xml encoding="text/html"><p><style><img src=x onerror=alert(1)></style></p></annotation-xml></math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<noembed><img src=x onerror=alert(1)></noembed>`,
	`<textarea><p title="</textarea><img src=x onerror=alert(1)>">`, `<title><p title="</title><img src=x onerror=alert(1)>">`,
	`<xmp><p title="</xmp><img src=x onerror=alert(1)>">`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<iframe src=javascript:alert(1)>`, `<template><script>alert(1)</script></template>`, `<select><style></select><img src=x onerror=alert(1)></style>`,
	`<!--><img src=x onerror=alert(1)>-->`, `<!--!><img src=x onerror=alert(1)>--!>`, `<![CDATA[<img src=x onerror=alert(1)>]]>`, `<?xml <img src=x onerror=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href="JaVaScRiPt:alert(1)">x</a>`, "<a href=\"java\tscript:alert(1)\">x</a>", "<a href=\"\x01javascript:alert(1)\">x</a>",
	`<a href="&#106;avascript:alert(1)">x</a>`, `<a href="&#x6A&#x61vascript&colon;alert(1)">x</a>`, `<a href=" javascript:alert(1)">x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="vbscript:x">x</a>`, `<a href="file:///etc/passwd">x</a>`, `<a href="blob:https://a.b/c">x</a>`,
	`<a href="//evil.example/x">x</a>`, `<a href="/local">x</a>`, `<a href="#c-1">x</a>`, `<a href="https:evil.example">x</a>`, `<a href="https:///x">x</a>`,
	`<a href="https://good.example@evil.example/">x</a>`, `<a href="https://a.b\@evil.example/">x</a>`, `<a href='https://a.b/" onmouseover="alert(1)'>x</a>`,
	`<a href="https://a.b" onclick="alert(1)" style="position:fixed" id="isi" name="body" target="_blank" rel="me" class="u-url button">x</a>`,
	`<p style="position:fixed;inset:0" class="invisible">x</p>`, `<p id="cookie">x</p>`, `<base href="//evil.example">`, `<meta http-equiv=refresh content="0;url=//x.y">`,
	`<link rel=stylesheet href=//x.y/a.css>`, `<style>@import "//x.y/a.css"</style>`, `<form action=//x.y><input name=password><button>go</button></form>`,
	`<video src=//x.y/a.mp4 autoplay>`, `<audio src=//x.y/a.ogg>`, `<picture><source srcset=//x.y/a.png></picture>`, `<object data=//x.y></object>`, `<embed src=//x.y>`,
	`<table background=//x.y><tr><td>a</td></tr></table>`, `<body onload=alert(1)>`, `<html manifest=//x.y>`, `<details open ontoggle=alert(1)>x</details>`,
	`<marquee onstart=alert(1)>x</marquee>`, `<isindex action=javascript:alert(1)>`, `<bgsound src=//x.y>`, `<frameset><frame src=//x.y></frameset>`,
	`</div></div></section></main></body></html>x`, `<div><div><div>x`, `</p></p><b>x`, `<li>x`, `<td>x</td>`, `<p><b><i>x</b>y</i>z`, `<a href=https://a.b><a href=https://c.d>x`,
	`<b><b><b><b><p>x<p>y`, `<table><b><tr><td><p>x</table>y`, `<h1><h2><ul><li><h3>x`, `<pre>` + "\n\n" + `x</pre>`, `<pre><h1>x</h1></pre>`, `<ruby><rt>a<rp>b<div>c</ruby>`,
	"\x00<scr\x00ipt>alert(1)</scr\x00ipt>", "<img\x0csrc=x\x0conerror=alert(1)>", "\xc0\xbcscript\xc0\xbe", "\uFF1Cscript\uFF1E", `&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&amp;lt;script&amp;gt;`, `<p>{{.Secret}}</p>`, "<p>\u202Eesrever\u202C</p>", `<`, `<<<`, `<a`, `<a href=`, `<a href="`, `<p class=`, `</`, `<!`, `<!-`, `<p/>x</p/>`,
}

// problem walks a tree and returns what Sanitize must never let pass, or "".
func problem(n *html.Node) string {
	if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
		return "comment or doctype"
	}
	if n.Type == html.ElementNode {
		if !kept[n.DataAtom] || n.Namespace != "" {
			return "element " + n.Data
		}
		for _, a := range n.Attr {
			if p := attributeProblem(n, a); p != "" {
				return p
			}
		}
	}
	for c := range n.ChildNodes() {
		if p := problem(c); p != "" {
			return p
		}
	}
	return ""
}

func attributeProblem(n *html.Node, a html.Attribute) string {
	switch {
	case a.Key == "class" && (n.DataAtom == atom.A || n.DataAtom == atom.Span):
		for class := range strings.FieldsSeq(a.Val) {
			if !keptClasses[class] {
				return "class " + class
			}
		}
		return ""
	case a.Key == "href" && n.DataAtom == atom.A && (strings.HasPrefix(a.Val, "https://") || strings.HasPrefix(a.Val, "http://")):
		return ""
	case a.Key == "rel" && a.Val == "nofollow noopener ugc":
		return ""
	}
	return "attribute " + a.Key + "=" + a.Val + " of " + n.Data
}

// checkSafe fails the test if out, parsed where it will stand, is not what it says or holds what it must not.
func checkSafe(t *testing.T, in, out string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<main><div>" + out + "</div><p id=after></p></main>"))
	if err != nil {
		t.Fatalf("%q -> %q: %v", in, out, err)
	}
	main := doc.FirstChild.LastChild.FirstChild
	container := main.FirstChild
	if after := main.LastChild; container.NextSibling != after || len(after.Attr) != 1 || after.FirstChild != nil {
		t.Fatalf("%q -> %q: left its container", in, out)
	}
	var again strings.Builder
	for c := range container.ChildNodes() {
		if p := problem(c); p != "" {
			t.Fatalf("%q -> %q: %s", in, out, p)
		}
		if err := html.Render(&again, c); err != nil {
			t.Fatal(err)
		}
	}
	if again.String() != out {
		t.Fatalf("%q: not balanced\n%q, parsed again\n%q", in, out, again.String())
	}
}

func TestSanitizeAttacks(t *testing.T) {
	t.Parallel()
	for i, in := range attacks {
		checkSafe(t, in, Sanitize(in).String())
		for _, other := range attacks[:i] {
			checkSafe(t, other+in, Sanitize(other+in).String())
		}
		wrapped := `<p>` + in + `</p><blockquote><a href="https://a.b/">` + in
		checkSafe(t, wrapped, Sanitize(wrapped).String())
	}
}

func TestSanitize(t *testing.T) {
	t.Parallel()
	const rel = `rel="nofollow noopener ugc"`
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"text", "a < b & c", "a &lt; b &amp; c"},
		{
			"mention keeps its address", `<p><span class="h-card"><a href="https://a.b/@c" class="u-url mention" rel="nofollow">@<span>c</span></a></span> halo</p>`,
			`<p><span><a class="mention" href="https://a.b/@c" ` + rel + `>@<span>c</span></a></span> halo</p>`,
		},
		{
			"hashtag", `<a href="https://a.b/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a>`,
			`<a class="mention hashtag" href="https://a.b/tags/x" ` + rel + `>#<span>x</span></a>`,
		},
		{
			"shortened link", `<a href="https://a.b/long"><span class="invisible">https://</span><span class="ellipsis">a.b/lo</span></a>`,
			`<a href="https://a.b/long" ` + rel + `><span class="invisible">https://</span><span class="ellipsis">a.b/lo</span></a>`,
		},
		{"stray end tags", `<p>a</div></section></p>b`, `<p>a</p>b`},
		{"open tags", `<p>a <b>b`, `<p>a <b>b</b></p>`},
		{"heading", `<h2>Judul</h2><p>isi</p>`, `<p><strong>Judul</strong></p><p>isi</p>`},
		{"div", `<div>a</div><div>b<div>c</div></div>`, `<p>a</p><p>b</p><p>c</p>`},
		{"image", `<p>a<img src="https://x.y/pixel.png">b</p>`, `<p>ab</p>`},
		{"svg and style go with their content", `a<svg><text>b</text></svg><style>c{}</style>d`, `ad`},
		{"relative link", `<a href="/x">x</a>`, `x`},
		{"other scheme", `<a href="javascript:alert(1)">x</a>`, `x`},
		{"list", `<ol start="3"><li>a<li>b</ol>`, `<ol><li>a</li><li>b</li></ol>`},
		{"code", "<pre><code>a\n  b</code></pre>", "<pre><code>a\n  b</code></pre>"},
		{"ruby", `<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>`, `<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>`},
		{"direction override", "a\u202Eb", "ab"},
		{"no UTF-8", "a\xffb", "a\uFFFDb"},
		{"empty paragraphs", "<p></p><p>a</p><p> </p>", "<p>a</p><p> </p>"},
		{"too deep for the parser", strings.Repeat("<blockquote>", 600) + "<p>a & b</p>", "<p>a &amp; b</p>"},
		{"too long", "<p>a</p>" + strings.Repeat("<b>", MaxForeign), "<p>a</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Sanitize(tt.in).String()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			checkSafe(t, tt.in, got)
		})
	}
}

func TestSanitizeLimitsDepth(t *testing.T) {
	t.Parallel()
	out := Sanitize(strings.Repeat("<blockquote>", 300) + "a").String()
	if got := strings.Count(out, "<blockquote>"); got != maxDepth || !strings.Contains(out, ">a<") {
		t.Errorf("got %d levels, want %d around the text: %q", got, maxDepth, out)
	}
}

func TestSanitizeBoundsOutput(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		strings.Repeat("<p><b><i>", 7000), strings.Repeat("<b><i><u><s><em><strong>", 3) + strings.Repeat("<p>x", 16000),
		strings.Repeat("<a href=http://x>", 3800), strings.Repeat("&", MaxForeign), strings.Repeat("<", MaxForeign), strings.Repeat("<li><ul>", 8000),
	} {
		out := Sanitize(in).String()
		if len(out) > 6*MaxForeign {
			t.Errorf("%.20q…: %d bytes came out", in, len(out))
		}
		checkSafe(t, in[:20], out)
	}
}

func FuzzSanitize(f *testing.F) {
	for _, in := range attacks {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkSafe(t, in, Sanitize(in).String()) })
}
