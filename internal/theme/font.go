package theme

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"golang.org/x/image/font/sfnt"
)

// Bounds of a font: of the file, and of what it unpacks to, in bytes.
const (
	MaxFont     = 2 << 20
	maxUnpacked = 12 << 20
)

// What can be wrong with a font file.
var (
	ErrFontSize    = errors.New("font: larger than 2 MB")
	ErrFontKind    = errors.New("font: neither WOFF2, WOFF, TrueType nor OpenType")
	ErrFontDamaged = errors.New("font: damaged")
)

// Font is what a file turned out to be.
type Font struct {
	Ending   string // .woff2, .woff, .ttf or .otf
	Variable bool   // it holds all weights
}

// ReadFont tells what a font file is. It is not taken by its first bytes
// alone: its tables are found and unpacked, and those that name its letters
// and draw them are read. Errors: ErrFontSize, ErrFontKind, ErrFontDamaged.
func ReadFont(data []byte) (Font, error) {
	if len(data) > MaxFont {
		return Font{}, ErrFontSize
	}
	if len(data) < 12 {
		return Font{}, ErrFontKind
	}
	switch string(data[:4]) {
	case "wOF2":
		return readWOFF2(data)
	case "wOFF":
		return readWOFF(data)
	case "\x00\x01\x00\x00", "true":
		return readSFNT(data, ".ttf")
	case "OTTO":
		return readSFNT(data, ".otf")
	}
	return Font{}, ErrFontKind
}

func readSFNT(data []byte, ending string) (Font, error) {
	font, err := sfnt.Parse(data)
	if err != nil {
		return Font{}, fmt.Errorf("%w: %w", ErrFontDamaged, err)
	}
	var b sfnt.Buffer
	// A font of ours draws at least one letter of Latin, Arabic or another
	// script; a glyph is loaded, so that the tables of outlines are read.
	if font.NumGlyphs() < 2 {
		return Font{}, fmt.Errorf("%w: no letters", ErrFontDamaged)
	}
	if _, err := font.LoadGlyph(&b, 1, 64<<6, nil); err != nil && !errors.Is(err, sfnt.ErrColoredGlyph) {
		return Font{}, fmt.Errorf("%w: %w", ErrFontDamaged, err)
	}
	return Font{Ending: ending, Variable: hasTable(data, "fvar")}, nil
}

// hasTable looks into the table directory (OpenType, section "Organization of
// an OpenType Font").
func hasTable(data []byte, tag string) bool {
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		at := 12 + 16*i
		if at+16 > len(data) {
			return false
		}
		if string(data[at:at+4]) == tag {
			return true
		}
	}
	return false
}

// readWOFF unpacks WOFF 1.0 (sections 4 and 5) to the font it was made from.
func readWOFF(data []byte) (Font, error) {
	if len(data) < 44 || int64(binary.BigEndian.Uint32(data[8:])) != int64(len(data)) {
		return Font{}, fmt.Errorf("%w: length", ErrFontDamaged)
	}
	tables := int(binary.BigEndian.Uint16(data[12:]))
	size := 12 + 16*tables
	if tables == 0 || tables > 64 || 44+20*tables > len(data) {
		return Font{}, fmt.Errorf("%w: tables", ErrFontDamaged)
	}
	whole := make([]byte, size, size+len(data))
	copy(whole, data[4:8])
	binary.BigEndian.PutUint16(whole[4:], uint16(tables)) //nolint:gosec // at most 64
	for i := range tables {
		entry := data[44+20*i:]
		table, err := unpackTable(data, entry)
		if err != nil {
			return Font{}, err
		}
		if len(whole)+len(table) > maxUnpacked {
			return Font{}, ErrFontSize
		}
		head := whole[12+16*i:]
		copy(head, entry[:4])
		copy(head[4:], entry[16:20])
		binary.BigEndian.PutUint32(head[8:], uint32(len(whole)))  //nolint:gosec // at most maxUnpacked
		binary.BigEndian.PutUint32(head[12:], uint32(len(table))) //nolint:gosec // at most maxUnpacked
		whole = append(whole, table...)
		whole = append(whole, make([]byte, -len(whole)&3)...)
	}
	font, err := readSFNT(whole, ".woff")
	return font, err
}

