package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// bidiControl reports a character that changes the direction of what follows it (Unicode UAX #9, explicit formatting and
// marks). In a name it would turn the text around it, too.
func bidiControl(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C
}

// zeroWidth reports a character that shows nothing and joins nothing. The joiners U+200C and U+200D are not among them:
// Persian, the scripts of India and many emoji need them.
func zeroWidth(r rune) bool {
	switch r {
	case 0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x2060, 0x3164, 0xFEFF, 0xFFA0:
		return true
	}
	return r >= 0x2061 && r <= 0x2064 || r >= 0xFFF9 && r <= 0xFFFB || r >= 0xE0000 && r <= 0xE001F
}

// clean drops what has no place in text: bytes that are no UTF-8, control characters except line end and tab, direction
// controls, zero-width characters, and joiners that have nothing to join.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	joinable := false
	for i, r := range s {
		if r == 0x200C || r == 0x200D {
			next, _ := utf8.DecodeRuneInString(s[i+3:])
			if !joinable || next < utf8.RuneSelf || next == 0x200C || next == 0x200D || zeroWidth(next) || bidiControl(next) {
				continue
			}
		} else if r != '\n' && r != '\t' && unicode.IsControl(r) || bidiControl(r) || zeroWidth(r) {
			continue
		}
		b.WriteRune(r)
		joinable = r >= utf8.RuneSelf && r != 0x200C && r != 0x200D && !unicode.IsSpace(r)
	}
	return b.String()
}

// cut shortens s to at most n characters, never inside one, and marks the cut with an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count := 0
	end := 0
	for i := range s {
		if count == n-1 {
			end = i
		}
		if count == n {
			return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…"
		}
		count++
	}
	return s
}
