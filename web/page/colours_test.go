package page

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
	"kabar/internal/theme"
)

// The colours that contrast is worked out with are those of the sheet.
func TestColoursAreThoseOfTheSheet(t *testing.T) {
	t.Parallel()
	sheet, err := os.ReadFile("../static/kabar.css")
	if err != nil {
		t.Fatal(err)
	}
	digits := func(text string) string {
		c, err := theme.ParseColour(text)
		if err != nil {
			t.Fatal(err)
		}
		return c.String()
	}
	written := map[string][2]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+):light-dark\((#\w+), (#\w+)\)`).FindAllSubmatch(sheet, -1) {
		written[string(m[1])] = [2]string{digits(string(m[2])), digits(string(m[3]))}
	}
	dye := regexp.MustCompile(`--dye:(#\w+)`).FindSubmatch(sheet)
	if dye == nil || digits(string(dye[1])) != blog.OwnDye {
		t.Errorf("the dye of the sheet is %q, not %s", dye, blog.OwnDye)
	}
	ground := blog.Grounds[blog.GroundNames[0]]
	want := map[string][2]string{}
	for token := range ground.Light {
		want[token] = [2]string{ground.Light[token], ground.Dark[token]}
	}
	light, dark := blog.Theme{}.Effective()
	for i, c := range light.Fields() {
		want[c.Token] = [2]string{*c.Value, *dark.Fields()[i].Value}
	}
	got := map[string][2]string{}
	for token := range want {
		got[token] = written[token]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-program +sheet):\n%s", diff)
	}
}
