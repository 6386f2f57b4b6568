package blog

import (
	"slices"
	"strings"
	"unicode"
)

// Limits of what is looked for at once.
const (
	maxWanted      = 24   // words and phrases
	maxWantedRunes = 1000 // characters
	maxWantedWord  = 100  // characters of a word
)

// Wanted is what a reader looks for, as they typed it: words, "phrases", -words
// that must not be there, and alternatives (or, atau, |).
type Wanted struct {
	Terms []WantedTerm
	Cut   bool // there was more than is looked for at once
}

// WantedTerm is one word or phrase.
type WantedTerm struct {
	Text   string
	Phrase bool
	Not    bool
	Or     bool // the alternative of the one before it
}

// ParseWanted reads what somebody typed. Everything can be read: quotation
// marks without an end, signs without words.
func ParseWanted(typed string) (w Wanted) {
	typed = strings.Map(typedRune, strings.ToValidUTF8(typed, " "))
	if begun := firstRunes(typed, maxWantedRunes); len(begun) < len(typed) {
		typed, w.Cut = begun, true
	}
	or := false
	for typed = strings.TrimSpace(typed); typed != ""; typed = strings.TrimSpace(typed) {
		var t WantedTerm
		t, typed = nextTerm(typed)
		switch {
		case !t.Phrase && !t.Not && alternatives[strings.ToLower(t.Text)]:
			or = len(w.Terms) > 0
			continue
		case !t.said():
			continue
		case len(w.Terms) == maxWanted:
			w.Cut = true
			return w
		}
		if n := len(w.Terms); or && !t.Not && !w.Terms[n-1].Not {
			t.Or = true
		}
		w.Terms, or = append(w.Terms, t), false
	}
	return w
}

var alternatives = map[string]bool{"or": true, "atau": true, "|": true}

// typedRune makes quotation marks of all languages the same, and drops what
// cannot be searched for or seen.
func typedRune(r rune) rune {
	switch {
	case strings.ContainsRune("“”„‟«»「」『』＂", r):
		return '"'
	case unicode.IsControl(r), unicode.IsSpace(r), strings.ContainsRune("<>&", r): // as the database (search_text)
		return ' '
	case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d': // direct text, or are not seen
		return -1
	}
	return r
}

// nextTerm takes the first term off a text that begins with none of space.
func nextTerm(text string) (t WantedTerm, rest string) {
	if after, ok := strings.CutPrefix(text, "-"); ok && after != "" && after[0] != ' ' && after[0] != '-' {
		t.Not, text = true, after
	}
	if after, ok := strings.CutPrefix(text, `"`); ok {
		t.Phrase = true
		t.Text, rest, _ = strings.Cut(after, `"`)
		t.Text = strings.Join(strings.Fields(t.Text), " ")
		return t, rest
	}
	end := strings.IndexAny(text, ` "`)
	if end < 0 {
		end = len(text)
	}
	t.Text, rest = text[:end], text[end:]
	t.Text = firstRunes(t.Text, maxWantedWord)
	return t, rest
}

// said reports whether there is anything but signs in a term.
func (t WantedTerm) said() bool {
	return strings.ContainsFunc(t.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// sought reports whether a term is looked for: single words that are in every
// text are not.
func (t WantedTerm) sought() bool { return t.Phrase || !everywhere[strings.ToLower(t.Text)] }

// None reports whether nothing is left to look for.
func (w Wanted) None() bool {
	return !slices.ContainsFunc(w.Terms, func(t WantedTerm) bool { return !t.Not && t.sought() })
}

// Plain are the single words that are looked for.
func (w Wanted) Plain() (words []string) {
	for _, t := range w.Terms {
		if !t.Not && !t.Phrase && t.sought() {
			words = append(words, strings.ToLower(t.Text))
		}
	}
	return words
}

// Spelled is the same search with some words replaced.
func (w Wanted) Spelled(better map[string]string) Wanted {
	w.Terms = slices.Clone(w.Terms)
	for i, t := range w.Terms {
		if word, ok := better[strings.ToLower(t.Text)]; ok && !t.Not && !t.Phrase {
			w.Terms[i].Text = word
		}
	}
	return w
}

// String is the search as it could be typed.
func (w Wanted) String() string {
	var b strings.Builder
	for i, t := range w.Terms {
		if i > 0 {
			b.WriteByte(' ')
		}
		if t.Or {
			b.WriteString("or ")
		}
		if t.Not {
			b.WriteByte('-')
		}
		if t.Phrase {
			b.WriteString(`"` + t.Text + `"`)
		} else {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// TSQuery is the search for PostgreSQL's to_tsquery: what must be there, and
// what must not. Every operand is quoted, so none is an operator. Neighbouring
// alternatives bind closest.
func (w Wanted) TSQuery() (must, not string) {
	var musts, nots []string
	for _, t := range w.Terms {
		operand := t.operand()
		switch n := len(musts) - 1; {
		case operand == "" || !t.sought():
		case t.Not:
			nots = append(nots, operand)
		case t.Or && n >= 0:
			musts[n] += " | " + operand
		default:
			musts = append(musts, operand)
		}
	}
	if len(musts) > 0 {
		must = "(" + strings.Join(musts, ") & (") + ")"
	}
	return must, strings.Join(nots, " | ")
}

// operand is a term of a tsquery. Where a script has no spaces the pairs of
// neighbouring characters are looked for; of a single one, the pairs that begin
// with it (migrations/00019_search.sql).
func (t WantedTerm) operand() string {
	var parts []string
	for _, run := range runs(t.Text) {
		runes := []rune(run)
		switch {
		case !Unspaced(runes[0]):
			parts = append(parts, quoted(run))
		case len(runes) == 1:
			parts = append(parts, quoted(run)+":*")
		default:
			for i := range runes[1:] {
				parts = append(parts, quoted(string(runes[i:i+2])))
			}
		}
	}
	if len(parts) > 1 {
		return "(" + strings.Join(parts, " & ") + ")"
	}
	return strings.Join(parts, "")
}

var operandEscaper = strings.NewReplacer(`'`, `''`, `\`, `\\`)

func quoted(text string) string { return `'` + operandEscaper.Replace(text) + `'` }

// runs splits a text where scripts with and without spaces meet; what is
// nothing but spaces and signs is left out.
func runs(text string) (all []string) {
	start, was := 0, false
	cut := func(end int) {
		if run := text[start:end]; (WantedTerm{Text: run}).said() {
			all = append(all, run)
		}
		start = end
	}
	for i, r := range text {
		if is := Unspaced(r); is != was {
			cut(i)
			was = is
		}
	}
	cut(len(text))
	return all
}

// Unspaced reports whether a character is of a script that puts no spaces
// between words. The database has the same ranges (search_text).
func Unspaced(r rune) bool { return r >= 0x0E00 && unicode.Is(withoutSpaces, r) }

var withoutSpaces = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0E00, 0x0EFF, 1},
		{0x1000, 0x109F, 1},
		{0x1780, 0x17FF, 1},
		{0x1B00, 0x1B7F, 1},
		{0x3040, 0x30FF, 1},
		{0x3400, 0x4DBF, 1},
		{0x4E00, 0x9FFF, 1},
		{0xA980, 0xA9DF, 1},
		{0xF900, 0xFAFF, 1},
	},
	R32: []unicode.Range32{{0x20000, 0x2FA1F, 1}},
}
