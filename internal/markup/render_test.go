package markup

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func testOptions(base string) Options {
	return Options{
		Language: "id", Labels: indonesian,
		BaseURL:  base,
		Hashtag:  func(name string) string { return "/tags/" + strings.ToLower(name) },
		Mentions: map[string]string{"mika@danau.example": "https://danau.example/@mika"},
		Picture: func(src string) (Picture, bool) {
			return Picture{URL: "/media/a.webp", Width: 1600, Height: 800, Smaller: []Source{{"/media/b.webp", 800}}}, src == "img/malam hari.png"
		},
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	const image = `<img src="/media/a.webp" alt="Kentongan" `
	const size = `width="1600" height="800" srcset="/media/b.webp 800w, /media/a.webp 1600w" sizes="(min-width: 48rem) 46rem, 100vw" loading="lazy" decoding="async">`
	tests := []struct{ name, in, want string }{
		{"paragraph", "Halo *dunia*.", "<p>Halo <em>dunia</em>.</p>\n"},
		{"hashtag", "Di #Desa, #2026 dan #data_2.", `<p>Di <a class="mention hashtag" href="/tags/desa" rel="tag">#Desa</a>, #2026 dan <a class="mention hashtag" href="/tags/data_2" rel="tag">#data_2</a>.</p>` + "\n"},
		{"hashtag of another script", "#日本語 (#الخط)", `<p><a class="mention hashtag" href="/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E" rel="tag">#日本語</a> (<a class="mention hashtag" href="/tags/%D8%A7%D9%84%D8%AE%D8%B7" rel="tag">#الخط</a>)</p>` + "\n"},
		{"no hashtag", "a#b `#c` \\#d &#35;e [#f](/g) <https://a.b/#h>", `<p>a#b <code>#c</code> #d #e <a href="/g">#f</a> <a href="https://a.b/#h">https://a.b/#h</a></p>` + "\n"},
		{"mention", "Halo @Mika@danau.example! @x@y.z a@b.c", `<p>Halo <a class="mention" href="https://danau.example/@mika">@Mika@danau.example</a>! @x@y.z <a href="mailto:a@b.c">a@b.c</a></p>` + "\n"},
		{"numbered heading", "## 1. Bercerita  *dengan* tangan", `<h2 id="bercerita-dengan-tangan"><span class="number">1.</span> Bercerita  <em>dengan</em> tangan</h2>` + "\n"},
		{"same headings", "## Éa\n## éa\n## Isi\n## ?", "<h2 id=\"éa\">Éa</h2>\n<h2 id=\"éa-2\">éa</h2>\n<h2 id=\"isi-2\">Isi</h2>\n<h2 id=\"section\">?</h2>\n"},
		{"figure", `![Kentongan](img/malam%20hari.png "Di gardu & rumah")`, "<figure>" + image + size + "<figcaption>Di gardu &amp; rumah</figcaption></figure>\n"},
		{"image in a line", `a ![Kentongan](<img/malam hari.png> "b")`, `<p>a ` + image + `title="b" ` + size + "</p>\n"},
		{"image of a third party", "![x](https://a.b/c.png) ![](//a.b/c.png)", `<p><a href="https://a.b/c.png">x</a> //a.b/c.png</p>` + "\n"},
		{"image that is not there", "![x](no.png) ![y](/media/c.webp)", `<p>x <img src="/media/c.webp" alt="y" loading="lazy" decoding="async"></p>` + "\n"},
		{"table", "|A|B|\n|:-:|-|\n|1|2|", "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Tabel\"><table>\n<thead>\n<tr>\n<th scope=\"col\" class=\"center\">A</th>\n<th scope=\"col\">B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class=\"center\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>\n"},
		{"tasks", "- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>\n"},
		{"footnote", "a[^x]\n\n[^x]: b", "<p>a<sup><a href=\"#fn-1\" id=\"fnref-1\" aria-label=\"Catatan kaki 1\">1</a></sup></p>\n<aside class=\"footnotes\" aria-label=\"Catatan kaki\"><ol>\n<li id=\"fn-1\"><p>b <a href=\"#fnref-1\" aria-label=\"Kembali ke rujukan 1\">↩</a></p>\n</li>\n</ol></aside>\n"},
		{"code", "```go\n// a\nvar b = \"<c>\"\n```", "<pre tabindex=\"0\"><code class=\"chroma language-go\"><span class=\"c1\">// a</span>\n<span class=\"kd\">var</span> b = <span class=\"s\">&#34;&lt;c&gt;&#34;</span>\n</code></pre>\n"},
		{"code of no language", "```x\"y\n<b>\n```", "<pre tabindex=\"0\"><code class=\"chroma language-x&#34;y\">&lt;b&gt;\n</code></pre>\n"},
		{"raw HTML", "a <b onclick=x>c</b> <!-- d -->\n\n<script>\nalert(1)\n</script>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt; </p>\n<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n"},
		{"bad links", "[a](javascript:x) [b](JAVASCRIPT&colon;x) [c](data:text/html,x) <javascript:x> [d](vbscript:x) [e](java\\\tscript:x)", "<p><a>a</a> <a>b</a> <a>c</a> <a>javascript:x</a> <a>d</a> [e](java\\\tscript:x)</p>\n"},
		{"good links", `[a](/b "c\"d") [e](mailto:f@g.h) [i](x?y=1&z=2#é)`, `<p><a href="/b" title="c&#34;d">a</a> <a href="mailto:f@g.h">e</a> <a href="x?y=1&amp;z=2#%C3%A9">i</a></p>` + "\n"},
		{"CRLF", "a  \r\nb\r\n", "<p>a<br>\nb</p>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Render(tt.in, testOptions(""))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.HTML.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRenderForOtherServers(t *testing.T) {
	t.Parallel()
	const in = "## 1. A #Desa\n\n@mika@danau.example [b](c) [d](#a)[^1]\n\n![Kentongan](img/malam%20hari.png)\n\n|A|\n|-|\n\n```go\nvar a\n```\n\n[^1]: e\n"
	const want = `<h2>1. A <a class="mention hashtag" href="https://blog.example/tags/desa" rel="tag">#<span>Desa</span></a></h2>
<p><span class="h-card"><a class="u-url mention" href="https://danau.example/@mika">@mika@danau.example</a></span> <a href="https://blog.example/c">b</a> <a href="https://blog.example/enam#a">d</a><sup><a href="https://blog.example/enam#fn-1">1</a></sup></p>
<figure><img src="https://blog.example/media/a.webp" alt="Kentongan" width="1600" height="800"></figure>
<table>
<thead>
<tr>
<th scope="col">A</th>
</tr>
</thead>
</table>
<pre><code>var a
</code></pre>
<hr>
<ol>
<li><p>e</p>
</li>
</ol>
`
	got, err := Render(in, testOptions("https://blog.example/enam"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.HTML.String()); diff != "" {
		t.Error(diff)
	}
}

func TestRenderFindings(t *testing.T) {
	t.Parallel()
	const in = `# 1. Judul &amp; *isi*

Satu #Desa dan #desa, lalu #Data. Halo @A@b.example, [@c@d.example](/x) dan @A@B.example.[^1]

![Alt](a.png "T") 日本

    @no@code.example #no

[^1]: Catatan @e@f.example:8443.
`
	got, err := Render(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Rendered{
		HTML:     got.HTML,
		Text:     "1. Judul & isi\n\nSatu #Desa dan #desa, lalu #Data. Halo @A@b.example, @c@d.example dan @A@B.example.\n\nAlt 日本\n\n@no@code.example #no\n\nCatatan @e@f.example:8443.",
		Excerpt:  "Satu #Desa dan #desa, lalu #Data. Halo @A@b.example, @c@d.example dan @A@B.example. Alt 日本",
		Hashtags: []string{"Desa", "Data"},
		Mentions: []string{"a@b.example", "e@f.example:8443"},
		Images:   []Image{{"a.png", "Alt", "T"}},
		Headings: []Heading{{"judul-isi", "1. Judul & isi", 1}},
		Words:    21,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, err := Render(in, Options{})
	if diff := cmp.Diff(got, again); diff != "" || err != nil {
		t.Error("another time:", err, diff)
	}
}

func TestRenderBounds(t *testing.T) {
	t.Parallel()
	fill := func(s string) string { return strings.Repeat(s, MaxSource/len(s)) }
	part := func(s string) string { return strings.Repeat(s, MaxSource/16/len(s)) }
	var stairs strings.Builder
	for i := 0; i < 1000; i++ {
		stairs.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	tests := []struct {
		name, in string
		want     error
	}{
		{"too long", fill("a") + "aa", ErrTooLong},
		{"quotations", fill(">"), ErrTooDeep},
		{"lists", fill("+ "), ErrTooDeep},
		{"numbered lists", fill("1. "), ErrTooDeep},
		{"stairs", stairs.String(), ErrTooDeep},
		{"mixed", strings.Repeat("> - 1) ", 50) + "a", ErrTooDeep},
		{"brackets", fill("["), ErrTooDense},
		{"emphasis", fill("*a_ "), ErrTooDense},
		{"cells", strings.Repeat("|a", 1000) + "\n" + strings.Repeat("|-", 1000) + "\n" + strings.Repeat("|\n", 300), ErrTooDense},
		{"words", fill("kata ini "), nil},
		{"brackets within bounds", strings.Repeat("[a](", maxBrackets) + part("kata "), nil},
		{"marks within bounds", strings.Repeat("*a_ ", maxMarks/2) + part("kata "), nil},
		{"a long break", strings.Repeat("- ", 200) + "\n", nil},
		{"tags", part("#a "), nil},
		{"autolinks", part("www.a.b "), nil},
		{"ampersands", part("&"), nil},
		{"instructions", part("<?a "), nil},
		{"lazy quotations", part("> a\nb\n"), nil},
		{"code", part("```go\nvar a\n```\n"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := Render(tt.in, Options{Hashtag: func(name string) string { return "/tags/" + name }})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRender(f *testing.F) {
	for _, in := range attacks {
		f.Add(in)
	}
	f.Add("![a](javascript:x) [b](data:x)\n\n|a|\n|-|\n\n[^1]\n\n[^1]: #c @d@e.f")
	f.Add("$a<b$ $$\\text{</math><script>}$$")
	f.Fuzz(func(t *testing.T, in string) {
		for _, base := range []string{"", "https://blog.example/a"} {
			got, err := Render(in, testOptions(base))
			if err != nil {
				return
			}
			doc, err := html.Parse(strings.NewReader(got.HTML.String()))
			if err != nil {
				return // nested deeper than this parser follows
			}
			for n := range doc.Descendants() {
				if p := harm(n); p != "" && p != "math" { // what formulas are made of: FuzzFormula
					t.Fatalf("%q -> %q: %s", in, got.HTML, p)
				}
			}
		}
	})
}

func harm(n *html.Node) string {
	switch n.Data {
	case "script", "style", "svg", "math", "iframe", "form", "input", "object", "embed":
		if n.Type == html.ElementNode {
			return n.Data
		}
	}
	for _, a := range n.Attr {
		scheme, _, colon := strings.Cut(a.Val, ":")
		switch {
		case strings.HasPrefix(a.Key, "on") || a.Key == "style":
			return a.Key
		case (a.Key == "href" || a.Key == "src") && colon && !strings.ContainsAny(scheme, "/?#") && !authorSchemes[strings.ToLower(scheme)]:
			return a.Key + "=" + a.Val
		}
	}
	return ""
}

var indonesian = Labels{"Tabel", "Rumus", "Catatan kaki", "Catatan kaki", "Kembali ke rujukan"}
