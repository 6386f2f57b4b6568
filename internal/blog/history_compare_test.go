package blog

import (
	"fmt"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shown writes spans as a line: taken out [-so-], added {+so+}.
func shown(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.Kind {
		case Taken:
			b.WriteString("[-" + s.Text + "-]")
		case Added:
			b.WriteString("{+" + s.Text + "+}")
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func shownAll(all []Paragraph) []string {
	lines := []string{}
	for _, p := range all {
		if p == nil {
			lines = append(lines, "…")
			continue
		}
		lines = append(lines, shown(p))
	}
	return lines
}

func TestCompareWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, from, to, want string }{
		{"nothing", "", "", ""},
		{"the same", "kopi dan teh", "kopi dan teh", "kopi dan teh"},
		{"one word", "kopi dan teh", "kopi atau teh", "kopi [-dan -]{+atau +}teh"},
		{"added at the end", "kopi", "kopi dan teh", "kopi {+dan teh+}"},
		{"taken out at the end", "kopi dan teh", "kopi", "kopi [-dan teh-]"},
		{"added inside", "kopi teh", "kopi dan teh", "kopi {+dan +}teh"},
		{"taken out", "kopi dan teh hangat", "kopi teh hangat", "kopi [-dan -]teh hangat"},
		{"all new", "kopi", "teh", "[-kopi-]{+teh+}"},
		{"from nothing", "", "teh", "{+teh+}"},
		{"two places", "a b c d e", "a x c y e", "a [-b -]{+x +}c [-d -]{+y +}e"},
		{"spaces are kept", "a  b", "a  c", "a  [-b-]{+c+}"},
		{"not as HTML", "<b>x</b> y", "<i>x</i> y", "[-<b>x</b> -]{+<i>x</i> +}y"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := shown((&comparison{maxPairs}).words(test.from, test.to))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, from, to string
		whole          bool
		want           []string
	}{
		{"the same", "a\n\nb", "a\n\nb", false, []string{"…"}},
		{"whole", "a\n\nb", "a\n\nb", true, []string{"a", "b"}},
		{"a word in the middle", "1\n\n2\n\n3 x\n\n4\n\n5\n\n6", "1\n\n2\n\n3 y\n\n4\n\n5\n\n6", false, []string{"…", "2", "3 [-x-]{+y+}", "4", "…"}},
		{"a paragraph more", "1\n\n2", "1\n\nnew\n\n2", false, []string{"1", "{+new+}", "2"}},
		{"a paragraph less", "1\n\nold\n\n2", "1\n\n2", false, []string{"1", "[-old-]", "2"}},
		{"more in the place of one", "a b", "a c\n\nd", false, []string{"a [-b-]{+c+}", "{+d+}"}},
		{"from nothing", "", "a", false, []string{"{+a+}"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, shownAll(compare(test.from, test.to, test.whole))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDifferLosesNothing holds for any two texts: without what was added it is
// the one, without what was taken out the other.
func TestDifferLosesNothing(t *testing.T) {
	t.Parallel()
	holds := func(from, to []byte, room uint16) bool {
		x, y := letters(from), letters(to)
		before, after := []string{}, []string{}
		for _, s := range (&comparison{int(room) % 400}).differ(x, y) {
			if s.Kind != Added {
				before = append(before, s.items...)
			}
			if s.Kind != Taken {
				after = append(after, s.items...)
			}
		}
		return cmp.Equal(x, before) && cmp.Equal(y, after)
	}
	if err := quick.Check(holds, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

// letters are a few different ones, so that lists have something in common.
func letters(of []byte) []string {
	list := []string{}
	for _, b := range of {
		list = append(list, string('a'+rune(b%4)))
	}
	return list
}

// TestCompareIsBounded compares texts of 2 MB that have nothing, and nearly
// everything, in common.
func TestCompareIsBounded(t *testing.T) {
	t.Parallel()
	var one, other, near strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&one, "paragraf %d dari satu tulisan yang sangat panjang\n\n", i)
		fmt.Fprintf(&other, "lain %d sama sekali dan lebih panjang dari itu\n\n", i)
		fmt.Fprintf(&near, "paragraf %d dari satu tulisan yang %d sangat panjang\n\n", i, i%7)
	}
	long := strings.Repeat("kata yang berulang ", 50_000)
	for name, pair := range map[string][2]string{
		"nothing in common": {one.String(), other.String()},
		"a word in each":    {one.String(), near.String()},
		"one paragraph":     {long, "x " + strings.Repeat("kata lain berulang ", 50_000)},
		"from nothing":      {"", one.String()},
	} {
		start := time.Now()
		got := compare(pair[0], pair[1], false)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if len(got) > maxParagraphs {
			t.Errorf("%s: %d paragraphs", name, len(got))
		}
	}
}
