package templates

import "kabar/internal/i18n"

func sampleAppearance(f Frame, s Studio) *AppearancePage {
	picture := &Image{URL: "/img/kawung.svg", Width: 30, Height: 20}
	rows := func(prefix string) LinkRows {
		return LinkRows{prefix, "appearance.navigation", []LinkRow{
			{1, []Choice{{Label: "Nothing"}, {Value: "page", Label: "Page", Selected: true}}, "tentang", []LinkLabel{{"id", "Tentang"}, {"en", "About"}}},
		}}
	}
	return &AppearancePage{
		Frame: f, Studio: s,
		Form: AppearanceForm{
			Tried: true, Grounds: []Choice{{Value: "paper", Label: "Paper", Selected: true}}, Dye: SchemeColour{"dye", "dye", "", "#36449a"},
			Light:   []SchemeColour{{"light-action", "action", "#2f3d8f", "#2f3d8f"}, {"light-on-action", "on-action", "", "#ffffff"}},
			Dark:    []SchemeColour{{"dark-mark", "mark", "#ff", "#f0b541"}},
			Reading: "Kopi.woff2", Interface: "Teh.ttf", Logo: picture, Header: picture, HeaderAlt: "Kebun",
			Navigation: rows("nav"), FooterLinks: rows("foot"), Footer: "CC BY", CSS: ".card{color:red}", Accept: true,
		},
		Warnings: []ContrastWarning{
			{"appearance.dark", "action", "page", "#2f3d8f", "#181511", "1.9", "4.5", "#8f9ddf"},
			{"appearance.light", "mark", "on-mark", "#7a4c00", "#211c18", "2.0", "4.5", ""},
		},
		Problems: Problems{"accept": i18n.M("problem.theme-contrast"), "css": i18n.M("problem.css-import", "3"), "reading": i18n.M("problem.font-kind"), "light-action": i18n.M("problem.theme-colour", "x")},
	}
}
