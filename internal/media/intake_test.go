package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/gen2brain/webp"
	"github.com/google/go-cmp/cmp"
	xwebp "golang.org/x/image/webp"
)

// quarters is a picture whose corners are red, green (right), blue (below) and white.
func quarters(w, h int) *image.NRGBA {
	corners := []color.Color{rgb(250, 0, 0), rgb(0, 250, 0), rgb(0, 0, 250), rgb(250, 250, 250)}
	return drawn(w, h, func(x, y int) color.Color { return corners[x*2/w+y*2/h*2] })
}

func encoded(t *testing.T, img image.Image, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "jpeg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	case "png":
		err = png.Encode(&b, img)
	case "gif":
		err = gif.Encode(&b, img, nil)
	case "webp":
		err = webp.Encode(&b, img, webp.Options{Quality: 90})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tiff is the part of Exif data with an orientation and a note that must not survive.
func tiff(order binary.AppendByteOrder, o int) []byte {
	b := []byte("II")
	if order.String() == "BigEndian" {
		b = []byte("MM")
	}
	b = order.AppendUint32(order.AppendUint16(b, 42), 8)
	b = order.AppendUint16(b, 2)
	b = append(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x010E), 2), 4), "gps\x00"...)
	b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, 0x0112), 3), 1)
	b = order.AppendUint16(order.AppendUint16(b, uint16(o)), 0)
	return order.AppendUint32(b, 0)
}

func withExif(t *testing.T, data []byte, kind string, o int) []byte {
	t.Helper()
	switch kind {
	case "jpeg":
		segment := append([]byte("Exif\x00\x00"), tiff(binary.LittleEndian, o)...)
		head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(len(segment)+2))
		return append(append(head, segment...), data[2:]...)
	case "png":
		exif := tiff(binary.BigEndian, o)
		chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(exif))), "eXIf"...)
		chunk = append(chunk, exif...)
		chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
		return bytes.Join([][]byte{data[:33], chunk, data[33:]}, nil)
	}
	t.Fatal("no Exif for", kind)
	return nil
}

