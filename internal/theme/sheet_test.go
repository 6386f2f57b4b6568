package theme

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ours(address string) bool { return strings.HasPrefix(address, "/-/media/") }

func TestCheckSheet(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"rules", "/* mine */\n.card{color:red}\n@media (width >= 40rem){.card > h2{margin:0}}", ""},
		{"nested", ".card{&:hover{color:red} h2{content:\"a } b\"}}", ""},
		{"own picture", "body{background:url(/-/media/a.webp)}", ""},
		{"own picture in quotes", "body{background:url( '/-/media/a.webp' )}", ""},
		{"import", "\n\n@import 'x.css';", "line 3: import: @import"},
		{"import in capitals", "@IMPORT url(/-/media/x);", "line 1: import: @import"},
		{"escaped import", "@\\69mport '//evil.example/x.css';", "line 1: import: @import"},
		{"another host", "a{}\nb{background:url(https://evil.example/a.png)}", "line 2: url: https://evil.example/a.png"},
		{"another host in quotes", `b{background:url("//evil.example/a.png")}`, "line 1: url: //evil.example/a.png"},
		{"escaped url", `b{background:u\72l("//evil.example/a.png")}`, "line 1: url: //evil.example/a.png"},
		{"escaped address", `b{background:url(\2f\2f evil.example/a)}`, "line 1: url: //evil.example/a"},
		{"data", "b{background:url(data:image/svg+xml,x)}", "line 1: url: data:image/svg+xml,x"},
		{"page of ours", "b{background:url(/studio/logout)}", "line 1: url: /studio/logout"},
		{"image-set", `b{background:image-set("https://evil.example/a" 1x)}`, "line 1: function: image-set()"},
		{"expression", "b{width:expression(alert(1))}", "line 1: function: expression()"},
		{"font", "@font-face{font-family:x;src:url(/-/media/x.woff2)}", "line 1: rule: @font-face"},
		{"closes the style", "b{}\n</style><script>alert(1)</script>", "line 2: markup: <"},
		{"closes it in a string", `b{content:"</style>"}`, `line 1: markup: "</style>"`},
		{"closes it in a comment", "/* </style> */", "line 1: markup: /* </style> */"},
		{"comment of HTML", "<!-- b{} -->", "line 1: markup: <!--"},
		{"open brace", "a{}\nb{color:red", "line 2: unclosed: {"},
		{"open parenthesis", "a{width:calc(1px}", "line 1: unopened: }"},
		{"brace too many", "a{}}", "line 1: unopened: }"},
		{"open comment", "a{}\n/* b", "line 2: unclosed: /*"},
		{"open string", "a{content:\"b\n}", "line 1: string: \"b"},
		{"open url", "a{background:url(/-/media/a b)}", "line 1: url: /-/media/a b"},
		{"too large", strings.Repeat("a{}", MaxSheet/2), "line 1: size: 51200"},
		{"no text", "a{\xff}", "line 1: encoding: "},
		{"null", "a{}\x00", "line 1: encoding: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := CheckSheet(tt.in, func(a string) bool { return ours(a) && !strings.Contains(a, " ") }); err != nil {
				var fault *Fault
				if !errors.As(err, &fault) {
					t.Fatal(err)
				}
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzCheckSheet(f *testing.F) {
	for _, seed := range []string{`a{b:url(`, `\`, `@\`, `url(\`, "a{b:u\\72l('"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sheet string) {
		if err := CheckSheet(sheet, ours); err == nil && strings.Contains(strings.ToLower(sheet), "@import") &&
			!strings.ContainsAny(sheet, `"'/\`) {
			t.Errorf("%q passed", sheet)
		}
	})
}

func TestColour(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"#2F3d8f": "#2f3d8f", " #fff ": "#ffffff", "2f3d8f": "", "#2f3d8": "", "red": "", "": "", "#gggggg": "", "#1234567": "", "#+1+2+3": "",
	} {
		got := ""
		if c, err := ParseColour(in); err == nil {
			got = c.String()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

// The figures are those of WCAG's own example and of well-known pairs.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ a, b, want string }{
		{"#000000", "#ffffff", "21.00"},
		{"#ffffff", "#ffffff", "1.00"},
		{"#777777", "#ffffff", "4.48"},
		{"#767676", "#ffffff", "4.54"},
		{"#ff0000", "#ffffff", "4.00"},
		{"#0000ff", "#ffffff", "8.59"},
	} {
		a, _ := ParseColour(tt.a)
		b, _ := ParseColour(tt.b)
		if diff := cmp.Diff(tt.want, fmt.Sprintf("%.2f", Contrast(a, b))); diff != "" {
			t.Errorf("%s on %s: %s", tt.a, tt.b, diff)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	grey, _ := ParseColour("#999999")
	yellow, _ := ParseColour("#efae2a")
	for _, tt := range []struct {
		name string
		in   Colour
		want float64
		with []Colour
		ok   bool
	}{
		{"darker", grey, 4.5, []Colour{White}, true},
		{"lighter", grey, 4.5, []Colour{Black.Mix(White, .1)}, true},
		{"yellow", yellow, 4.5, []Colour{White, {252, 251, 248}}, true},
		{"as it is", Black, 4.5, []Colour{White}, true},
		{"none", grey, 7, []Colour{White, Black}, false},
	} {
		got, ok := Near(tt.in, tt.want, tt.with...)
		if ok != tt.ok {
			t.Errorf("%s: %v", tt.name, got)
		}
		for _, with := range tt.with {
			if ok && Contrast(got, with) < tt.want {
				t.Errorf("%s: %v on %v", tt.name, got, with)
			}
		}
	}
	if got, _ := Near(Black, 4.5, White); got != Black {
		t.Errorf("a colour that passes became %v", got)
	}
}
