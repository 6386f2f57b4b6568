package media

import (
	"image"

	"golang.org/x/image/draw"
)

// within returns the picture no wider than width and no higher than four times that, upright; a smaller one keeps its
// size.
func within(src image.Image, o orientation, width int) *image.NRGBA {
	b := src.Bounds()
	maxW, maxH := width, 4*width
	if o.turned() {
		maxW, maxH = maxH, maxW
	}
	w, h := b.Dx(), b.Dy()
	if w > maxW {
		w, h = maxW, max(1, h*maxW/w)
	}
	if h > maxH {
		w, h = max(1, w*maxH/h), maxH
	}
	return o.apply(scaled(src, b, w, h))
}

// covering returns the middle of the picture, upright, size pixels in square.
func covering(src image.Image, o orientation, size int) *image.NRGBA {
	b := src.Bounds()
	side := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	return o.apply(scaled(src, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}, size, size))
}

func scaled(src image.Image, part image.Rectangle, w, h int) *image.NRGBA {
	if part == src.Bounds() && w == part.Dx() && h == part.Dy() {
		return toNRGBA(src)
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(dst, dst.Rect, src, part, draw.Src, nil)
	return dst
}

// onWhite returns an opaque picture, for formats without transparency.
func onWhite(src *image.NRGBA) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(dst, dst.Rect, src, image.Point{}, draw.Over)
	return dst
}
