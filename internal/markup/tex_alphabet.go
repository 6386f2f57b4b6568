package markup

import "strings"

// alphabet is a style of letters. Browsers know only the upright one by an attribute; the others are characters of
// their own (Unicode, "Mathematical Alphanumeric Symbols").
type alphabet string

const (
	italic       alphabet = ""
	upright      alphabet = "mathrm"
	bold         alphabet = "mathbf"
	boldItalic   alphabet = "boldsymbol"
	script       alphabet = "mathcal"
	fraktur      alphabet = "mathfrak"
	doubleStruck alphabet = "mathbb"
	sansSerif    alphabet = "mathsf"
	monospace    alphabet = "mathtt"
)

// alphabets are the commands that choose one.
var alphabets = map[string]alphabet{
	"mathrm": upright, "rm": upright, "mathup": upright, "mathbf": bold, "bf": bold, "mathit": italic, "mathnormal": italic,
	"boldsymbol": boldItalic, "bm": boldItalic, "mathcal": script, "mathscr": script, "mathfrak": fraktur,
	"mathbb": doubleStruck, "mathsf": sansSerif, "mathtt": monospace,
}

// first are the characters for A, a and 0; 0 where an alphabet has none.
var first = map[alphabet][3]rune{
	bold: {0x1D400, 0x1D41A, 0x1D7CE}, boldItalic: {0x1D468, 0x1D482, 0x1D7CE}, script: {0x1D49C, 0x1D4B6, 0},
	fraktur: {0x1D504, 0x1D51E, 0}, doubleStruck: {0x1D538, 0x1D552, 0x1D7D8}, sansSerif: {0x1D5A0, 0x1D5BA, 0x1D7E2},
	monospace: {0x1D670, 0x1D68A, 0x1D7F6},
}

// elsewhere are the letters that Unicode had before and that the ranges leave out.
var elsewhere = map[rune]rune{
	0x1D49D: 'ℬ', 0x1D4A0: 'ℰ', 0x1D4A1: 'ℱ', 0x1D4A3: 'ℋ', 0x1D4A4: 'ℐ', 0x1D4A7: 'ℒ', 0x1D4A8: 'ℳ', 0x1D4AD: 'ℛ',
	0x1D4BA: 'ℯ', 0x1D4BC: 'ℊ', 0x1D4C4: 'ℴ', 0x1D506: 'ℭ', 0x1D50B: 'ℌ', 0x1D50C: 'ℑ', 0x1D515: 'ℜ', 0x1D51D: 'ℨ',
	0x1D53A: 'ℂ', 0x1D53F: 'ℍ', 0x1D545: 'ℕ', 0x1D547: 'ℙ', 0x1D548: 'ℚ', 0x1D549: 'ℝ', 0x1D551: 'ℤ',
}

// one is a letter or digit in the alphabet; the same one where the alphabet has it not.
func (a alphabet) one(r rune) string {
	for i, zero := range []rune("Aa0") {
		last := zero + 25
		if zero == '0' {
			last = '9'
		}
		base := first[a][i]
		if base == 0 || r < zero || r > last {
			continue
		}
		if known := elsewhere[base+r-zero]; known != 0 {
			return string(known)
		}
		return string(base + r - zero)
	}
	return string(r)
}

func (a alphabet) all(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(a.one(r))
	}
	return b.String()
}
