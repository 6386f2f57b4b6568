package markup

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// inside returns the formula alone, without what every formula has around it.
var inside = regexp.MustCompile(`<semantics>(.*)<annotation encoding="application/x-tex">.*</annotation></semantics>`)

func TestFormulas(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"letters and numbers", "3.5x+y", "<mrow><mn>3.5</mn><mi>x</mi><mo>+</mo><mi>y</mi></mrow>"},
		{"scripts", `x_1^2`, "<mrow><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></mrow>"},
		{"primes", `f''`, "<mrow><msup><mi>f</mi><mrow><mo>′</mo><mo>′</mo></mrow></msup></mrow>"},
		{"fraction", `\frac{a}{b}`, "<mrow><mfrac><mi>a</mi><mi>b</mi></mfrac></mrow>"},
		{"roots", `\sqrt2\sqrt[3]{x}`, "<mrow><msqrt><mn>2</mn></msqrt><mroot><mi>x</mi><mn>3</mn></mroot></mrow>"},
		{"Greek", `\alpha\le\Omega`, "<mrow><mi>α</mi><mo>≤</mo><mi>Ω</mi></mrow>"},
		{"limits", `\sum_{i}^n`, "<mrow><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover></mrow>"},
		{"integral", `\int_0^1`, "<mrow><msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup></mrow>"},
		{"function", `\sin x`, `<mrow><mo form="prefix" lspace="0.167em" rspace="0.167em">sin</mo><mi>x</mi></mrow>`},
		{"limit", `\lim_{n\to\infty}`, `<mrow><munder><mo form="prefix" lspace="0.167em" rspace="0.167em" movablelimits="true">lim</mo><mrow><mi>n</mi><mo>→</mo><mi>∞</mi></mrow></munder></mrow>`},
		{"alphabets", `\mathbb{R}\mathrm{d}\mathcal L`, `<mrow><mi>ℝ</mi><mi mathvariant="normal">d</mi><mi>ℒ</mi></mrow>`},
		{"accents", `\hat x\overline{z}`, `<mrow><mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover><mover accent="true"><mi>z</mi><mo>¯</mo></mover></mrow>`},
		{"brackets", `\left(x\right.`, `<mrow><mrow><mo form="prefix" fence="true" stretchy="true">(</mo><mi>x</mi><mo form="postfix" fence="true" stretchy="true"></mo></mrow></mrow>`},
		{"size", `\bigl[`, `<mrow><mo stretchy="true" minsize="1.2em" maxsize="1.2em">[</mo></mrow>`},
		{"words", `x\text{ jika }y`, "<mrow><mi>x</mi><mtext>\u00A0jika\u00A0</mtext><mi>y</mi></mrow>"},
		{"matrix", `\begin{pmatrix}1&2\\3&4\end{pmatrix}`, `<mrow><mrow><mo form="prefix" fence="true" stretchy="true">(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable><mo form="postfix" fence="true" stretchy="true">)</mo></mrow></mrow>`},
		{"equations", `\begin{aligned}a&=b\\\end{aligned}`, `<mrow><mtable displaystyle="true"><mtr><mtd class="right"><mi>a</mi></mtd><mtd class="left"><mo>=</mo><mi>b</mi></mtd></mtr></mtable></mrow>`},
		{"not", `\not=`, "<mrow><mo>=\u0338</mo></mrow>"},
		{"what HTML means", `a<b>c\&"`, "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi><mo>&gt;</mo><mi>c</mi><mo>&amp;</mo><mo>&#34;</mo></mrow>"},
		{"space", `a\,b\quad c`, `<mrow><mi>a</mi><mspace width="0.167em"></mspace><mi>b</mi><mspace width="1em"></mspace><mi>c</mi></mrow>`},
		{"binomial", `\binom nk`, `<mrow><mrow><mo>(</mo><mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo></mrow></mrow>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			made, ok := formulaHTML(tt.in, false)
			found := inside.FindStringSubmatch(made)
			if !ok || found == nil {
				t.Fatalf("%q", made)
			}
			if diff := cmp.Diff(tt.want, found[1]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is not understood, or too much, is no formula: its source is shown.
func TestFormulaRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"command": `\href{javascript:x}{y}`, "macro": `\def\a{\a\a}\a`, "brace": `{`, "other brace": `x}`, "two scripts": `x^2^3`,
		"no argument": `\frac1`, "environment": `\begin{document}x\end{document}`, "ends": `\begin{matrix}x\end{pmatrix}`,
		"column outside": `a&b`, "row outside": `a\\b`, "left alone": `\left(x`, "bracket": `\left ax\right)`, "backslash": `\`,
		"mark": `\text{$x$}`, "direction": "a\u202Eb", "control": "a\x01b", "deep": strings.Repeat("{", 30) + strings.Repeat("}", 30),
		"deep scripts": strings.Repeat("x^", 30) + "x", "long": strings.Repeat("x", maxFormula+1), "many": strings.Repeat("x", maxFormulaElements+1),
		"many cells": `\begin{matrix}` + strings.Repeat("&", maxFormulaElements+1) + `\end{matrix}`,
		"deep roots": strings.Repeat(`\sqrt`, 500), "not of nothing": `\not{x}`, "open text": `\text{a`, "size": `\big x`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if made, ok := formulaHTML(in, true); ok {
				t.Errorf("%q", made)
			}
		})
	}
}

func TestRenderFormulas(t *testing.T) {
	t.Parallel()
	short := func(tex, display, content string) string {
		return "<math" + display + "><semantics><mrow>" + content + `</mrow><annotation encoding="application/x-tex">` + tex + "</annotation></semantics></math>"
	}
	x, xBlock := short("x", "", "<mi>x</mi>"), short("x", ` display="block"`, "<mi>x</mi>")
	region := func(m string) string {
		return `<div class="scroll formula" tabindex="0" role="group" aria-label="Rumus">` + m + "</div>\n"
	}
	tests := []struct{ name, in, want string }{
		{"in a line", "Nilai $x$.", "<p>Nilai " + x + ".</p>\n"},
		{"over a line end", "a $x\n+x$ b", "<p>a " + short("x\n+x", "", "<mi>x</mi><mo>+</mo><mi>x</mi>") + " b</p>\n"},
		{"displayed in a line", "a $$x$$ b", "<p>a " + xBlock + " b</p>\n"},
		{"long", "$" + strings.Repeat("xy", 21) + "$", `<p><math tabindex="0"` + strings.TrimPrefix(short(strings.Repeat("xy", 21), "", strings.Repeat("<mi>x</mi><mi>y</mi>", 21)), "<math") + "</p>\n"},
		{"no emphasis in it", "$a_b*c_d*$", "<p>" + short("a_b*c_d*", "", "<msub><mi>a</mi><mi>b</mi></msub><mo>∗</mo><msub><mi>c</mi><mi>d</mi></msub><mo>∗</mo>") + "</p>\n"},
		{"alone on a line", "a\n$$x$$\nb", "<p>a</p>\n" + region(xBlock) + "<p>b</p>\n"},
		{"on lines", "$$\nx\n- x\n$$\n\nb", region(short("x\n- x", ` display="block"`, "<mi>x</mi><mo>−</mo><mi>x</mi>")) + "<p>b</p>\n"},
		{"in a quotation", "> $$\n> x\n> $$", "<blockquote>\n" + region(xBlock) + "</blockquote>\n"},
		{"in a list", "- a\n\n  $$\n  x\n  $$", "<ul>\n<li>\n<p>a</p>\n" + region(xBlock) + "</li>\n</ul>\n"},
		{"block without end", "$$\nx\n\n$$ y", "<p>$$\nx</p>\n<p>$$ y</p>\n"},
		{"block with words behind", "$$x$$ y", "<p>" + xBlock + " y</p>\n"},
		{"prices", "$5 and $6, US$7 or $8-$9, $1$2, 3$ or 4$, $ 5$", "<p>$5 and $6, US$7 or $8-$9, $1$2, 3$ or 4$, $ 5$</p>\n"},
		{"escaped", `\$x\$ $a\$b$`, "<p>$x$ " + short(`a\$b`, "", "<mi>a</mi><mi>$</mi><mi>b</mi>") + "</p>\n"},
		{"code", "`$x$`\n\n```\n$$x$$\n```", "<p><code>$x$</code></p>\n<pre tabindex=\"0\"><code>$$x$$\n</code></pre>\n"},
		{"not understood", `$\no<b>$`, "<p><code>\\no&lt;b&gt;</code></p>\n"},
		{"block not understood", "$$\n\\no\n$$", "<pre tabindex=\"0\"><code>\\no</code></pre>\n"},
		{"marks alone", "$ $$ $$$ $$$$ $$ $$", "<p>$ $$ $$$ $$$$ $$ $$</p>\n"},
		{"in a table", "|a|\n|-|\n|$x$|", "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Tabel\"><table>\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>" + x + "</td>\n</tr>\n</tbody>\n</table></div>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
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

// Other servers and search get the source.
func TestFormulaSource(t *testing.T) {
	t.Parallel()
	got, err := Render("Luas $\\pi r^2$.\n\n$$\na<b\n$$", testOptions("https://blog.example/luas"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("<p>Luas <code>\\pi r^2</code>.</p>\n<pre><code>a&lt;b</code></pre>\n", got.HTML.String()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("Luas \\pi r^2.\n\na<b", got.Text); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`Luas \pi r^2.`, got.Excerpt); diff != "" {
		t.Error(diff)
	}
}

// Texts made of little but formulas stay small and fast.
func TestManyFormulas(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"formulas": "$x$ ", "ends": "$$\n", "begun": "$x ", "blocks begun": "$$x\n", "blocks": "$$(((((((($$\n", "prices": "$1$1", "deep": "$" + strings.Repeat("{", 20) + strings.Repeat("}", 20) + "$ ",
		"escapes": `$\$`, "lines": "$x\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			got, err := Render(strings.Repeat(in, MaxSource/len(in)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			// What grows by the square takes an hour; what grows evenly some seconds, also on a busy machine.
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			if n := strings.Count(got.HTML.String(), "<math"); n > maxFormulas {
				t.Errorf("%d formulas", n)
			}
			if n := len(got.HTML.String()); n > 12*MaxSource {
				t.Errorf("%d bytes", n)
			}
		})
	}
}

// Whatever stands in a formula, the page gets the elements of formulas only, all closed, and the source as text.
func FuzzFormula(f *testing.F) {
	for _, seed := range []string{
		`\frac{a}{b}`, `\begin{cases}1&x<0\\[2pt]2\end{cases}`, `\left\{x\middle|y\right\}`, `\text{<script>}`, `\not\in`, `\rm x^{\bf y}`,
		`a_b'^c`, `\operatorname*{<b>}`, `\begin{array}{l|r}&\end{array}`, "%\n\\", `\bigl\langle`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		content, ok := parseTeX(tex)
		if !ok {
			return
		}
		if !content.checked() {
			t.Fatalf("%q: made of what is not listed", tex)
		}
		made, _ := formulaHTML(tex, true)
		open := 0
		for z := html.NewTokenizer(strings.NewReader(made)); ; {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			name, _ := z.TagName()
			switch kind {
			case html.StartTagToken:
				open++
			case html.EndTagToken:
				open--
			case html.TextToken:
				continue
			}
			if !slices.Contains(formulaElements, string(name)) {
				t.Fatalf("%q: element %q", tex, name)
			}
		}
		if open != 0 {
			t.Fatalf("%q: %d elements are open", tex, open)
		}
	})
}
