package blog

import "kabar/internal/theme"

// The least contrast ratios (WCAG 2.2, 1.4.3 and 1.4.11).
const (
	TextContrast = 4.5 // of text with what is behind it
	PartContrast = 3.0 // of what shows where a control is
)

// ThemeWarning is a pair of colours that some people cannot tell apart.
type ThemeWarning struct {
	Dark        bool    // in the dark theme; else in the light one
	Token       string  // the colour, by its token
	Behind      string  // the token of what is behind it
	Value       string  // of Token
	BehindValue string  // of Behind
	Ratio       float64 // of the two
	Want        float64
	Better      string // the colour nearest to Value that passes with all that is behind it; "" = there is none
}

// pairs are what stands on what.
var pairs = []struct {
	token string
	want  float64
	on    []string
}{
	{"action", TextContrast, []string{"page", "surface", "raised", "action-soft", "mark-soft"}},
	{"action-strong", TextContrast, []string{"page", "surface", "raised", "action-soft"}},
	{"on-action", TextContrast, []string{"action", "action-strong"}},
	{"mark-text", TextContrast, []string{"page", "surface", "raised"}},
	{"on-mark", TextContrast, []string{"mark"}},
	{"text", TextContrast, []string{"page", "surface", "raised", "action-soft", "mark-soft"}},
	{"quiet", TextContrast, []string{"page", "surface", "raised", "mark-soft"}},
	{"edge", PartContrast, []string{"page", "raised"}},
}

// Warnings are the pairs of a checked theme without enough contrast. None of
// Kabar's own are.
func (t Theme) Warnings() []ThemeWarning {
	light, dark := t.Effective()
	g := Grounds[t.ground()]
	return append(warnings(light, g.Light, false), warnings(dark, g.Dark, true)...)
}

func warnings(c Colours, ground map[string]string, dark bool) (list []ThemeWarning) {
	values := map[string]string{"on-mark": onMark}
	for token, value := range ground {
		values[token] = value
	}
	for _, field := range c.Fields() {
		values[field.Token] = *field.Value
	}
	for _, p := range pairs {
		worst := ThemeWarning{Dark: dark, Token: p.token, Value: values[p.token], Want: p.want, Ratio: p.want}
		behind := make([]theme.Colour, len(p.on))
		for i, token := range p.on {
			behind[i] = colour(values[token])
			if ratio := theme.Contrast(colour(worst.Value), behind[i]); ratio < worst.Ratio {
				worst.Behind, worst.BehindValue, worst.Ratio = token, values[token], ratio
			}
		}
		if worst.Behind != "" {
			list = append(list, worst.advised(behind, values))
		}
	}
	return list
}

// advised adds what would do. The text on a mark is fixed: there it is the mark
// that has to change. Text and tints are worked out on a chosen ground.
func (w ThemeWarning) advised(behind []theme.Colour, values map[string]string) ThemeWarning {
	subject := w.Value
	switch w.Token {
	case "on-mark", "text", "quiet", "edge":
		subject, behind = values[w.Behind], []theme.Colour{colour(w.Value)}
		w.Token, w.Behind, w.Value, w.BehindValue = w.Behind, w.Token, subject, w.Value
	}
	if better, ok := theme.Near(colour(subject), w.Want, behind...); ok {
		w.Better = better.String()
	}
	return w
}
