package templates

import (
	"strings"

	"kabar/internal/i18n"
)

// AppearancePage changes how the blog looks: POST multipart to
// StudioAppearancePath with ground, dye, light-TOKEN and dark-TOKEN, reading,
// interface, logo and header (files; NAME_remove takes one away), header_alt,
// nav_kind, nav_target, nav_label_LANGUAGE and nav_order (repeated, in order; the
// same with foot_), footer, css, accept, base, and do: save, home, article or
// reset (with sure).
type AppearancePage struct {
	Frame
	Studio
	Form     AppearanceForm
	Warnings []ContrastWarning // of the colours in Form
	Problems Problems
}

// AppearanceForm is what AppearancePage holds.
type AppearanceForm struct {
	Tried              bool // it goes on from the look that was tried, not from the blog's
	Grounds            []Choice
	Dye                SchemeColour
	Light, Dark        []SchemeColour // the first of them matter most
	Reading, Interface string         // names of the files; "" = none
	Logo, Header       *Image
	HeaderAlt          string
	Navigation         LinkRows
	FooterLinks        LinkRows
	Footer             string
	CSS                string
	Accept             bool
}

// SchemeColour is the field of one colour.
type SchemeColour struct {
	Name  string // of the field
	Token string // key after "token."
	Value string // what is chosen; "" = what follows
	Shown string // "#rrggbb", what it comes to
}

// Main reports whether the others follow from it.
func (c SchemeColour) Main() bool { return c.Token == "action" || c.Token == "mark" }

// LinkRows are the fields of a list of links.
type LinkRows struct {
	Prefix string // of the fields' names: nav or foot
	Title  string // key of what the list is
	Rows   []LinkRow
}

// LinkRow is one link that is chosen, or an empty row for one more.
type LinkRow struct {
	Number int // from 1
	Kinds  []Choice
	Target string
	Labels []LinkLabel
}

// LinkLabel is what a link is called in one language of the interface.
type LinkLabel struct{ Lang, Text string }

// ContrastWarning is a pair of colours that are hard to tell apart.
type ContrastWarning struct {
	Scheme              string // key of the theme's name
	Token, Behind       string // keys after "token."
	Value, Behindcolour string // "#rrggbb"
	Ratio, Want         string // in the language of the page
	Better              string // "" = there is none
}

// MediaFolder is where the CSS may load from.
func (*AppearancePage) MediaFolder() string { return "/-/media/" }

// Schemes are the colours of both themes.
func (p *AppearancePage) Schemes() []Scheme {
	return []Scheme{{"appearance.light", p.Form.Light}, {"appearance.dark", p.Form.Dark}}
}

// Scheme is the colours of one theme.
type Scheme struct {
	Title  string // key
	Fields []SchemeColour
}

// ColourProblem is what is wrong with any of the colours.
func (p *AppearancePage) ColourProblem() string {
	for name, said := range p.Problems {
		if name == "ground" || name == "dye" || strings.HasPrefix(name, "light-") || strings.HasPrefix(name, "dark-") {
			return said.In(p.UILang())
		}
	}
	return ""
}

func (*AppearancePage) file() string { return "studio/appearance" }

// colourData is the field of one colour with its frame.
type colourData struct {
	Frame
	SchemeColour
	Scheme  string // key of the theme's name, "" for both
	Problem problemData
}

func newColour(p *AppearancePage, scheme string, c SchemeColour) colourData {
	return colourData{p.Frame, c, scheme, newProblem(p.Frame, p.Problems, c.Name)}
}

// Label is what the colour is of.
func (c colourData) Label() string {
	key := "token." + c.Token
	if c.Token == "dye" {
		key = "appearance.dye"
	}
	return c.T(key)
}

// Spoken is the Label with the theme it belongs to.
func (c colourData) Spoken() string {
	if c.Scheme == "" {
		return c.Label()
	}
	return c.Label() + ", " + c.T(c.Scheme)
}

// linksData is a list of links with its frame.
type linksData struct {
	Frame
	LinkRows
	Problem problemData
}

func newLinks(p *AppearancePage, rows LinkRows, field string) linksData {
	return linksData{p.Frame, rows, newProblem(p.Frame, p.Problems, field)}
}

// LabelIn is "Label in English" in the language of the page.
func (l linksData) LabelIn(lang string) string {
	return i18n.T(l.UILang(), "appearance.label", i18n.Name(lang))
}