func folder(t *testing.T) *Folder {
	t.Helper()
	f, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// stored reads a stored picture back.
func stored(t *testing.T, store Store, s Stored) image.Image {
	t.Helper()
	file, err := store.Open(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	read := xwebp.Decode
	if s.ContentType == "image/jpeg" {
		read = jpeg.Decode
	}
	img, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(s.Width, s.Height) {
		t.Errorf("%s is %v, want %d by %d", s.Name, got, s.Width, s.Height)
	}
	return img
}

// corners names the colours in the corners of a picture, line by line.
func corners(img image.Image) string {
	b := img.Bounds()
	var out strings.Builder
	for _, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, bl, _ := img.At(b.Min.X+b.Dx()*at.X/4, b.Min.Y+b.Dy()*at.Y/4).RGBA()
		switch r, g, bl := r > 0x8000, g > 0x8000, bl > 0x8000; {
		case r && g && bl:
			out.WriteByte('w')
		case r:
			out.WriteByte('r')
		case g:
			out.WriteByte('g')
		case bl:
			out.WriteByte('b')
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}

func TestTake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind           string
		width, height  int
		fullW, fullH   int
		smallW, smallH int
		sameSmall      bool
	}{
		{"jpeg", 2000, 500, 1600, 400, 800, 200, false},
		{"png", 1000, 125, 1000, 125, 800, 100, false},
		{"webp", 400, 300, 400, 300, 400, 300, true},
		{"gif", 90, 60, 90, 60, 90, 60, true},
		{"png", 20, 6500, 19, 6400, 19, 6400, true},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			in := Intake{folder(t)}
			data := encoded(t, quarters(tt.width, tt.height), tt.kind)
			got, err := in.Take(context.Background(), bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			sizes := []int{got.Full.Width, got.Full.Height, got.Small.Width, got.Small.Height, got.Fallback.Width, got.Fallback.Height}
			want := []int{tt.fullW, tt.fullH, tt.smallW, tt.smallH, tt.fullW, tt.fullH}
			if diff := cmp.Diff(want, sizes); diff != "" {
				t.Error(diff)
			}
			for _, s := range []Stored{got.Full, got.Small, got.Fallback} {
				if diff := cmp.Diff("rgbw", corners(stored(t, in.Store, s))); diff != "" {
					t.Error(s.Name, diff)
				}
			}
			if same := got.Small == got.Full; same != tt.sameSmall || len(got.Blurhash) != 28 || got.Hash != Name(data, "") {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTakeTurnsUprightAndForgets(t *testing.T) {
	t.Parallel()
	// What is seen when "rgbw" was stored with each orientation (Exif 2.3, 4.6.4 A).
	seen := map[int]string{1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw"}
	for _, kind := range []string{"jpeg", "png"} {
		plain := encoded(t, quarters(64, 32), kind)
		for o, want := range seen {
			in := Intake{folder(t)}
			got, err := in.Take(context.Background(), bytes.NewReader(withExif(t, plain, kind, o)))
			if err != nil {
				t.Fatal(kind, o, err)
			}
			if diff := cmp.Diff(want, corners(stored(t, in.Store, got.Full))); diff != "" {
				t.Error(kind, o, diff)
			}
			if turned := got.Full.Width < got.Full.Height; turned != (o >= 5 && o <= 8) {
				t.Errorf("%s, orientation %d: %d by %d", kind, o, got.Full.Width, got.Full.Height)
			}
			for _, s := range []Stored{got.Full, got.Fallback} {
				if bytes.Contains(content(t, in.Store, s.Name), []byte("gps")) {
					t.Errorf("%s, orientation %d: Exif data are still in %s", kind, o, s.Name)
				}
			}
		}
	}
}

func TestTakeRefuses(t *testing.T) {
	t.Parallel()
	huge := encoded(t, quarters(8, 8), "png")
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	half := encoded(t, quarters(300, 300), "jpeg")
	tests := []struct {
		name string
		in   []byte
		want error
	}{
		{"empty", nil, ErrFormat},
		{"text", []byte("hello"), ErrFormat},
		{"SVG", []byte("<?xml version=\"1.0\"?><!-- a -->\n<svg xmlns=\"x\"><script/></svg>"), ErrSVG},
		{"HTML", []byte("<html><script>alert(1)</script>"), ErrFormat},
		{"half a file", half[:len(half)/2], ErrDamaged},
		{"only a head", []byte("\x89PNG\r\n\x1a\n"), ErrDamaged},
		{"too many pixels", huge, ErrTooMany},
		{"too many bytes", append(encoded(t, quarters(8, 8), "png"), make([]byte, MaxBytes)...), ErrTooLarge},
		{"WebP of nothing", []byte("RIFF\x04\x00\x00\x00WEBPVP8 "), ErrDamaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Intake{folder(t)}.Take(context.Background(), bytes.NewReader(tt.in))
			var final interface{ Permanent() bool }
			if !errors.Is(err, tt.want) || !errors.As(err, &final) || !final.Permanent() {
				t.Errorf("got %v, want %v, permanent", err, tt.want)
			}
		})
	}
}

func TestTakeGIFKeepsTheCanvas(t *testing.T) {
	t.Parallel()
	frame := image.NewPaletted(image.Rect(20, 0, 40, 20), color.Palette{rgb(250, 0, 0)})
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 40, Height: 20}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Intake{folder(t)}.Take(context.Background(), &b)
	if err != nil || got.Full.Width != 40 || got.Full.Height != 20 {
		t.Errorf("got %+v, %v, want 40 by 20", got.Full, err)
	}
}

func TestTakeEndsWithItsContext(t *testing.T) {
	one <- struct{}{}
	defer func() { <-one }()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Intake{folder(t)}.Take(ctx, bytes.NewReader(encoded(t, quarters(8, 8), "png")))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestAvatar(t *testing.T) {
	t.Parallel()
	in := Intake{folder(t)}
	wide := drawn(400, 100, func(x, y int) color.Color {
		if x < 150 || x >= 250 {
			return rgb(0, 0, 0)
		}
		return quarters(100, 100).At(x-150, y)
	})
	got, err := in.Avatar(context.Background(), bytes.NewReader(withExif(t, encoded(t, wide, "png"), "png", 6)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("brwg", corners(stored(t, in.Store, got))); diff != "" || got.Width != 128 || got.Height != 128 {
		t.Error(got, diff)
	}
}

func FuzzDecode(f *testing.F) {
	for _, kind := range []string{"JPEG", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00\x00\x08eXIf", "RIFF\x00\x00\x00\x00WEBPEXIF\xff\xff\xff\xff"} {
		f.Add([]byte(kind))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, exif := range []func([]byte) []byte{exifOfJPEG, exifOfPNG, exifOfWebP} {
			if o := orientationOf(exif(data)); o < 1 || o > 8 {
				t.Errorf("orientation %d", o)
			}
		}
	})
}
