package markup

import (
	"html"
	"strings"
)

// Bounds of the pictures that stand for emoji in one text. What comes after them stays text.
const (
	maxEmojiName = 20  // in a name
	maxEmojiText = 200 // in a text
)

// Emojify puts pictures in the place of the custom emoji of a text. emoji has the address of the picture, on our own
// server, for each shortcode (without colons); a shortcode that is not there stays as it is. Tags, and all that stands
// in code or pre, are left alone.
func Emojify(text Safe, emoji map[string]string) Safe {
	if len(emoji) == 0 || strings.Count(text.html, ":") < 2 {
		return text
	}
	e := emojifier{emoji: emoji, left: maxEmojiText}
	rest, code := text.html, 0
	for rest != "" {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			open = len(rest)
		}
		if code == 0 {
			e.text(rest[:open])
		} else {
			e.b.WriteString(rest[:open])
		}
		tag := rest[open : open+tagLength(rest[open:])]
		e.b.WriteString(tag)
		code = max(0, code+codeStep(tag))
		rest = rest[open+len(tag):]
	}
	return Safe{e.b.String()}
}

// EmojifyName is Emojify for a name, which is plain text and becomes HTML here.
func EmojifyName(name string, emoji map[string]string) Safe {
	escaped := html.EscapeString(name)
	if len(emoji) == 0 || strings.Count(name, ":") < 2 {
		return Safe{escaped}
	}
	e := emojifier{emoji: emoji, left: maxEmojiName}
	e.text(escaped)
	return Safe{e.b.String()}
}

// tagLength is the length of the tag that s begins with. A bracket in a quoted value ends no tag.
func tagLength(s string) int {
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(s)
}

// codeStep is 1 for a tag that opens code, -1 for one that closes it.
func codeStep(tag string) int {
	name := strings.TrimPrefix(tag, "<")
	step := 1
	if after, closes := strings.CutPrefix(name, "/"); closes {
		name, step = after, -1
	}
	for _, element := range []string{"code", "pre"} {
		if rest, ok := strings.CutPrefix(name, element); ok && (rest == "" || !codeByte(rest[0])) {
			return step
		}
	}
	return 0
}

// emojifier writes text with pictures.
type emojifier struct {
	b     strings.Builder
	emoji map[string]string
	left  int
}

// text writes HTML that has no tags.
func (e *emojifier) text(s string) {
	for from := 0; e.left > 0; {
		open, code := shortcode(s, from)
		if open < 0 {
			break
		}
		address, ok := e.emoji[code]
		if !ok {
			from = open + 1
			continue
		}
		e.b.WriteString(s[:open])
		e.picture(address, code)
		e.left--
		s, from = s[open+len(code)+2:], 0
	}
	e.b.WriteString(s)
}

func (e *emojifier) picture(address, code string) {
	e.b.WriteString(`<img class="emoji" src="`)
	e.b.WriteString(html.EscapeString(address))
	e.b.WriteString(`" alt=":` + code + `:" title=":` + code + `:" width="20" height="20" loading="lazy">`)
}

// shortcode finds the next ":code:" in s from an index on and returns where it opens, or -1.
func shortcode(s string, from int) (int, string) {
	for i := from; i < len(s); i++ {
		if s[i] != ':' {
			continue
		}
		end := i + 1
		for end < len(s) && end-i <= MaxShortcode && codeByte(s[end]) {
			end++
		}
		if end > i+1 && end < len(s) && s[end] == ':' {
			return i, s[i+1 : end]
		}
		i = end - 1
	}
	return -1, ""
}

// MaxShortcode is the longest name of a custom emoji, in bytes.
const MaxShortcode = 64

// Shortcode returns the name of a custom emoji without its colons, if that is one that Emojify looks for.
func Shortcode(name string) (code string, ok bool) {
	code = strings.TrimSuffix(strings.TrimPrefix(name, ":"), ":")
	found, same := shortcode(":"+code+":", 0)
	return code, found == 0 && same == code
}

func codeByte(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
