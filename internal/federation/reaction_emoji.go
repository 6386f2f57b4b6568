package federation

import (
	"regexp"
	"strings"
	"unicode"
)

// maxEmoji is the longest emoji of a reaction, in characters: a family of four
// with skin tones has eleven, the flag of Scotland seven.
const maxEmoji = 16

// shortcodePattern is a custom emoji as reactions name it. Misskey adds the
// server it is from, "." for its own.
var shortcodePattern = regexp.MustCompile(`^:([A-Za-z0-9_.+-]{1,60})(@[A-Za-z0-9._:-]*)?:$`)

// reactionEmoji reads the content of a reaction: one emoji, or the shortcode of
// a custom one as :name:. Anything else is "".
func reactionEmoji(content string) string {
	content = strings.TrimSpace(content)
	if m := shortcodePattern.FindStringSubmatch(content); m != nil {
		return ":" + m[1] + ":"
	}
	if !isEmoji([]rune(content)) {
		return ""
	}
	return content
}

// Characters of which emoji are put together (Unicode Technical Standard 51).
const (
	zeroWidthJoiner   = '\u200D'
	variationText     = '\uFE0E'
	variationEmoji    = '\uFE0F'
	keycap            = '\u20E3'
	firstTag          = '\U000E0020'
	lastTag           = '\U000E007F'
	firstSkinTone     = '\U0001F3FB'
	lastSkinTone      = '\U0001F3FF'
	firstRegionalSign = '\U0001F1E6'
	lastRegionalSign  = '\U0001F1FF'
)

// isEmoji reports whether the characters look like one emoji: a symbol with its
// variations, several joined, a keycap or a flag.
func isEmoji(chars []rune) bool {
	n := len(chars)
	switch {
	case n == 0 || n > maxEmoji:
		return false
	case n == 2 && isRegional(chars[0]) && isRegional(chars[1]):
		return true
	case chars[n-1] == keycap:
		return strings.ContainsRune("0123456789#*", chars[0]) && (n == 2 || n == 3 && chars[1] == variationEmoji)
	}
	joined := true // a symbol may come
	for _, c := range chars {
		switch {
		case c == zeroWidthJoiner && !joined:
			joined = true
		case joined:
			if !isSymbol(c) {
				return false
			}
			joined = false
		case c == variationEmoji, c == variationText, c >= firstSkinTone && c <= lastSkinTone, c >= firstTag && c <= lastTag:
		default:
			return false
		}
	}
	return !joined
}

// isSymbol takes a whole block, so that emoji that are newer than the tables of
// this program count too.
func isSymbol(c rune) bool {
	return (unicode.In(c, unicode.So, unicode.Sm) || strings.ContainsRune("‼⁉〰", c) || c >= '\U0001F000' && c <= '\U0001FAFF') &&
		c > unicode.MaxASCII && !isRegional(c)
}

func isRegional(c rune) bool { return c >= firstRegionalSign && c <= lastRegionalSign }
