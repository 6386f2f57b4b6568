package media

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Share is the picture that other sites show of a shared link: a title and the
// name of the blog on the blog's colours.
type Share struct {
	Width, Height int // in pixels
	Title, Blog   string
	Ground, Ink   color.Color // of the page and of the title
	Accent        color.Color // of the strip and of the blog's name
}

// Layout, in pixels.
const (
	shareMargin   = 80
	shareStrip    = 28
	shareLines    = 4
	shareLargest  = 84.0
	shareSmallest = 40.0
	shareName     = 38.0
	shareLeading  = 1.18 // of the size of the font
)

// fonts are Go's own: Latin, Greek and Cyrillic. They are read at the first
// picture.
var fonts = sync.OnceValues(func() ([2]*opentype.Font, error) {
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return [2]*opentype.Font{}, err
	}
	regular, err := opentype.Parse(goregular.TTF)
	return [2]*opentype.Font{bold, regular}, err
})

// Put draws the picture and stores it. A text in a script that the font does
// not have is left out.
func (s Share) Put(store Store) (Stored, error) {
	img, err := s.draw()
	if err != nil {
		return Stored{}, fmt.Errorf("media: share picture: %w", err)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		return Stored{}, fmt.Errorf("media: share picture: %w", err)
	}
	return put(store, img.Bounds(), b.Bytes(), ".png")
}

func (s Share) draw() (image.Image, error) {
	both, err := fonts()
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, s.Width, s.Height))
	fill(img, img.Rect, s.Ground)
	fill(img, image.Rect(0, 0, s.Width, shareStrip), s.Accent)
	if err := s.title(img, both[0]); err != nil {
		return nil, err
	}
	name, err := newFace(both[1], shareName)
	if err != nil {
		return nil, err
	}
	defer name.Close()
	if text := drawable(both[1], s.Blog); text != "" {
		write(img, name, s.Accent, shareMargin, s.Height-shareMargin+int(shareName)/3, cutTo(name, text, s.Width-2*shareMargin))
	}
	return img, nil
}

// title is as large as it fits in a few lines; what is longer still is cut.
func (s Share) title(img draw.Image, f *opentype.Font) error {
	text := drawable(f, s.Title)
	if text == "" {
		return nil
	}
	for size := shareLargest; ; size -= 4 {
		face, err := newFace(f, size)
		if err != nil {
			return err
		}
		lines := wrap(face, text, s.Width-2*shareMargin)
		if len(lines) > shareLines && size > shareSmallest {
			_ = face.Close()
			continue
		}
		if len(lines) > shareLines {
			lines = lines[:shareLines]
			lines[shareLines-1] = cutTo(face, lines[shareLines-1]+"…", s.Width-2*shareMargin)
		}
		for i, line := range lines {
			write(img, face, s.Ink, shareMargin, shareStrip+shareMargin+int(size*(0.8+shareLeading*float64(i))), line)
		}
		return face.Close()
	}
}

func newFace(f *opentype.Font, size float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
}

func fill(img draw.Image, r image.Rectangle, c color.Color) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func write(img draw.Image, face font.Face, c color.Color, x, y int, text string) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// drawable is the text on one line, "" if the font lacks one of its letters:
// boxes say less than nothing. Signs that are no letters are dropped.
func drawable(f *opentype.Font, text string) string {
	var glyphs sfnt.Buffer
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		index, err := f.GlyphIndex(&glyphs, r)
		switch {
		case err == nil && index != 0:
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}

// wrap breaks a text into lines of at most so many pixels, inside of a word
// where that alone is longer.
func wrap(face font.Face, text string, width int) (lines []string) {
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if joined := strings.TrimSpace(line + " " + word); fits(face, joined, width) {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; !fits(face, line, width); {
			part := cutTo(face, line, width)
			if part == "" {
				return lines // not one letter fits
			}
			lines, line = append(lines, part), line[len(part):]
		}
	}
	return append(lines, line)
}

func fits(face font.Face, text string, width int) bool {
	return font.MeasureString(face, text).Ceil() <= width
}

// cutTo is as much of the beginning of a text as fits.
func cutTo(face font.Face, text string, width int) string {
	for at := range text {
		if !fits(face, text[:at], width) {
			_, last := utf8.DecodeLastRuneInString(text[:at])
			return text[:at-last]
		}
	}
	if fits(face, text, width) {
		return text
	}
	_, last := utf8.DecodeLastRuneInString(text)
	return text[:len(text)-last]
}
