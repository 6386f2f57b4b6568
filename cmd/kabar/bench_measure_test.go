package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What fails in one of the blogs is told and has no figure; the rest is measured
// in all of them, as often as it is asked.
func TestBenchMeasures(t *testing.T) {
	t.Parallel()
	done := map[string]int{}
	works := func(blog string) *benched {
		b := &benched{}
		for _, name := range []string{"page", "feed", "list"} {
			b.works = append(b.works, benchWork{name, func() error {
				if done[name+" "+blog]++; name+" "+blog == "feed large" {
					return errors.New("feed: 404")
				}
				return nil
			}})
		}
		return b
	}
	c := &benchMeasureCommand{Rounds: 3, Most: 1.5}
	figures, err := c.measure([]*benched{works("small"), works("large")}, io.Discard)
	if err == nil || err.Error() != "feed: 404" {
		t.Errorf("error %v, want what the feed answered", err)
	}
	var names []string
	for _, f := range figures {
		if names = append(names, f.Name); len(f.Times) != 2 {
			t.Errorf("%s: times %v, want one of each blog", f.Name, f.Times)
		}
	}
	if diff := cmp.Diff([]string{"page", "list"}, names); diff != "" {
		t.Errorf("figures (-want +got): %s", diff)
	}
	want := map[string]int{"page small": 4, "page large": 4, "feed small": 1, "feed large": 1, "list small": 4, "list large": 4}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Errorf("done (-want +got): %s", diff)
	}
}

// The verdict names what grows, and not what is too short to tell.
func TestBenchVerdict(t *testing.T) {
	t.Parallel()
	c := &benchMeasureCommand{Most: 1.5}
	for _, tt := range []struct {
		name string
		f    benchFigure
		want string
	}{
		{"as fast", benchFigure{Name: "page", Times: []float64{10, 10}, Ratio: 1}, ""},
		{"as much as may be", benchFigure{Name: "page", Times: []float64{10, 15}, Ratio: 1.5}, ""},
		{"slower", benchFigure{Name: "page", Times: []float64{10, 12, 16}, Ratio: 1.6}, "page takes 1.6 times as long"},
		{"too short to tell", benchFigure{Name: "page", Times: []float64{0.1, 1}, Ratio: 10}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := c.verdict([]benchFigure{tt.f}); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("verdict %q, want %q", got, tt.want)
			}
		})
	}
}

// What is to be measured is asked for by a regular expression that means
// something.
func TestBenchOnly(t *testing.T) {
	t.Parallel()
	err := (&benchMeasureCommand{Only: "("}).run(t.Context(), environment{})
	if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), "regular expression") {
		t.Errorf("error %v, want one that says what to give", err)
	}
}
