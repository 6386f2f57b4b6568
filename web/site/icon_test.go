package site

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIcon(t *testing.T) {
	t.Parallel()
	picture, err := png.Decode(bytes.NewReader(drawnIcon(iconSize)))
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y float64) color.Color { // on the grid of the drawing
		scale := iconSize / iconGrid
		return picture.At(int((x+iconShift)*scale), int((y+iconShift)*scale))
	}
	tests := []struct {
		name string
		x, y float64
		want color.NRGBA
	}{
		{"corner", -5, -5, paper},
		{"drum", 6.5, 16, drum},
		{"slit", 9.5, 16, slit},
		{"sound above", 27, 6, sound},
		{"sound below", 27, 26, sound},
		{"between", 29, 16, paper},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(color.NRGBAModel.Convert(at(tt.x, tt.y)), color.Color(tt.want)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if b := picture.Bounds(); b.Dx() != 256 || b.Dy() != 256 {
		t.Errorf("%v", b)
	}
}
