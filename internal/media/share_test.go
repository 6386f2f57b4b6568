package media

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"
)

var (
	sharePaper = color.NRGBA{252, 251, 248, 255}
	shareInk   = color.NRGBA{31, 27, 22, 255}
	shareDye   = color.NRGBA{47, 61, 143, 255}
)

// Whatever the title, the picture has its size, the margins stay empty, and
// there is ink where there is something to read.
func TestShare(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, title, blog string
		ink               bool
	}{
		{"usual", "Enam kebiasaan pemimpin yang sungguh hadir di media sosial", "Ruang Tengah", true},
		{"short", "Rumah", "Kabar", true},
		{"300 letters without a space", strings.Repeat("k", 300), strings.Repeat("n", 300), true},
		{"long", strings.Repeat("Kata demi kata ", 60), "Kabar", true},
		{"Cyrillic and Greek", "Дом в деревне, σπίτι", "Kabar", true},
		{"Arabic", "بيت في وسط القرية", "بيت", false},
		{"Chinese", "村中的房子", "Kabar", false},
		{"emoji among words", "Kopi ☕ pagi 🎉", "Kabar", true},
		{"controls", "Rumah\u202E\u0000 kayu", "Kabar", true},
		{"nothing", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			folder, err := OpenFolder(t.TempDir())
			check(t, err)
			defer folder.Close()
			stored, err := Share{1200, 630, tt.title, tt.blog, sharePaper, shareInk, shareDye}.Put(folder)
			check(t, err)
			file, err := folder.Open(stored.Name)
			check(t, err)
			defer file.Close()
			data, err := io.ReadAll(file)
			check(t, err)
			img, err := png.Decode(bytes.NewReader(data))
			check(t, err)
			if img.Bounds() != image.Rect(0, 0, 1200, 630) || stored.ContentType != "image/png" || len(data) > 100<<10 {
				t.Errorf("%v, %s, %d bytes", img.Bounds(), stored.ContentType, len(data))
			}
			ink := 0
			for y := shareStrip; y < 630; y++ {
				for x := range 1200 {
					if color.NRGBAModel.Convert(img.At(x, y)) == shareInk {
						ink++
					}
					if edge := x < shareMargin-8 || x >= 1200-shareMargin+8; edge && color.NRGBAModel.Convert(img.At(x, y)) != sharePaper {
						t.Fatalf("something stands in the margin at %d, %d", x, y)
					}
				}
			}
			if tt.ink != (ink > 500) {
				t.Errorf("%d pixels of ink", ink)
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