// unpackTable is one table of a WOFF file by its entry in the directory.
func unpackTable(data, entry []byte) ([]byte, error) {
	at, packed := int64(binary.BigEndian.Uint32(entry[4:])), int64(binary.BigEndian.Uint32(entry[8:]))
	length := int64(binary.BigEndian.Uint32(entry[12:]))
	if at+packed > int64(len(data)) || packed > length || length > maxUnpacked {
		return nil, fmt.Errorf("%w: table", ErrFontDamaged)
	}
	raw := data[at : at+packed]
	if packed == length {
		return raw, nil
	}
	r, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFontDamaged, err)
	}
	table, err := io.ReadAll(io.LimitReader(r, length+1))
	if err != nil || int64(len(table)) != length {
		return nil, fmt.Errorf("%w: table is not as long as it says", ErrFontDamaged)
	}
	return table, nil
}

// woff2Tags are the tables that WOFF 2.0 names by number (section 4.1), as far
// as they matter here.
const (
	woff2Cmap, woff2Head, woff2Glyf, woff2Loca, woff2CFF, woff2Fvar = 0, 1, 10, 11, 13, 47

	woff2Other = 63 // the tag is spelled out
)

// readWOFF2 reads the header and the table directory of WOFF 2.0 (sections 4
// and 5) and unpacks the tables, whose lengths must add up.
func readWOFF2(data []byte) (Font, error) {
	if len(data) < 48 || int64(binary.BigEndian.Uint32(data[8:])) != int64(len(data)) {
		return Font{}, fmt.Errorf("%w: length", ErrFontDamaged)
	}
	flavor := string(data[4:8])
	if flavor != "\x00\x01\x00\x00" && flavor != "OTTO" && flavor != "true" {
		return Font{}, fmt.Errorf("%w: flavor", ErrFontDamaged) // collections have no use on a page
	}
	directory := &reader{data: data[48:]}
	seen, total := map[string]bool{}, uint64(0)
	for range binary.BigEndian.Uint16(data[12:]) {
		tag, length := directory.table()
		if directory.bad || seen[tag] || length > maxUnpacked {
			return Font{}, fmt.Errorf("%w: tables", ErrFontDamaged)
		}
		seen[tag] = true
		total += length
	}
	if !seen["cmap"] || !seen["head"] || !seen["glyf"] && !seen["CFF "] && !seen["CFF2"] || total > maxUnpacked {
		return Font{}, fmt.Errorf("%w: no letters", ErrFontDamaged)
	}
	packed := uint64(binary.BigEndian.Uint32(data[20:]))
	if packed > uint64(len(directory.data)) {
		return Font{}, fmt.Errorf("%w: length", ErrFontDamaged)
	}
	unpacked := io.LimitReader(brotli.NewReader(bytes.NewReader(directory.data[:packed])), maxUnpacked+1)
	if n, err := io.Copy(io.Discard, unpacked); err != nil || uint64(n) != total { //nolint:gosec // a count of bytes
		return Font{}, fmt.Errorf("%w: the tables are not as long as they say", ErrFontDamaged)
	}
	return Font{Ending: ".woff2", Variable: seen["fvar"]}, nil
}

// reader takes a table directory apart.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.bad = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

// table reads one entry: its tag, and how long it is in the unpacked stream.
func (r *reader) table() (tag string, length uint64) {
	flags := r.byte()
	number, transform := int(flags&63), flags>>6
	switch {
	case number == woff2Other && len(r.data) >= 4:
		tag = string(r.data[:4])
		r.data = r.data[4:]
	case number == woff2Other:
		r.bad = true
	default:
		tag = woff2Name(number)
	}
	length = uint64(r.base128())
	// glyf and loca are transformed unless they say 3, other tables if they do
	// not say 0.
	outlines := tag == "glyf" || tag == "loca"
	if outlines && transform != 3 || !outlines && transform != 0 {
		length = uint64(r.base128())
	}
	return tag, length
}

func woff2Name(number int) string {
	switch number {
	case woff2Cmap:
		return "cmap"
	case woff2Head:
		return "head"
	case woff2Glyf:
		return "glyf"
	case woff2Loca:
		return "loca"
	case woff2CFF:
		return "CFF "
	case woff2Fvar:
		return "fvar"
	}
	return fmt.Sprintf("#%02d", number)
}

// base128 is a UIntBase128 (WOFF 2.0, section 4.1): at most five bytes, with no
// zeros before.
func (r *reader) base128() uint32 {
	var n uint32
	for i := range 5 {
		b := r.byte()
		if i == 0 && b == 0x80 || n&0xFE000000 != 0 {
			break
		}
		n = n<<7 | uint32(b&0x7F)
		if b&0x80 == 0 {
			return n
		}
	}
	r.bad = true
	return 0
}
