package site

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"strconv"
	"sync"
)

// icon is the logo as a picture of pixels, for servers and browsers that show
// no drawings.
func icon(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { sendIcon(w, drawnIcon(size)) }
}

func sendIcon(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // other servers show it to their people
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who asked has gone; nobody is left to tell
}

// iconSize is the usual one, in pixels. The logo is drawn on a grid of 32, with
// a margin.
const (
	iconSize  = 256
	iconGrid  = 44.0
	iconShift = 6.0
)

// drawn are the icons that were asked for, by their size.
var drawn sync.Map

func drawnIcon(size int) []byte {
	if body, ok := drawn.Load(size); ok {
		return body.([]byte)
	}
	grid := iconGrid / float64(size)
	picture := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			at := point{(float64(x)+0.5)*grid - iconShift, (float64(y)+0.5)*grid - iconShift}
			picture.SetNRGBA(x, y, iconColour(at))
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, picture) // a buffer takes everything
	drawn.Store(size, b.Bytes())
	return b.Bytes()
}

type point struct{ x, y float64 }

var (
	paper = color.NRGBA{252, 251, 248, 255}
	drum  = color.NRGBA{47, 61, 143, 255}
	slit  = color.NRGBA{255, 255, 255, 255}
	sound = color.NRGBA{239, 174, 42, 255}
)

// iconColour draws the strokes of the logo, as icons.svg has it, one above the other: the drum, its
// slit, and the two curves of its sound.
func iconColour(at point) color.NRGBA {
	c := paper
	c = blend(c, drum, toLine(at, point{9.5, 6.5}, point{9.5, 25.5})-4.5)
	c = blend(c, slit, toLine(at, point{9.5, 9}, point{9.5, 23})-1.2)
	up := toCurve(at, point{18.5, 16}, point{25.5, 13.5}, point{27, 5})
	down := toCurve(at, point{18.5, 16}, point{25.5, 18.5}, point{27, 27})
	return blend(c, sound, math.Min(up, down)-2)
}

// toLine is the distance of a point to a line.
func toLine(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := ((p.x-a.x)*dx + (p.y-a.y)*dy) / (dx*dx + dy*dy)
	t = math.Max(0, math.Min(1, t))
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

// toCurve is the distance of a point to a quadratic curve, taken as lines.
func toCurve(p, a, b, c point) float64 {
	const parts = 16
	least, from := math.Inf(1), a
	for i := 1; i <= parts; i++ {
		t := float64(i) / parts
		u := 1 - t
		to := point{u*u*a.x + 2*u*t*b.x + t*t*c.x, u*u*a.y + 2*u*t*b.y + t*t*c.y}
		least = math.Min(least, toLine(p, from, to))
		from = to
	}
	return least
}

// blend lays a colour over another as far as the distance to its edge covers
// the pixel.
func blend(under, over color.NRGBA, distance float64) color.NRGBA {
	cover := math.Max(0, math.Min(1, 0.5-distance*iconSize/iconGrid))
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*cover + 0.5) }
	return color.NRGBA{mix(under.R, over.R), mix(under.G, over.G), mix(under.B, over.B), 255}
}
