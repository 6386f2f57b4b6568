package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithoutQuoteLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"paragraph", `<p class="quote-inline">RE: <a href="https://a.b/1">https://a.b/1</a></p><p>Setuju</p>`, `<p>Setuju</p>`},
		{"span", `<p>Setuju<span class="x quote-inline"><br/><br/>RE: https://a.b/1</span></p>`, `<p>Setuju</p>`},
		{"none", `<p>quote<b>d</b></p`, `<p>quote<b>d</b></p`},
		{"the word alone", `<p>quote-inline</p>`, `<p>quote-inline</p>`},
		{"nothing else", `<p class=quote-inline>RE: x`, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, WithoutQuoteLine(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
	deep := strings.Repeat(`<p class=quote-inline><blockquote>`, 600)
	if got := WithoutQuoteLine(deep); len(got) > maxSanitized {
		t.Errorf("%d bytes came out", len(got))
	}
	for _, in := range attacks {
		in = `<p class="quote-inline">x</p>` + in
		checkSafe(t, in, Sanitize(WithoutQuoteLine(in)).String())
	}
}
