package blog

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kabar/internal/theme"
)

// Theme is how readers' pages look. Its zero value is the look that Kabar
// comes with. The Studio always has that one.
type Theme struct {
	Ground      string       `json:"ground,omitempty"` // one of Grounds; "" = paper
	Dye         string       `json:"dye,omitempty"`    // of the woven strip at the top, in both
	Light       Colours      `json:"light"`
	Dark        Colours      `json:"dark"`
	Reading     ThemeFont    `json:"reading"`              // of texts
	Interface   ThemeFont    `json:"interface"`            // of controls
	Logo        ThemePicture `json:"logo"`                 // in place of the drum
	Header      ThemePicture `json:"header"`               // above the front page
	Navigation  []ThemeLink  `json:"navigation,omitempty"` // none = articles, authors, topics, archive
	Footer      string       `json:"footer,omitempty"`     // plain text
	FooterLinks []ThemeLink  `json:"footer_links,omitempty"`
	CSS         string       `json:"css,omitempty"`    // checked by theme.CheckSheet
	Accept      bool         `json:"accept,omitempty"` // the owner has seen that colours are hard to read
}

// Colours are those that a blog may choose, "#rrggbb"; "" = worked out from
// Action or Mark, and where that is "" too, Kabar's own.
type Colours struct {
	Action       string `json:"action,omitempty"`        // links and buttons
	ActionStrong string `json:"action_strong,omitempty"` // the same below a pointer
	OnAction     string `json:"on_action,omitempty"`     // text on them
	ActionSoft   string `json:"action_soft,omitempty"`   // their tint
	Mark         string `json:"mark,omitempty"`          // what deserves a second look
	MarkSoft     string `json:"mark_soft,omitempty"`     // ground of notices and of the author's answers
	MarkText     string `json:"mark_text,omitempty"`     // topics
}

// Fields are the colours by the names of their tokens.
func (c *Colours) Fields() []ThemeColour {
	return []ThemeColour{
		{"action", &c.Action},
		{"action-strong", &c.ActionStrong},
		{"on-action", &c.OnAction},
		{"action-soft", &c.ActionSoft},
		{"mark", &c.Mark},
		{"mark-soft", &c.MarkSoft},
		{"mark-text", &c.MarkText},
	}
}

// ThemeColour is one field of Colours.
type ThemeColour struct {
	Token string // without "--"
	Value *string
}

// ThemeFont is a font file of the media store.
type ThemeFont struct {
	Name     string `json:"name,omitempty"`  // in the store; "" = the system's font
	Label    string `json:"label,omitempty"` // as the file was called
	Variable bool   `json:"variable,omitempty"`
}

