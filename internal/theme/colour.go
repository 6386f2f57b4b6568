package theme

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrColour is what is wrong with a text that names no colour.
var ErrColour = errors.New("not a colour like #2f3d8f")

// Colour is an opaque sRGB colour.
type Colour struct{ R, G, B uint8 }

// ParseColour reads "#2f3d8f" or "#23d", in any case.
func ParseColour(text string) (Colour, error) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(text), "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !ok || len(digits) != 6 || err != nil {
		return Colour{}, fmt.Errorf("%q: %w", text, ErrColour)
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil //nolint:gosec // each is one byte of six digits
}

// String writes the colour as style sheets do, with six digits.
func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// luminance is the relative luminance (WCAG 2.2, definitions).
func (c Colour) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Contrast is the contrast ratio of two colours, 1 to 21 (WCAG 2.2,
// definitions).
func Contrast(a, b Colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// Mix lays part (0 to 1) of another colour over this one.
func (c Colour) Mix(other Colour, part float64) Colour {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part)) }
	return Colour{mix(c.R, other.R), mix(c.G, other.G), mix(c.B, other.B)}
}

// The ends towards which a colour is moved until it can be read.
var (
	Black = Colour{0, 0, 0}
	White = Colour{255, 255, 255}
)

// nearSteps is how finely Near looks between a colour and black or white.
const nearSteps = 100

// Near is the colour closest to c, darker or lighter, that has the contrast
// want with each of those; false if there is none.
func Near(c Colour, want float64, with ...Colour) (Colour, bool) {
	for step := range nearSteps + 1 {
		for _, end := range []Colour{Black, White} {
			if tried := c.Mix(end, float64(step)/nearSteps); reads(tried, want, with) {
				return tried, true
			}
		}
	}
	return c, false
}

func reads(c Colour, want float64, with []Colour) bool {
	for _, other := range with {
		if Contrast(c, other) < want {
			return false
		}
	}
	return true
}
