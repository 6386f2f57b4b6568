package media

import (
	"image"
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// drawn returns a picture of which f gives each pixel.
func drawn(w, h int, f func(x, y int) color.Color) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, f(x, y))
		}
	}
	return img
}

func rgb(r, g, b int) color.Color { return color.NRGBA{uint8(r), uint8(g), uint8(b), 255} }

// The hashes are those of the reference implementation (npm blurhash 2.0.5) for the same pixels.
func TestBlurhash(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		w, h   int
		nx, ny int
		pixel  func(x, y int) color.Color
		want   string
	}{
		{"black", 4, 4, 4, 3, func(x, y int) color.Color { return rgb(0, 0, 0) }, "L00000fQfQfQfQfQfQfQfQfQfQfQ"},
		{"white", 4, 4, 4, 3, func(x, y int) color.Color { return rgb(255, 255, 255) }, "L~TSUA~qfQ~q~q%MfQ%MfQfQfQfQ"},
		{"lime", 8, 8, 4, 3, func(x, y int) color.Color { return rgb(200, 255, 60) }, "LfN39P?:fQ?:?:oxfQoxfQfQfQfQ"},
		{"checker", 16, 16, 4, 3, func(x, y int) color.Color {
			if (x/4+y/4)%2 == 1 {
				return rgb(255, 0, 0)
			}
			return rgb(0, 0, 255)
		}, "LLLjfL,efQ,e,eFPfQ2NfQfQfQfQ"},
		{"one component", 5, 7, 1, 1, func(x, y int) color.Color { return rgb(x*50, y*30, 200) }, "00Ee,D"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, blurhash(drawn(tt.w, tt.h, tt.pixel), tt.nx, tt.ny)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBlurhashOfALargePicture(t *testing.T) {
	t.Parallel()
	got := Blurhash(drawn(640, 640, func(x, y int) color.Color { return rgb(x*255/639, y*255/639, 128) }))
	if len(got) != 28 || got[0] != 'L' {
		t.Errorf("got %q, want 28 characters for 4 by 3 components", got)
	}
}
