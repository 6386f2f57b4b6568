package theme

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/andybalholm/brotli"
	"golang.org/x/image/font/gofont/goregular"
)

// sfntTable is one entry of the table directory of an OpenType font.
type sfntTable struct {
	tag  string
	data []byte
}

func tables(ttf []byte) (list []sfntTable) {
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		e := ttf[12+16*i:]
		at, n := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		list = append(list, sfntTable{string(e[:4]), ttf[at : at+n]})
	}
	return list
}

// woff packs a font as WOFF 1.0.
func woff(t *testing.T, ttf []byte) []byte {
	t.Helper()
	o := binary.BigEndian
	list := tables(ttf)
	head := append([]byte("wOFF"), ttf[:4]...)
	head = o.AppendUint32(head, 0)
	head = o.AppendUint16(head, uint16(len(list)))
	head = append(head, make([]byte, 44-14)...)
	at := len(head) + 20*len(list)
	var body []byte
	for _, table := range list {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		_, _ = w.Write(table.data)
		_ = w.Close()
		data := packed.Bytes()
		if len(data) >= len(table.data) {
			data = table.data
		}
		head = append(head, table.tag...)
		for _, n := range []int{at + len(body), len(data), len(table.data), 0} {
			head = o.AppendUint32(head, uint32(n))
		}
		body = append(body, data...)
	}
	all := append(head, body...)
	o.PutUint32(all[8:], uint32(len(all)))
	return all
}

func base128(n int) []byte {
	out := []byte{byte(n & 0x7F)}
	for n >>= 7; n > 0; n >>= 7 {
		out = append([]byte{byte(n&0x7F | 0x80)}, out...)
	}
	return out
}

// woff2 packs a font as WOFF 2.0 without transforming its tables; more bytes
// can be claimed than there are.
func woff2(t *testing.T, list []sfntTable, claim int) []byte {
	t.Helper()
	o := binary.BigEndian
	var directory, plain []byte
	for _, table := range list {
		flags := byte(woff2Other)
		if table.tag == "glyf" || table.tag == "loca" {
			flags |= 3 << 6
		}
		directory = append(append(append(directory, flags), table.tag...), base128(len(table.data)+claim)...)
		plain = append(plain, table.data...)
	}
	var packed bytes.Buffer
	w := brotli.NewWriter(&packed)
	_, _ = w.Write(plain)
	_ = w.Close()
	head := append([]byte("wOF2\x00\x01\x00\x00"), 0, 0, 0, 0)
	head = o.AppendUint16(head, uint16(len(list)))
	head = append(head, make([]byte, 48-14)...)
	o.PutUint32(head[20:], uint32(packed.Len()))
	all := append(append(head, directory...), packed.Bytes()...)
	o.PutUint32(all[8:], uint32(len(all)))
	return all
}

func TestReadFont(t *testing.T) {
	t.Parallel()
	ttf := goregular.TTF
	list := tables(ttf)
	empty := append([]byte("\x00\x01\x00\x00"), make([]byte, 20)...)
	wrongEnd := woff(t, ttf)
	wrongEnd = append(wrongEnd, 0)
	noGlyphs := append([]sfntTable{}, list[:2]...)
	tests := []struct {
		name string
		in   []byte
		want Font
		err  error
	}{
		{"TrueType", ttf, Font{Ending: ".ttf"}, nil},
		{"WOFF", woff(t, ttf), Font{Ending: ".woff"}, nil},
		{"WOFF2", woff2(t, list, 0), Font{Ending: ".woff2"}, nil},
		{"variable", woff2(t, append(list, sfntTable{"fvar", []byte("x")}), 0), Font{".woff2", true}, nil},
		{"picture", []byte("\x89PNG\r\n\x1a\n0000000000"), Font{}, ErrFontKind},
		{"script", []byte("alert(document.cookie)"), Font{}, ErrFontKind},
		{"HTML behind the first bytes", []byte("wOF2<html><script>alert(1)</script></html>........................"), Font{}, ErrFontDamaged},
		{"HTML behind the first bytes of TrueType", []byte("\x00\x01\x00\x00<html><script>alert(1)</script>"), Font{}, ErrFontDamaged},
		{"OpenType by name", []byte("OTTO\x00\x01\x00\x00\x00\x00\x00\x00"), Font{}, ErrFontDamaged},
		{"no tables", empty, Font{}, ErrFontDamaged},
		{"cut off", ttf[:len(ttf)/2], Font{}, ErrFontDamaged},
		{"WOFF of another length", wrongEnd, Font{}, ErrFontDamaged},
		{"WOFF2 that claims more", woff2(t, list, 1), Font{}, ErrFontDamaged},
		{"WOFF2 without letters", woff2(t, noGlyphs, 0), Font{}, ErrFontDamaged},
		{"WOFF2 bomb", woff2(t, append([]sfntTable{{"more", make([]byte, 20<<20)}}, list...), 0), Font{}, ErrFontDamaged},
		{"too large", make([]byte, MaxFont+1), Font{}, ErrFontSize},
		{"nothing", nil, Font{}, ErrFontKind},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadFont(tt.in)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %+v, %v, want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// Whatever is cut or changed in a font, reading it ends and does not panic.
func FuzzReadFont(f *testing.F) {
	f.Add(goregular.TTF[:2000])
	f.Add([]byte("wOF2\x00\x01\x00\x00\x00\x00\x00\x30\x00\x01"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = ReadFont(data) })
}
