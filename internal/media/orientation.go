package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// orientation says how stored pixels must be turned to be seen upright (Exif 2.3, tag 0x0112): 1 to 8, 1 is upright.
type orientation int

// orientationOf reads the tag from a TIFF structure. Anything odd in there means upright.
func orientationOf(tiff []byte) orientation {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := uint64(order.Uint32(tiff[4:]))
	if start+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			if o := orientation(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// exifOfJPEG finds the APP1 segment that begins with "Exif" (ITU T.81 B.1.1, Exif 2.3, 4.5.4).
func exifOfJPEG(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xFF; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xDA || size < 2 || at+2+size > len(data) {
			break // the picture begins, or the file lies
		}
		segment := data[at+4 : at+2+size]
		if marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return segment[6:]
		}
		at += 2 + size
	}
	return nil
}

// exifOfPNG finds the chunk eXIf (PNG 11.3.4.5).
func exifOfPNG(data []byte) []byte {
	for at := 8; at+8 <= len(data); {
		size := uint64(binary.BigEndian.Uint32(data[at:]))
		end := uint64(at) + 8 + size
		if end > uint64(len(data)) {
			break
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return data[at+8 : end]
		}
		at = int(end) + 4
	}
	return nil
}

// exifOfWebP finds the chunk EXIF.
func exifOfWebP(data []byte) []byte {
	return bytes.TrimPrefix(webPChunk(data, "EXIF"), []byte("Exif\x00\x00"))
}

// turned reports whether width and height change places.
func (o orientation) turned() bool { return o >= 5 }

// apply returns the picture upright.
func (o orientation) apply(src *image.NRGBA) *image.NRGBA {
	if o <= 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	if o.turned() {
		dst = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := o.target(x, y, w, h)
			copy(dst.Pix[dst.PixOffset(tx, ty):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return dst
}

// target returns where the stored pixel x, y of a w by h picture is seen.
func (o orientation) target(x, y, w, h int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// toNRGBA copies a picture into the one pixel format that all else works on, with its corner at 0, 0.
func toNRGBA(src image.Image) *image.NRGBA {
	b := src.Bounds()
	if n, ok := src.(*image.NRGBA); ok && b.Min == (image.Point{}) {
		return n
	}
	dst := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Rect, src, b.Min, draw.Src)
	return dst
}