// ThemePicture is a picture of the media store.
type ThemePicture struct {
	Name   string `json:"name,omitempty"` // in the store; "" = none
	Alt    string `json:"alt,omitempty"`  // "" = decoration
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// ThemeLink is one entry of the navigation or of the footer.
type ThemeLink struct {
	Kind   string            `json:"kind"`             // one of ThemeLinkKinds
	Target string            `json:"target,omitempty"` // slug, tag or address; "" for the others
	Labels map[string]string `json:"labels,omitempty"` // by language of the interface; "" = the usual word
}

// ThemeLinkKinds are where a link may lead.
var ThemeLinkKinds = []string{"articles", "authors", "topics", "archive", "search", "page", "tag", "address"}

// Bounds of a theme.
const (
	MaxThemeLinks  = 12
	maxThemeLabel  = 40
	maxThemeFooter = 500
)

// checkTheme returns an *Invalid for the first thing that cannot be.
func (s Site) checkTheme() error {
	t := s.Theme
	for _, check := range []func() error{
		t.checkColours, t.checkFiles, func() error { return checkLinks("navigation", t.Navigation) },
		func() error { return checkLinks("footer_links", t.FooterLinks) }, t.checkSheet,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	if utf8.RuneCountInString(t.Footer) > maxThemeFooter {
		return &Invalid{Field: "footer", Problem: "too-long", Detail: strconv.Itoa(maxThemeFooter)}
	}
	return nil
}

func (t Theme) checkColours() error {
	if _, ok := Grounds[t.ground()]; !ok {
		return &Invalid{Field: "ground", Problem: "theme-ground", Detail: t.Ground}
	}
	if err := checkColour("dye", t.Dye); err != nil {
		return err
	}
	for prefix, of := range map[string]*Colours{"light-": &t.Light, "dark-": &t.Dark} {
		for _, c := range of.Fields() {
			if err := checkColour(prefix+c.Token, *c.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkColour(field, value string) error {
	if _, err := theme.ParseColour(value); value != "" && err != nil {
		return &Invalid{Field: field, Problem: "theme-colour", Detail: value}
	}
	return nil
}

// checkFiles looks at the names of files, which stand in addresses and in the
// sheet.
func (t Theme) checkFiles() error {
	for field, name := range map[string]string{
		"reading": t.Reading.Name, "interface": t.Interface.Name, "logo": t.Logo.Name, "header": t.Header.Name,
	} {
		if name != "" && !isMediaName(name) {
			return &Invalid{Field: field, Problem: "theme-file", Detail: name}
		}
	}
	for field, font := range map[string]ThemeFont{"reading": t.Reading, "interface": t.Interface} {
		if _, ok := fontFormats[ending(font.Name)]; font.Name != "" && !ok {
			return &Invalid{Field: field, Problem: "theme-file", Detail: font.Name}
		}
	}
	return nil
}

// isMediaName reports whether text is the name of a file in the media store: a
// hash and an ending.
func isMediaName(text string) bool {
	hash, kind, _ := strings.Cut(text, ".")
	return len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == "" &&
		kind != "" && len(kind) <= 5 && strings.Trim(kind, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

func ending(name string) string {
	_, kind, _ := strings.Cut(name, ".")
	return kind
}

func checkLinks(field string, links []ThemeLink) error {
	if len(links) > MaxThemeLinks {
		return &Invalid{Field: field, Problem: "too-many", Detail: strconv.Itoa(MaxThemeLinks)}
	}
	for _, l := range links {
		if !slices.Contains(ThemeLinkKinds, l.Kind) {
			return &Invalid{Field: field, Problem: "theme-link", Detail: l.Kind}
		}
		if err := l.checkTarget(field); err != nil {
			return err
		}
		for _, label := range l.Labels {
			if utf8.RuneCountInString(label) > maxThemeLabel {
				return &Invalid{Field: field, Problem: "too-long", Detail: strconv.Itoa(maxThemeLabel)}
			}
		}
	}
	return nil
}

func (l ThemeLink) checkTarget(field string) error {
	switch l.Kind {
	case "page", "tag":
		if l.Target == "" || len(l.Target) > 200 || strings.ContainsAny(l.Target, "/?#\\") {
			return &Invalid{Field: field, Problem: "theme-target", Detail: l.Target}
		}
	case "address":
		u, err := url.Parse(l.Target)
		if err != nil || l.Target == "" || u.Scheme != "mailto" && !webAddress(l.Target) {
			return &Invalid{Field: field, Problem: "address", Detail: l.Target}
		}
		if strings.Join(slices.Collect(maps.Values(l.Labels)), "") == "" {
			return &Invalid{Field: field, Problem: "theme-label", Detail: l.Target}
		}
	}
	return nil
}

func (t Theme) checkSheet() error {
	err := theme.CheckSheet(t.CSS, ownPicture)
	var fault *theme.Fault
	if !errors.As(err, &fault) {
		return nil
	}
	detail := strconv.Itoa(fault.Line)
	if fault.Word != "" {
		detail += ": " + fault.Word
	}
	return &Invalid{Field: "css", Problem: "css-" + fault.Reason, Detail: detail}
}

// ownPicture reports whether an address is that of a file in the media store,
// or of a part of the page.
func ownPicture(address string) bool {
	name, ok := strings.CutPrefix(address, MediaPath)
	return ok && isMediaName(name)
}
