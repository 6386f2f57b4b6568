package media

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Bounds of what is taken in.
const (
	MaxBytes  = 16 << 20
	MaxPixels = 40_000_000
)

// format is a kind of picture that can be read.
type format struct {
	magic  func(data []byte) bool
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	exif   func(data []byte) []byte // the TIFF structure with the orientation, or nil
}

// formats are told apart by their first bytes; what a sender or a file name says does not matter. WebP is read by the
// pure Go decoder, because the bytes may come from anybody.
var formats = []format{
	{prefix("\xff\xd8\xff"), jpeg.DecodeConfig, jpeg.Decode, exifOfJPEG},
	{prefix("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode, exifOfPNG},
	{prefix("GIF8"), gif.DecodeConfig, decodeGIF, func([]byte) []byte { return nil }},
	{isWebP, webp.DecodeConfig, decodeWebP, exifOfWebP},
}

func prefix(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isWebP(data []byte) bool {
	return len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// isSVG looks for the root element near the start, behind declarations and comments.
func isSVG(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 4096)])
	return bytes.Contains(head, []byte("<svg")) || bytes.Contains(head, []byte("<!doctype svg"))
}

// decode reads a picture and how it must be turned. The size is looked at before any pixel is.
func decode(data []byte) (image.Image, orientation, error) {
	if len(data) > MaxBytes {
		return nil, 0, ErrTooLarge
	}
	for _, f := range formats {
		if !f.magic(data) {
			continue
		}
		config, err := f.config(bytes.NewReader(data))
		if err != nil {
			return nil, 0, damaged{err}
		}
		if err := checkSize(config.Width, config.Height); err != nil {
			return nil, 0, err
		}
		img, err := f.decode(bytes.NewReader(data))
		if err != nil {
			return nil, 0, damaged{err}
		}
		return img, orientationOf(f.exif(data)), checkSize(img.Bounds().Dx(), img.Bounds().Dy())
	}
	if isSVG(data) {
		return nil, 0, ErrSVG
	}
	return nil, 0, ErrFormat
}

func checkSize(width, height int) error {
	if width <= 0 || height <= 0 {
		return ErrEmpty
	}
	if width > MaxPixels/height {
		return ErrTooMany
	}
	return nil
}

// decodeGIF returns the first frame on the whole canvas, of which a frame may cover only a part.
func decodeGIF(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read GIF: %w", err)
	}
	config, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	return canvas, nil
}
