package blog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNear is how many pieces of words a text is looked through for.
const maxNear = 12

// Near are pieces by which a place is found in a text that was found: the words
// as typed, their stems, and what of a stem stands even in words that change
// its end or its beginning ("happy", "memukul").
func (w Wanted) Near(stems []string) (pieces []string) {
	add := func(piece string) {
		if piece != "" && len(pieces) < maxNear && !slices.Contains(pieces, piece) {
			pieces = append(pieces, piece)
		}
	}
	for _, t := range w.Terms {
		if !t.Not && t.sought() {
			add(strings.ToLower(t.Text))
		}
	}
	for _, stem := range stems {
		add(stem)
	}
	for _, stem := range stems {
		if runes := []rune(stem); len(runes) > 3 {
			add(string(runes[:len(runes)-1]))
			add(string(runes[1:]))
		}
	}
	return pieces
}

// Marked is a text with what was looked for marked. Where the database marked
// nothing, as in scripts without spaces, the words are looked for as they are
// in part, the piece of the text that it looked at.
func (w Wanted) Marked(marked, part string) string {
	if strings.ContainsRune(marked, FoundOpen) {
		return marked
	}
	lower := strings.ToLower(part)
	if len(lower) != len(part) {
		return marked // a letter changes its length with its case: places differ
	}
	for _, t := range w.Terms {
		word := strings.ToLower(t.Text)
		at := strings.Index(lower, word)
		if t.Not || !t.sought() || at < 0 {
			continue
		}
		before, after := part[:at], part[at+len(word):]
		if end := lastRunes(before, 60); len(end) < len(before) {
			before = "…" + end
		}
		return before + string(FoundOpen) + part[at:at+len(word)] + string(FoundClose) + Clip(after, 160)
	}
	return marked
}

// Clip cuts a text after n characters.
func Clip(text string, n int) string {
	if begun := firstRunes(text, n); len(begun) < len(text) {
		return begun + "…"
	}
	return text
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

func lastRunes(text string, n int) string {
	at := len(text)
	for ; at > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return text[at:]
}

// Torn is an excerpt of a text with "…" where it was torn off.
func Torn(excerpt, text string) string {
	plain, text := strings.TrimSpace(Unmarked(excerpt)), strings.TrimSpace(text)
	if plain == "" || strings.Contains(plain, text) {
		return excerpt
	}
	if !strings.HasPrefix(text, firstRunes(plain, tornRunes)) {
		excerpt = "… " + excerpt
	}
	if rest := strings.TrimRightFunc(text, notWord); !strings.HasSuffix(rest, lastRunes(strings.TrimRightFunc(plain, notWord), tornRunes)) {
		excerpt += " …"
	}
	return excerpt
}

// Unmarked is a text of a Found without its marks.
func Unmarked(text string) string { return unmarked.Replace(text) }

var unmarked = strings.NewReplacer(string(FoundOpen), "", string(FoundClose), "")

func notWord(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r)
}

// tornRunes is how much of an end says which place it is.
const tornRunes = 24
