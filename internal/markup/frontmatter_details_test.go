package markup

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseDetails(t *testing.T) {
	t.Parallel()
	yes, no, two, none := true, false, 2, 0
	for _, test := range []struct {
		name, in string
		want     Details
	}{
		{"nothing", "title: A", Details{}},
		{"one author", "authors: ratri", Details{Authors: &[]Named{{"ratri", 2}}}},
		{"authors", "authors:\n  - ratri\n  - \"1984\"", Details{Authors: &[]Named{{"ratri", 3}, {"1984", 4}}}},
		{"authors in a line", "authors: [ratri, bayu]", Details{Authors: &[]Named{{"ratri", 2}, {"bayu", 2}}}},
		{"no authors any more", "authors: []", Details{Authors: &[]Named{}}},
		{"nor with nothing", "authors:", Details{Authors: &[]Named{}}},
		{"series", "title: A\nseries: Air bersih\npart: 2", Details{Series: &Named{"Air bersih", 3}, Part: &two}},
		{"no series any more", "series: \"\"\npart:", Details{Series: &Named{"", 2}, Part: &none}},
		{"switches", "pinned: true\nhistory: off", Details{Pinned: &yes, History: &no}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDocument("post.md", []byte("---\n"+test.in+"\n---\nx"), nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got.Details); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{"paragraphs", "<p>Satu <em>dua</em></p><p>tiga</p>", "Satu dua\n\ntiga"},
		{"list", "<ul><li>a</li><li>b</li></ul>", "a\n\nb"},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Text(SafeFromStore(test.in))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
