package blog

import (
	"slices"
	"strings"
)

// Bounds of a comparison. What is too much to compare stands as one piece taken
// out and one put in.
const (
	maxPairs      = 4 << 20 // paragraphs or words, each with each; some 30 ms
	maxParagraphs = 300     // shown
	aroundChanges = 1       // paragraphs shown before and after a changed one
)

// SpanKind says what became of a piece of text.
type SpanKind byte

// The kinds of spans.
const (
	Kept  SpanKind = '='
	Added SpanKind = '+'
	Taken SpanKind = '-'
)

// Span is a piece of text that was kept, added or taken out.
type Span struct {
	Kind SpanKind
	Text string
}

// Paragraph is one of a compared text; without spans it stands for those that
// are left out, because nothing around them changed.
type Paragraph []Span

// compare returns what changed from one text to another, paragraph by
// paragraph; whole leaves out nothing but what is too much.
func compare(from, to string, whole bool) []Paragraph {
	var all []Paragraph
	c := comparison{maxPairs}
	steps := c.differ(paragraphs(from), paragraphs(to))
	for i := 0; i < len(steps); i++ {
		s := steps[i]
		if s.Kind == Taken && i+1 < len(steps) && steps[i+1].Kind == Added {
			i++
			all = append(all, c.rewritten(s.items, steps[i].items)...)
			continue
		}
		for _, text := range s.items {
			all = append(all, Paragraph{{s.Kind, text}})
		}
	}
	if !whole {
		all = changedOnly(all)
	}
	return all[:min(len(all), maxParagraphs)]
}

// rewritten compares paragraphs that stand in the place of others, one by one.
func (c *comparison) rewritten(from, to []string) []Paragraph {
	var all []Paragraph
	for i := range max(len(from), len(to)) {
		switch {
		case i >= len(from):
			all = append(all, Paragraph{{Added, to[i]}})
		case i >= len(to):
			all = append(all, Paragraph{{Taken, from[i]}})
		default:
			all = append(all, c.words(from[i], to[i]))
		}
	}
	return all
}

// words compares two lines or paragraphs word by word.
func (c *comparison) words(from, to string) []Span {
	var spans []Span
	steps := c.differ(words(from+" "), words(to+" ")) // the last word is like any other
	for i, s := range steps {
		text := strings.Join(s.items, "")
		if i == len(steps)-1 || s.Kind == Taken && i == len(steps)-2 && steps[i+1].Kind == Added {
			text = strings.TrimSuffix(text, " ")
		}
		if text != "" {
			spans = append(spans, Span{s.Kind, text})
		}
	}
	return spans
}

// changedOnly leaves out the paragraphs around which nothing changed.
func changedOnly(all []Paragraph) []Paragraph {
	near := make([]bool, len(all))
	for i, p := range all {
		if len(p) == 1 && p[0].Kind == Kept {
			continue
		}
		for j := max(0, i-aroundChanges); j <= min(len(all)-1, i+aroundChanges); j++ {
			near[j] = true
		}
	}
	var kept []Paragraph
	for i, p := range all {
		switch {
		case near[i]:
			kept = append(kept, p)
		case i == 0 || near[i-1]:
			kept = append(kept, nil)
		}
	}
	return kept
}

func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n\n"), func(p string) bool { return strings.TrimSpace(p) == "" })
}

// words cuts a text behind each space; joined they are the text again.
func words(text string) []string {
	return slices.DeleteFunc(strings.SplitAfter(text, " "), func(w string) bool { return w == "" })
}

// step is a run of items that were kept, added or taken out.
type step struct {
	Kind  SpanKind
	items []string
}

// comparison is one comparison of two texts.
type comparison struct {
	room int // pairs of items that may still be looked at
}

// differ finds what two lists have in common, the most there is, and what
// stands between. In a change what is taken out comes before what is added.
func (c *comparison) differ(from, to []string) []step {
	head := 0
	for head < min(len(from), len(to)) && from[head] == to[head] {
		head++
	}
	tail := 0
	for tail < min(len(from), len(to))-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
	}
	steps := add(nil, Kept, from[:head])
	steps = c.between(steps, from[head:len(from)-tail], to[head:len(to)-tail])
	return add(steps, Kept, from[len(from)-tail:])
}

// between adds the steps between lists that begin and end differently.
func (c *comparison) between(steps []step, from, to []string) []step {
	if len(from)*len(to) > c.room {
		return add(add(steps, Taken, from), Added, to)
	}
	c.room -= len(from) * len(to)
	common := inCommon(from, to)
	x, y := 0, 0
	for x < len(from) && y < len(to) {
		switch {
		case from[x] == to[y]:
			steps = add(steps, Kept, from[x:x+1])
			x, y = x+1, y+1
		case common[x+1][y] >= common[x][y+1]:
			steps = add(steps, Taken, from[x:x+1])
			x++
		default:
			steps = add(steps, Added, to[y:y+1])
			y++
		}
	}
	return add(add(steps, Taken, from[x:]), Added, to[y:])
}

// inCommon tells for every two places how long the longest common subsequence
// of what comes from there on is. It is no longer than the shorter list, and
// that is short: the room is for the product of both.
func inCommon(from, to []string) [][]uint16 {
	length := make([][]uint16, len(from)+1)
	cells := make([]uint16, (len(from)+1)*(len(to)+1))
	for x := range length {
		length[x], cells = cells[:len(to)+1], cells[len(to)+1:]
	}
	for x := len(from) - 1; x >= 0; x-- {
		for y := len(to) - 1; y >= 0; y-- {
			if from[x] == to[y] {
				length[x][y] = length[x+1][y+1] + 1
			} else {
				length[x][y] = max(length[x+1][y], length[x][y+1])
			}
		}
	}
	return length
}

// add puts items behind the steps. What is taken out goes before what was added
// at the same place.
func add(steps []step, kind SpanKind, items []string) []step {
	if len(items) == 0 {
		return steps
	}
	last := len(steps) - 1
	switch {
	case last >= 0 && steps[last].Kind == kind:
		steps[last].items = append(steps[last].items, items...)
		return steps
	case kind == Taken && last >= 0 && steps[last].Kind == Added:
		before := add(steps[:last:last], Taken, items)
		return append(before, steps[last])
	}
	return append(steps, step{kind, slices.Clone(items)})
}
