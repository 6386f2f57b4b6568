package markup

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A picture of ours comes in several widths, as JPEG for those that read no
// WebP, and above its blur; other servers get the picture alone.
func TestPictureForms(t *testing.T) {
	t.Parallel()
	all := Picture{URL: "/m/a.webp", Width: 1600, Height: 800, Smaller: []Source{{"/m/b.webp", 800}}, Fallback: "/m/a.jpg", Tiny: "/m/t.webp"}
	const (
		set   = `srcset="/m/b.webp 800w, /m/a.webp 1600w" sizes="(min-width: 48rem) 46rem, 100vw"`
		blur  = `<span class="picture"><img class="blur" src="/m/t.webp" alt="" width="1600" height="800" loading="lazy">`
		image = `<img src="/m/a.jpg" alt="Gardu" width="1600" height="800" loading="lazy" decoding="async">`
	)
	plain := all
	plain.Fallback, plain.Tiny, plain.Smaller = "", "", nil
	unknown := Picture{URL: "/m/a.webp"}
	tests := []struct {
		name, base string
		in         Picture
		want       string
	}{
		{"all", "", all, "<figure>" + blur + `<picture><source type="image/webp" ` + set + ">" + image + "</picture></span></figure>\n"},
		{"one", "", plain, `<figure><img src="/m/a.webp" alt="Gardu" width="1600" height="800" loading="lazy" decoding="async"></figure>` + "\n"},
		{"size not known", "", unknown, `<figure><img src="/m/a.webp" alt="Gardu" loading="lazy" decoding="async"></figure>` + "\n"},
		{"for others", "https://blog.example/rumah", all, `<figure><img src="https://blog.example/m/a.webp" alt="Gardu" width="1600" height="800"></figure>` + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Render("![Gardu](x.png)", Options{BaseURL: tt.base, Picture: func(string) (Picture, bool) { return tt.in, true }})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.HTML.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
