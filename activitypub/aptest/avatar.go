package aptest

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
)

// avatar draws a picture for a name: five by five squares, the same on both
// sides, in a colour of its own.
func avatar(name string) []byte {
	h := fnv.New64a()
	h.Write([]byte(name))
	bits := h.Sum64()
	ink := color.RGBA{uint8(60 + bits>>40%140), uint8(60 + bits>>48%140), uint8(60 + bits>>56%140), 255}
	const square = 24
	img := image.NewRGBA(image.Rect(0, 0, 5*square, 5*square))
	for y := range 5 * square {
		for x := range 5 * square {
			column := min(x/square, 4-x/square)
			if bits>>uint(y/square*3+column)&1 == 1 {
				img.Set(x, y, ink)
			} else {
				img.Set(x, y, color.RGBA{240, 240, 236, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // writing to memory does not fail
	}
	return b.Bytes()
}
