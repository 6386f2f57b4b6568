package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// served is a Proxy for which there is one file everywhere.
func served(t *testing.T, data []byte) Proxy {
	t.Helper()
	return Proxy{Store: folder(t), Fetch: func(_ context.Context, _ string, limit int64) ([]byte, string, error) {
		return data[:min(int64(len(data)), limit+1)], "text/html", nil
	}}
}

// gpsTIFF is what a telephone writes into a photograph (Exif 2.3, 4.6.6): the maker, and where it was taken.
func gpsTIFF() []byte {
	o := binary.BigEndian
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		return o.AppendUint32(o.AppendUint32(o.AppendUint16(o.AppendUint16(b, tag), kind), count), value)
	}
	b := []byte("MM\x00\x2a\x00\x00\x00\x08")
	b = o.AppendUint16(b, 3)
	b = entry(b, 0x010F, 2, 7, 50)    // Make, at 50
	b = entry(b, 0x0112, 3, 1, 6<<16) // Orientation: turned
	b = entry(b, 0x8825, 4, 1, 58)    // GPSInfo, at 58
	b = append(o.AppendUint32(b, 0), "Telepon\x00"...)
	b = o.AppendUint16(b, 2)
	b = entry(b, 1, 2, 2, uint32('S')<<24) // GPSLatitudeRef
	b = entry(b, 2, 5, 3, 88)              // GPSLatitude, at 88
	b = o.AppendUint32(b, 0)
	for _, v := range []uint32{6, 1, 12, 1, 3456, 100} {
		b = o.AppendUint32(b, v)
	}
	return b
}

func photograph(t *testing.T) []byte {
	t.Helper()
	data := encoded(t, quarters(600, 300), "jpeg")
	segment := append([]byte("Exif\x00\x00"), gpsTIFF()...)
	head := binary.BigEndian.AppendUint16([]byte{0xFF, 0xD8, 0xFF, 0xE1}, uint16(len(segment)+2))
	return append(append(head, segment...), data[2:]...)
}

// TestFileForgetsPlace: nothing of what a camera noted is in what is kept.
func TestFileForgetsPlace(t *testing.T) {
	t.Parallel()
	in := photograph(t)
	if !bytes.Contains(in, gpsTIFF()) || orientationOf(exifOfJPEG(in)) != 6 {
		t.Fatal("the photograph has no notes")
	}
	p := served(t, in)
	c, err := p.File(t.Context(), "https://a.example/p.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{300, 600, tinySize, 2 * tinySize, 28}, []int{c.Width, c.Height, c.Tiny.Width, c.Tiny.Height, len(c.Blurhash)}); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{c.Name, c.Tiny.Name} {
		data := content(t, p.Store, name)
		for _, note := range []string{"Exif", "EXIF", "Telepon", "XMP", "ICCP", string(gpsTIFF()[88:])} {
			if bytes.Contains(data, []byte(note)) {
				t.Errorf("%s has %q", name, note)
			}
		}
	}
	if c.Tiny.Bytes > 400 {
		t.Errorf("the tiny picture has %d bytes", c.Tiny.Bytes)
	}
}

// animated wraps WebP pictures as the frames of an animation that never ends.
func animated(frames ...[]byte) []byte {
	u24 := func(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16)} }
	chunk := func(name string, body []byte) []byte {
		return append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	size := append(u24(99), u24(49)...)
	body := chunk("VP8X", append([]byte{animatedFlag | alphaFlag, 0, 0, 0}, size...))
	body = append(body, chunk("ANIM", make([]byte, 6))...)
	for _, f := range frames {
		frame := append(append(append([]byte{10, 0, 0, 5, 0, 0}, u24(39)...), u24(19)...), 100, 0, 0, 0) // at 20, 10; 40 by 20
		for at := 12; at < len(f); {
			n := 8 + int(binary.LittleEndian.Uint32(f[at+4:]))
			n += n % 2
			if string(f[at:at+4]) != "VP8X" {
				frame = append(frame, f[at:at+n]...)
			}
			at += n
		}
		body = append(body, chunk("ANMF", frame)...)
	}
	return append(append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4)), "WEBP"...), body...)
}

func plainly(c color.Color) image.Image {
	return drawn(40, 20, func(int, int) color.Color { return c })
}

func TestFileStill(t *testing.T) {
	t.Parallel()
	red := encoded(t, plainly(rgb(250, 0, 0)), "webp")
	glass := encoded(t, plainly(color.NRGBA{0, 0, 250, 128}), "webp")
	var long bytes.Buffer
	film := &gif.GIF{}
	for range 300 {
		film.Image = append(film.Image, image.NewPaletted(image.Rect(0, 0, 100, 50), color.Palette{rgb(250, 0, 0)}))
		film.Delay = append(film.Delay, 0)
	}
	if err := gif.EncodeAll(&long, film); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   []byte
		want color.Color
	}{
		{"GIF", long.Bytes(), rgb(250, 0, 0)},
		{"WebP", animated(red, glass), rgb(250, 0, 0)},
		{"WebP with alpha", animated(glass, red), color.NRGBA{0, 0, 250, 128}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := served(t, tt.in)
			c, err := p.File(t.Context(), "https://a.example/x")
			if err != nil {
				t.Fatal(err)
			}
			img, _, err := decode(content(t, p.Store, c.Name))
			if err != nil || c.Width != 100 || c.Height != 50 {
				t.Fatal(c.Width, c.Height, err)
			}
			wantColor(t, img.At(40, 20), tt.want)
		})
	}
}

