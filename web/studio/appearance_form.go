package studio

import (
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/theme"
	"kabar/web/page"
	"kabar/web/templates"
)

// moreLinks is how many empty rows a list of links ends with.
const moreLinks = 2

// appearanceForm shows a theme as it is, with what is not right, too.
func appearanceForm(f templates.Frame, t blog.Theme) templates.AppearanceForm {
	form := templates.AppearanceForm{
		Reading: t.Reading.Label, Interface: t.Interface.Label, Logo: page.ThemeImage(t.Logo), Header: page.ThemeImage(t.Header),
		HeaderAlt: t.Header.Alt, Footer: t.Footer, CSS: t.CSS, Accept: t.Accept,
		Navigation:  linkRows(f, "nav", "appearance.navigation", t.Navigation),
		FooterLinks: linkRows(f, "foot", "appearance.footer", t.FooterLinks),
		Dye:         templates.SchemeColour{Name: "dye", Token: "dye", Value: t.Dye, Shown: shownColour(t.Dye, blog.OwnDye)},
	}
	for _, name := range blog.GroundNames {
		form.Grounds = append(form.Grounds, templates.Choice{
			Value: name, Label: f.T("ground." + name), Selected: t.Ground == name || t.Ground == "" && name == blog.GroundNames[0],
		})
	}
	light, dark := t.Effective()
	form.Light = schemeColours("light-", t.Light, light)
	form.Dark = schemeColours("dark-", t.Dark, dark)
	return form
}

func schemeColours(prefix string, chosen, effective blog.Colours) (list []templates.SchemeColour) {
	shown := effective.Fields()
	for i, c := range chosen.Fields() {
		list = append(list, templates.SchemeColour{
			Name: prefix + c.Token, Token: c.Token, Value: *c.Value, Shown: shownColour(*shown[i].Value, "#000000"),
		})
	}
	return list
}

// shownColour is a colour with six digits.
func shownColour(text, otherwise string) string {
	if c, err := theme.ParseColour(text); err == nil {
		return c.String()
	}
	return otherwise
}

func linkRows(f templates.Frame, prefix, title string, links []blog.ThemeLink) templates.LinkRows {
	rows := templates.LinkRows{Prefix: prefix, Title: title}
	for i := range min(len(links)+moreLinks, blog.MaxThemeLinks) {
		var link blog.ThemeLink
		if i < len(links) {
			link = links[i]
		}
		row := templates.LinkRow{Number: i + 1, Target: link.Target}
		row.Kinds = append(row.Kinds, templates.Choice{Label: f.T("link.none"), Selected: link.Kind == ""})
		for _, kind := range blog.ThemeLinkKinds {
			row.Kinds = append(row.Kinds, templates.Choice{Value: kind, Label: f.T("link." + kind), Selected: link.Kind == kind})
		}
		for _, lang := range i18n.Languages {
			row.Labels = append(row.Labels, templates.LinkLabel{Lang: lang, Text: link.Labels[lang]})
		}
		rows.Rows = append(rows.Rows, row)
	}
	return rows
}

// contrastWarnings are the colours of a theme that are hard to tell apart.
func contrastWarnings(f templates.Frame, t blog.Theme) (list []templates.ContrastWarning) {
	for _, w := range t.Warnings() {
		scheme := "appearance.light"
		if w.Dark {
			scheme = "appearance.dark"
		}
		list = append(list, templates.ContrastWarning{
			Scheme: scheme, Token: w.Token, Behind: w.Behind, Value: w.Value, Behindcolour: w.BehindValue,
			Ratio: ratio(f, w.Ratio), Want: ratio(f, w.Want), Better: w.Better,
		})
	}
	return list
}

// ratio writes a contrast with one digit behind the point, rounded down: what
// is not enough must not look as if it were.
func ratio(f templates.Frame, r float64) string {
	text := i18n.Printer(f.UILang()).Sprintf("%.1f", float64(int(r*10))/10)
	return strings.TrimSpace(text)
}
