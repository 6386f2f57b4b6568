package blog

import "kabar/internal/theme"

// Ground is what everything stands on: backgrounds, text and lines, for light
// and dark. The names are those of the tokens of kabar.css.
type Ground struct{ Light, Dark map[string]string }

// Grounds are the backgrounds to choose from; their text can be read on all of
// their surfaces.
var Grounds = map[string]Ground{
	"paper": {
		Light: tokens("#fcfbf8", "#f4f1ea", "#ffffff", "#211c18", "#655b52", "#e2dbcf", "#8d8276"),
		Dark:  tokens("#181511", "#221e18", "#2a251e", "#ebe4d8", "#b3a899", "#3a342b", "#8a7f70"),
	},
	"white": {
		Light: tokens("#ffffff", "#f3f4f6", "#ffffff", "#1b1d22", "#585e69", "#dfe2e7", "#7f8793"),
		Dark:  tokens("#101114", "#191b1f", "#212429", "#e8eaee", "#a7adb8", "#30343b", "#7d8591"),
	},
	"leaf": {
		Light: tokens("#fafcf7", "#eff4ea", "#ffffff", "#1a211a", "#546155", "#d8e2d3", "#7b8b7c"),
		Dark:  tokens("#111612", "#19201a", "#212a22", "#e2ebe0", "#a4b3a4", "#2f3a30", "#768776"),
	},
}

// GroundNames are the names of Grounds in the order they are offered.
var GroundNames = []string{"paper", "white", "leaf"}

func tokens(page, surface, raised, text, quiet, line, edge string) map[string]string {
	return map[string]string{
		"page": page, "surface": surface, "raised": raised, "text": text, "quiet": quiet, "line": line, "edge": edge,
	}
}

func (t Theme) ground() string {
	if t.Ground == "" {
		return "paper"
	}
	return t.Ground
}

// The colours that Kabar comes with (kabar.css).
var (
	ownLight = Colours{"#2f3d8f", "#1f2a6b", "#ffffff", "#e9ebf8", "#efae2a", "#fdf3d9", "#7a4c00"}
	ownDark  = Colours{"#b4c0ff", "#d3daff", "#171b3d", "#262a44", "#f0b541", "#31260f", "#f5cb78"}
)

// OwnDye is the colour of the strip that Kabar comes with.
const OwnDye = "#36449a"

// onMark is the text on Mark, as kabar.css has it.
const onMark = "#211c18"

// Effective are the colours of a theme, light and dark, each with a value.
func (t Theme) Effective() (light, dark Colours) {
	g := Grounds[t.ground()]
	return complete(t.Light, ownLight, g.Light), complete(t.Dark, ownDark, g.Dark)
}

// complete works out what is not chosen: from the colour it belongs to, if that
// is chosen. Below a pointer it moves away from the text on it.
func complete(c, own Colours, ground map[string]string) Colours {
	page := colour(ground["page"])
	if c.Action != "" {
		action := colour(c.Action)
		on, away := theme.White, theme.Black
		if theme.Contrast(action, theme.White) < theme.Contrast(action, theme.Black) {
			on, away = action.Mix(theme.Black, .8), theme.White
		}
		own.Action = c.Action
		own.ActionStrong, own.OnAction = action.Mix(away, .3).String(), on.String()
		own.ActionSoft = page.Mix(action, .1).String()
	}
	if c.Mark != "" {
		mark := colour(c.Mark)
		own.Mark, own.MarkSoft = c.Mark, page.Mix(mark, .14).String()
		text, _ := theme.Near(mark, TextContrast+.3, page, colour(ground["surface"]), colour(ground["raised"]))
		own.MarkText = text.String()
	}
	chosen := c.Fields()
	for i, field := range own.Fields() {
		if *chosen[i].Value != "" {
			*field.Value = colour(*chosen[i].Value).String()
		}
	}
	return own
}

// colour is a colour that was checked.
func colour(text string) theme.Colour {
	c, _ := theme.ParseColour(text) // black, if it was not
	return c
}
