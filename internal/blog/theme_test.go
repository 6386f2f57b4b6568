package blog

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const someFile = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func themed(t Theme) Site {
	s := DefaultSite("https://blog.example", "blog.example")
	s.Theme = t
	return s
}

func TestThemeCheck(t *testing.T) {
	t.Parallel()
	links := func(l ...ThemeLink) Theme { return Theme{Navigation: l} }
	label := map[string]string{"id": "Toko", "en": "Shop"}
	tests := []struct {
		name string
		in   Theme
		want string // field: problem
	}{
		{"Kabar's own", Theme{}, ""},
		{"all of it", Theme{
			Ground: "leaf", Dye: "#0a5", Light: Colours{Action: "#0A5A2B"}, Reading: ThemeFont{Name: someFile + ".woff2"},
			Logo:       ThemePicture{Name: someFile + ".webp"},
			Navigation: []ThemeLink{{Kind: "articles"}, {Kind: "page", Target: "tentang"}, {Kind: "address", Target: "https://shop.example", Labels: label}},
			Footer:     "CC BY", FooterLinks: []ThemeLink{{Kind: "page", Target: "imprint"}},
			CSS: ".card{background:url(" + MediaPath + someFile + ".webp)}",
		}, ""},
		{"ground", Theme{Ground: "mud"}, "ground: theme-ground"},
		{"dye", Theme{Dye: "red"}, "dye: theme-colour"},
		{"colour", Theme{Dark: Colours{MarkSoft: "#12"}}, "dark-mark-soft: theme-colour"},
		{"colour that ends the rule", Theme{Light: Colours{Action: "#000}*{display:none"}}, "light-action: theme-colour"},
		{"font that is a picture", Theme{Reading: ThemeFont{Name: someFile + ".webp"}}, "reading: theme-file"},
		{"font elsewhere", Theme{Interface: ThemeFont{Name: "../../x.woff2"}}, "interface: theme-file"},
		{"logo elsewhere", Theme{Logo: ThemePicture{Name: "https://evil.example/x.png"}}, "logo: theme-file"},
		{"link of no kind", links(ThemeLink{Kind: "script"}), "navigation: theme-link"},
		{"page elsewhere", links(ThemeLink{Kind: "page", Target: "//evil.example"}), "navigation: theme-target"},
		{"script", links(ThemeLink{Kind: "address", Target: "javascript:alert(1)", Labels: label}), "navigation: address"},
		{"no host", links(ThemeLink{Kind: "address", Target: "https:", Labels: label}), "navigation: address"},
		{"address without a name", links(ThemeLink{Kind: "address", Target: "https://shop.example"}), "navigation: theme-label"},
		{"long label", links(ThemeLink{Kind: "archive", Labels: map[string]string{"id": strings.Repeat("x", 41)}}), "navigation: too-long"},
		{"too many links", links(make([]ThemeLink, 13)...), "navigation: too-many"},
		{"footer", Theme{Footer: strings.Repeat("x", 501)}, "footer: too-long"},
		{"footer's link", Theme{FooterLinks: []ThemeLink{{Kind: "tag"}}}, "footer_links: theme-target"},
		{"sheet that imports", Theme{CSS: "a{}\n@import 'x';"}, "css: css-import"},
		{"sheet with another host", Theme{CSS: "a{background:url(//evil.example)}"}, "css: css-url"},
		{"sheet that closes the style", Theme{CSS: "</style><script>"}, "css: css-markup"},
		{"sheet that asks for a page", Theme{CSS: "a{background:url(/studio/logout)}"}, "css: css-url"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			var invalid *Invalid
			if err := themed(tt.in).Check(); errors.As(err, &invalid) {
				got = invalid.Field + ": " + invalid.Problem
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What Kabar comes with, and every ground, can be read by all.
func TestThemeWarningsOfOwn(t *testing.T) {
	t.Parallel()
	for _, ground := range GroundNames {
		if diff := cmp.Diff([]ThemeWarning(nil), (Theme{Ground: ground}).Warnings()); diff != "" {
			t.Errorf("%s: %s", ground, diff)
		}
	}
	if len(GroundNames) != len(Grounds) {
		t.Error("a ground is not offered")
	}
}

func TestThemeWarnings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   Theme
		want []string // theme token behind
	}{
		{"a good green", Theme{Light: Colours{Action: "#0a5a2b"}, Dark: Colours{Action: "#8fe0ac"}}, nil},
		{"yellow links", Theme{Light: Colours{Action: "#efae2a"}}, []string{"light action surface"}},
		{"dark links on dark", Theme{Dark: Colours{Action: "#2f3d8f"}}, []string{"dark action mark-soft"}},
		{"dark mark below dark text", Theme{Light: Colours{Mark: "#7a4c00"}}, []string{"light mark on-mark"}},
		{"white on pale", Theme{Light: Colours{OnAction: "#6070c0"}}, []string{"light on-action action"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, w := range tt.in.Warnings() {
				name := "light "
				if w.Dark {
					name = "dark "
				}
				got = append(got, name+w.Token+" "+w.Behind)
				if w.Better == "" || w.Ratio >= w.Want {
					t.Errorf("%+v: no advice", w)
				}
			}
			if len(tt.want) > 0 && len(got) > 1 {
				got = got[:1]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Following the advice ends in a theme without warnings.
func TestThemeAdvice(t *testing.T) {
	t.Parallel()
	in := Theme{Light: Colours{Action: "#ff9900", Mark: "#ffe000"}, Dark: Colours{Action: "#503090", Mark: "#302010"}}
	for range 12 {
		all := in.Warnings()
		if len(all) == 0 {
			return
		}
		for _, w := range all {
			of := &in.Light
			if w.Dark {
				of = &in.Dark
			}
			for _, c := range of.Fields() {
				if c.Token == w.Token {
					*c.Value = w.Better
				}
			}
		}
	}
	t.Errorf("still %+v", in.Warnings())
}

func TestThemeSheet(t *testing.T) {
	t.Parallel()
	media := MediaPath + someFile
	tests := []struct {
		name string
		in   Theme
		safe bool
		want string
	}{
		{"Kabar's own", Theme{}, false, ""},
		{"Kabar's own, spelled out", Theme{Ground: "paper", Dye: OwnDye, Light: ownLight, Dark: ownDark}, false, ""},
		{"dye", Theme{Dye: "#0A5"}, false, "@layer tokens{:root{--dye:#00aa55}}\n"},
		{"one colour", Theme{Light: Colours{MarkText: "#604000"}}, false, "@layer tokens{:root{--mark-text:light-dark(#604000,#f5cb78)}}\n"},
		{
			"font",
			Theme{Reading: ThemeFont{Name: someFile + ".woff2", Variable: true}},
			false,
			`@font-face{font-family:"Kabar Reading";src:url(` + media + `.woff2) format("woff2");font-weight:100 900;font-display:swap}` + "\n" +
				`@layer tokens{:root{--reading:"Kabar Reading",` + readingRest + "}}\n",
		},
		{
			"TrueType",
			Theme{Interface: ThemeFont{Name: someFile + ".ttf"}},
			false,
			`@font-face{font-family:"Kabar Interface";src:url(` + media + `.ttf) format("truetype");font-display:swap}` + "\n" +
				`@layer tokens{:root{--interface:"Kabar Interface",` + interfaceRest + "}}\n",
		},
		{"own rules", Theme{Dye: "#000", CSS: "body{display:none}"}, false, "@layer tokens{:root{--dye:#000000}}\nbody{display:none}"},
		{"own rules, safe", Theme{Dye: "#000", CSS: "body{display:none}"}, true, "@layer tokens{:root{--dye:#000000}}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.in.Sheet(tt.safe)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if ThemePath("") != "" || ThemePath("a") == ThemePath("b") {
		t.Error("the address does not follow the content")
	}
}