// wantColor compares with some room for what lossy formats do.
func wantColor(t *testing.T, got, want color.Color) {
	t.Helper()
	near := func(a, b uint32) bool { return max(a, b)-min(a, b) < 40<<8 }
	r, g, b, a := got.RGBA()
	wr, wg, wb, wa := want.RGBA()
	if !near(r, wr) || !near(g, wg) || !near(b, wb) || !near(a, wa) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// box is a box of an MPEG-4 file.
func box(kind string, body ...string) string {
	all := kind + strings.Join(body, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(all)+4))) + all
}

func TestFileRecording(t *testing.T) {
	t.Parallel()
	film := box("ftyp", "isom\x00\x00\x00\x00isom")
	place := box("udta", box("\xa9xyz", "\x00\x12\x15\xc7-06.2000+106.8000/"))
	tests := []struct{ name, in, kind string }{
		{"mp4", film + box("mdat", "udta stays"), "video/mp4"},
		{"m4a", box("ftyp", "M4A \x00\x00\x00\x00M4A "), "audio/mp4"},
		{"webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm rest", "video/webm"},
		{"matroska", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", ""},
		{"ogg", "OggS\x00\x02rest\x01vorbis", "audio/ogg"},
		{"ogv", "OggS\x00\x02rest\x80theora", "video/ogg"},
		{"flac", "fLaC\x00\x00\x00\x22", "audio/flac"},
		{"wav", "RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
		{"mp3", "\xff\xfb\x90\x64\x00\x00", "audio/mpeg"},
		{"mp3 with a tag", "ID3\x04\x00\x00\x00", "audio/mpeg"},
		{"utf-16 text", "\xff\xfe<\x00h\x00", ""},
		{"heic", box("ftyp", "heic\x00\x00\x00\x00heic"), ""},
		{"html", "<!doctype html><script>alert(1)</script>", ""},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, ""},
		{"pdf", "%PDF-1.7", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := served(t, []byte(tt.in))
			c, err := p.File(t.Context(), "https://a.example/x.mp4")
			if tt.kind == "" {
				if !permanent(err) {
					t.Errorf("got %s, %v", c.ContentType, err)
				}
				return
			}
			if err != nil || c.ContentType != tt.kind || c.Width != 0 || c.Tiny.Name != "" {
				t.Fatalf("got %+v, %v", c, err)
			}
			if diff := cmp.Diff(tt.in, string(content(t, p.Store, c.Name))); diff != "" {
				t.Error(diff)
			}
		})
	}
	noted := film + box("moov", box("mvhd", "x"), place, box("trak", box("tkhd", "y"), place)) + box("uuid", "xmp") + box("mdat", "z")
	got := string(withoutNotes([]byte(noted)))
	if strings.Contains(got, "06.2") || strings.Contains(got, "xmp") || len(got) != len(noted) || !strings.Contains(got, "tkhdy") || !strings.Contains(got, "mdatz") {
		t.Errorf("%q became %q", noted, got)
	}
	for _, broken := range []string{film + "\x00\x00\x00\x01moov", film + "\xff\xff\xff\xffmoov", film + "\x00\x00\x00\x00moov\x00\x00\x00\x02udta", film + "\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"} {
		withoutNotes([]byte(broken)) // ends
	}
}

func permanent(err error) bool {
	var p interface{ Permanent() bool }
	return errors.As(err, &p) && p.Permanent()
}

// TestFileRefuses: what would take all memory, or is no picture, is not kept and not tried again.
func TestFileRefuses(t *testing.T) {
	t.Parallel()
	wide := encoded(t, image.NewGray(image.Rect(0, 0, 20000, 20000)), "png")
	canvas := encoded(t, plainly(rgb(1, 2, 3)), "gif")
	binary.LittleEndian.PutUint16(canvas[6:], 0xFFFF)
	binary.LittleEndian.PutUint16(canvas[8:], 0xFFFF)
	moving := animated(encoded(t, plainly(rgb(250, 0, 0)), "webp"))
	larger := bytes.Clone(moving)
	copy(larger[bytes.Index(larger, []byte("ANMF"))+14:], []byte{0xFF, 0xFF, 0x3F, 0xFF, 0xFF, 0x3F})
	for name, tt := range map[string]struct {
		in   []byte
		want error
	}{
		"bomb":                        {wide, ErrTooMany},
		"GIF with a vast canvas":      {canvas, ErrTooMany},
		"WebP frame over its canvas":  {larger, ErrDamaged},
		"WebP animation without ends": {moving[:len(moving)-30], ErrDamaged},
		"cut off":                     {photograph(t)[:2000], ErrDamaged},
		"too large":                   {make([]byte, MaxBytes+10), ErrTooLarge},
		"SVG":                         {[]byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`), ErrSVG},
		"HTML as a picture":           {[]byte("<html>"), ErrFormat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := served(t, tt.in)
			for kind, copied := range map[string]func() error{
				"file":  func() error { _, err := p.File(t.Context(), "https://a.example/x.png"); return err },
				"emoji": func() error { _, err := p.Emoji(t.Context(), "https://a.example/x.png"); return err },
			} {
				if err := copied(); !errors.Is(err, tt.want) || !permanent(err) {
					t.Errorf("%s: got %v, want %v", kind, err, tt.want)
				}
			}
		})
	}
}
